//! Chapter 3: the customer is sent to the institution, logs in there, says yes and comes back.

use ponte_bank::channel::Decision;
use ponte_participant::{Authorization, Callback, Tokens};
use ponte_web::caller::{NoAnswer, Reply};
use serde_json::Value;

use crate::consent::PendingConsent;
use crate::expect::{list, require, status, text};
use crate::participants::Participants;
use crate::runner::{Aborted, Runner, Step};

/// The customer said yes, and the receiver has the code.
pub(crate) struct Authorised {
    pub(crate) authorization: Authorization,
    pub(crate) callback: Callback,
}

/// From the pushed request to the code.
pub(crate) async fn decide(
    runner: &mut Runner<'_>,
    participants: &Participants,
    asked: &PendingConsent,
) -> Result<Authorised, Aborted> {
    runner.chapter("The customer decides");
    let authorization = participants.receiver.begin(&asked.consent);
    let interaction = depart(runner, participants, &authorization).await?;
    let way_back = consent(runner, participants, &interaction).await?;
    arrive(runner, participants, authorization, &way_back).await
}

/// The pushed request; where the customer is sent with it.
pub(crate) async fn push(
    runner: &mut Runner<'_>,
    participants: &Participants,
    authorization: &Authorization,
) -> Result<String, Aborted> {
    let encrypts = participants.receiver.encrypts_requests();
    let step = Step {
        title: "It pushes a signed and encrypted request object",
        from: "receiver",
        to: "ponte",
        call: "POST /auth/par",
    };
    let pushed = participants.receiver.push(authorization, "accounts resources").await;
    let reply = runner.answer(&step, pushed, |reply| {
        status(reply, 201)?;
        let body = reply.json();
        let uri = text(&body, "/request_uri")?;
        require(uri.starts_with("urn:ietf:params:oauth:request_uri:"), || "a request_uri (S03)".into())?;
        let life = body["expires_in"].as_i64().unwrap_or_default();
        require(life >= 60, || "expires_in of 60 or more (S05)".into())?;
        require(encrypts, || "a discovery document that asks for encryption (S04)".into())?;
        Ok(format!("code id_token, PKCE S256; PS256 in RSA-OAEP, A256GCM; the request_uri lives {life} s"))
    })?;
    participants.receiver.note_departure(authorization, &participants.device);
    let body = reply.json();
    Ok(participants.receiver.authorization_url(text(&body, "/request_uri").map_err(|_| Aborted)?))
}

/// The browser on its way to the institution's login page.
async fn depart(
    runner: &mut Runner<'_>,
    participants: &Participants,
    authorization: &Authorization,
) -> Result<String, Aborted> {
    let link = push(runner, participants, authorization).await?;
    let step = Step {
        title: "The customer's browser is sent to the institution",
        from: "browser",
        to: "ponte",
        call: "GET /auth/authorize",
    };
    let endpoints = runner.endpoints;
    let interaction = participants.receiver.browse(&link).await;
    let reply = runner.answer(&step, interaction, |reply| {
        status(reply, 303)?;
        let interaction = interaction_in(endpoints, reply).ok_or("a redirect to the login page")?;
        Ok(format!("interaction {interaction}"))
    })?;
    let interaction = interaction_in(endpoints, &reply).ok_or(Aborted)?;

    let step =
        Step { title: "The institution's login page opens", from: "browser", to: "bank", call: "GET /login" };
    let page = participants.receiver.browse(reply.header("location").unwrap_or_default()).await;
    runner.answer(&step, page, |reply| {
        status(reply, 200)?;
        let shown = String::from_utf8_lossy(&reply.body).contains(&interaction);
        require(shown, || "a page for this interaction".into()).map(|()| String::new())
    })?;
    Ok(interaction)
}

/// The interaction in a redirect to the institution's login page.
pub(crate) fn interaction_in(endpoints: &Value, reply: &Reply) -> Option<String> {
    let (before, after) = text(endpoints, "/channel/login_url").ok()?.split_once("<IDENTIFICADOR>")?;
    reply.header("location")?.strip_prefix(before)?.strip_suffix(after).map(str::to_owned)
}

/// Shows the consent, logs the customer in and approves; the URL on which the browser goes on.
async fn consent(
    runner: &mut Runner<'_>,
    participants: &Participants,
    interaction: &str,
) -> Result<String, Aborted> {
    show(runner, participants, interaction).await?;
    let resources = log_in(runner, participants, interaction).await?;
    share(runner, participants, interaction, resources).await
}

/// The channel reads the consent before anybody has logged in.
async fn show(
    runner: &mut Runner<'_>,
    participants: &Participants,
    interaction: &str,
) -> Result<(), Aborted> {
    let step = Step {
        title: "The channel learns who asks for what",
        from: "channel",
        to: "ponte",
        call: "GET interactions/{id}",
    };
    let receiver = participants.receiver.record().organisation_name.as_str();
    let shown = runner.answer(&step, participants.channel.show(interaction).await, |reply| {
        status(reply, 200)?;
        let body = reply.json();
        let permissions = list(&body, "/data/permissions")?.len();
        require(text(&body, "/data/clientName")? == receiver, || format!("the name {receiver}"))?;
        require(body.pointer("/data/resources").is_none_or(Value::is_null), || {
            "no accounts before the login".into()
        })?;
        Ok(format!("{receiver}, {permissions} permissions in plain words"))
    });
    shown.map(drop)
}

/// The customer's login; the accounts to choose from.
async fn log_in(
    runner: &mut Runner<'_>,
    participants: &Participants,
    interaction: &str,
) -> Result<Vec<String>, Aborted> {
    let step = Step {
        title: "The customer logs in at the institution",
        from: "channel",
        to: "ponte",
        call: "POST interactions/{id}/login",
    };
    let login =
        participants.channel.login(interaction, &participants.channel_token, &participants.device).await;
    let reply = runner.answer(&step, login, |reply| {
        status(reply, 200)?;
        let accounts = list(&reply.json(), "/data/resources")?.len();
        require(accounts > 0, || "accounts to choose from".into())?;
        Ok(format!("the CPF is the one of the consent; {accounts} accounts to choose from"))
    })?;
    let body = reply.json();
    let resources = body["data"]["resources"].as_array().into_iter().flatten();
    Ok(resources.filter_map(|resource| resource["id"].as_str().map(str::to_owned)).collect())
}

/// The customer's yes to these accounts; the URL on which the browser goes on.
async fn share(
    runner: &mut Runner<'_>,
    participants: &Participants,
    interaction: &str,
    resources: Vec<String>,
) -> Result<String, Aborted> {
    let step = Step {
        title: "The customer shares the accounts",
        from: "channel",
        to: "ponte",
        call: "POST interactions/{id}/consent",
    };
    let yes = Decision { resources: Some(resources), ..Decision::default() };
    let reply = runner.answer(
        &step,
        participants.channel.consent(interaction, &yes, &participants.device).await,
        |reply| {
            status(reply, 200)?;
            let body = reply.json();
            require(text(&body, "/data/status")? == "AUTHORISED", || "status AUTHORISED (C03)".into())?;
            text(&body, "/data/redirectUri").map(|_| String::new())
        },
    )?;
    text(&reply.json(), "/data/redirectUri").map(str::to_owned).map_err(|_| Aborted)
}

/// Back at the receiver, with the code in the fragment.
pub(crate) async fn arrive(
    runner: &mut Runner<'_>,
    participants: &Participants,
    authorization: Authorization,
    way_back: &str,
) -> Result<Authorised, Aborted> {
    let step = Step {
        title: "The browser is sent back to the receiver",
        from: "browser",
        to: "ponte",
        call: "GET /auth/resume",
    };
    let callback_uri = authorization.redirect_uri.clone();
    let reply = runner.answer(&step, participants.receiver.come_back(way_back).await, |reply| {
        status(reply, 303)?;
        let location = reply.header("location").unwrap_or_default();
        require(location.starts_with(&format!("{callback_uri}#")), || {
            format!("a redirect to {callback_uri} with a fragment (S06)")
        })?;
        Ok("code, id_token and state are in the fragment".into())
    })?;

    let step = Step {
        title: "It opens the id_token: it is its own and fits the code",
        from: "receiver",
        to: "itself",
        call: "RSA-OAEP, A256GCM, PS256",
    };
    let location = reply.header("location").unwrap_or_default();
    let result = participants.receiver.arrive(&authorization, location, &participants.device);
    let callback = runner.fact(
        &step,
        result
            .map(|callback| {
                let note = format!("nonce, c_hash and s_hash hold; acr {}", callback.id_token.acr.as_str());
                (callback, note)
            })
            .map_err(|fault| {
                ("an encrypted, signed id_token for this interaction (S14)".into(), fault.to_string())
            }),
    )?;
    Ok(Authorised { authorization, callback })
}

/// The way of this chapter and the next once more, for a consent with this scope, whose decision `choose` takes from the answer to the login: the access
/// token, and what `choose` says of it.
pub(crate) async fn agree(
    endpoints: &Value,
    participants: &Participants,
    (consent, scope): (&str, &str),
    choose: impl FnOnce(&Value) -> Result<(Decision, String), String>,
) -> Result<(String, String), String> {
    let Participants { receiver, channel, device, .. } = participants;
    let authorization = receiver.begin(consent);
    let pushed = got(201, receiver.push(&authorization, scope).await)?.json();
    receiver.note_departure(&authorization, device);
    let link = receiver.authorization_url(text(&pushed, "/request_uri")?);
    let left = got(303, receiver.browse(&link).await)?;
    let interaction = interaction_in(endpoints, &left).ok_or("a redirect to the login page")?;
    let login = channel.login(&interaction, &participants.channel_token, device).await;
    let (decision, chosen) = choose(&got(200, login)?.json())?;
    let decided = got(200, channel.consent(&interaction, &decision, device).await)?.json();
    let back = got(303, receiver.come_back(text(&decided, "/data/redirectUri")?).await)?;
    let location = back.header("location").unwrap_or_default();
    let callback = receiver.arrive(&authorization, location, device).map_err(|fault| fault.to_string())?;
    let traded = got(200, receiver.code_token(&authorization, &callback.code).await)?;
    let tokens = Tokens::of(&traded).ok_or("access_token and expires_in")?;
    Ok((tokens.access, chosen))
}

/// The answer, if it has this status; what came instead otherwise.
fn got(wanted: u16, result: Result<Reply, NoAnswer>) -> Result<Reply, String> {
    let reply = result.map_err(|problem| problem.reason)?;
    status(&reply, wanted).map_err(|_| format!("{} {} {}", reply.url, reply.status, reply.excerpt()))?;
    Ok(reply)
}
