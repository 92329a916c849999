//! Chapter 8: another customer decides in the institution's app, by the command loop. One of his accounts has a second
//! owner.

use ponte_bank::app::App;
use ponte_bank::customers::{CUSTOMERS, Customer};
use ponte_machine::clock;
use ponte_participant::{NewConsent, Tokens};
use ponte_web::caller::Reply;
use serde_json::{Value, json};

use crate::consent::{PERMISSIONS, PendingConsent, TERM};
use crate::decision;
use crate::expect::{list, require, served, status, text};
use crate::participants::Participants;
use crate::runner::{Aborted, Runner, Step};

/// The customer of this chapter: he shares an account with the one of the first chapters.
pub(crate) const CUSTOMER: &Customer = &CUSTOMERS[1];

/// The consent that he gave, and the receiver's tokens for it.
pub(crate) struct Shared {
    pub(crate) consent: String,
    pub(crate) tokens: Tokens,
}

/// From the consent to the tokens, through the app.
pub(crate) async fn decide(
    runner: &mut Runner<'_>,
    participants: &Participants,
    asked: &PendingConsent,
) -> Result<Shared, Aborted> {
    runner.chapter("Another customer decides in the institution's app");
    let consent = ask(runner, participants, &asked.token).await?;
    let authorization = participants.receiver.begin(&consent);
    let link = decision::push(runner, participants, &authorization).await?;
    let interaction = take_over(runner, participants, &link).await?;
    let jti = authenticate(runner, participants, &interaction).await?;
    let products = identify(runner, participants, &interaction, &jti).await?;
    let way_back = choose(runner, participants, &interaction, &products).await?;
    let decision::Authorised { authorization, callback } =
        decision::arrive(runner, participants, authorization, &way_back).await?;
    let step =
        Step { title: "The code becomes tokens", from: "receiver", to: "ponte", call: "POST /auth/token" };
    let traded = participants.receiver.code_token(&authorization, &callback.code).await;
    let reply = runner.answer(&step, traded, |reply| {
        status(reply, 200)?;
        Tokens::of(reply).ok_or("access_token and expires_in")?;
        Ok(String::new())
    })?;
    Ok(Shared { consent, tokens: Tokens::of(&reply).ok_or(Aborted)? })
}

async fn ask(runner: &mut Runner<'_>, participants: &Participants, token: &str) -> Result<String, Aborted> {
    let step = Step {
        title: "The receiver asks for a consent of his",
        from: "receiver",
        to: "ponte",
        call: "POST consents",
    };
    let expires = Some(clock::now().plus(TERM));
    let new = NewConsent { cpf: CUSTOMER.cpf, cnpj: CUSTOMER.cnpj, permissions: PERMISSIONS, expires };
    let reply = runner.answer(&step, participants.receiver.create_consent(token, &new).await, |reply| {
        text(&served(reply, 201)?, "/data/consentId").map(str::to_owned)
    })?;
    text(&reply.json(), "/data/consentId").map(str::to_owned).map_err(|_| Aborted)
}

/// The phone opens the link in the app; the interaction id.
async fn take_over(
    runner: &mut Runner<'_>,
    participants: &Participants,
    link: &str,
) -> Result<String, Aborted> {
    let step = Step {
        title: "His phone opens the link in the app, which takes over",
        from: "app",
        to: "ponte",
        call: "GET /auth/authorize",
    };
    let interaction = |reply: &Reply| {
        let (_, id) = reply.header("location")?.rsplit_once("/auth/app/commands/")?;
        Some(id.to_owned())
    };
    let reply = runner.answer(&step, participants.app.take_over(link).await, |reply| {
        status(reply, 303)?;
        interaction(reply)
            .map(|id| format!("command {id}"))
            .ok_or_else(|| "a redirect to the first command".into())
    })?;
    interaction(&reply).ok_or(Aborted)
}

/// The app reads the next command; the `jti` that the back end must sign.
async fn authenticate(
    runner: &mut Runner<'_>,
    participants: &Participants,
    interaction: &str,
) -> Result<String, Aborted> {
    let step = Step {
        title: "The app asks what is due: authenticate the customer",
        from: "app",
        to: "ponte",
        call: "GET /auth/app/commands/{id}",
    };
    let reply = runner.answer(&step, participants.app.command(interaction).await, |reply| {
        command(&reply.json(), "authenticate")?;
        Ok("with the jti that the answer must carry".into())
    })?;
    text(&reply.json(), "/authenticateCommand/jti").map(str::to_owned).map_err(|_| Aborted)
}

/// The back end signs who the customer is, for this interaction alone; ids of the products he may share.
async fn identify(
    runner: &mut Runner<'_>,
    participants: &Participants,
    interaction: &str,
    jti: &str,
) -> Result<Vec<String>, Aborted> {
    let call = "PUT commands/{id}/authentication";
    let step =
        Step { title: "A signature for another interaction is refused", from: "app", to: "ponte", call };
    let other = participants.app.signed(&App::claims(CUSTOMER, &clock::new_id()));
    runner.answer(
        &step,
        participants.app.authenticate(interaction, &other, &participants.device).await,
        |reply| {
            status(reply, 401)?;
            text(&reply.json(), "/errors/0/code").map(str::to_owned)
        },
    )?;
    let step =
        Step { title: "The back end signs who he is, the app passes it on", from: "app", to: "ponte", call };
    let jwt = participants.app.signed(&App::claims(CUSTOMER, jti));
    let sent = participants.app.authenticate(interaction, &jwt, &participants.device).await;
    let offered = |body: &Value| list(body, "/consentCommand/consent/resources").cloned();
    let reply = runner.answer(&step, sent, |reply| {
        let body = reply.json();
        command(&body, "consent")?;
        let products = offered(&body)?;
        let joint = products.iter().filter(|product| product["hasMultipleAuthorisers"] == true).count();
        require(joint > 0, || "a product with several authorisers (C60)".into())?;
        Ok(format!("due: consent; {} products, {joint} of them also another person's", products.len()))
    })?;
    let ids = offered(&reply.json()).map_err(|_| Aborted)?;
    Ok(ids.iter().filter_map(|product| product["id"].as_str().map(str::to_owned)).collect())
}

/// He shares everything; the URL on which the browser goes on.
async fn choose(
    runner: &mut Runner<'_>,
    participants: &Participants,
    interaction: &str,
    products: &[String],
) -> Result<String, Aborted> {
    let step =
        Step { title: "He shares all of them", from: "app", to: "ponte", call: "PUT commands/{id}/consent" };
    let sent = participants.app.consent(interaction, products, &participants.device).await;
    let place = "/completedCommand/redirect/redirectTo";
    let reply = runner.answer(&step, sent, |reply| {
        let body = reply.json();
        command(&body, "completed")?;
        text(&body, place).map(|_| "due: nothing more".to_owned())
    })?;
    text(&reply.json(), place).map(str::to_owned).map_err(|_| Aborted)
}

/// The body carries this command.
fn command(body: &Value, wanted: &str) -> Result<(), String> {
    require(body["command"] == json!(wanted), || format!("the command {wanted}"))
}
