//! Chapter 10: one consent for everything that a person can share, a call of each API, and the end of the calls of a month.

use ponte_bank::channel::Decision;
use ponte_catalog::{Access, Row};
use ponte_machine::clock;
use ponte_participant::{DataRequest, NewConsent, Tokens};
use ponte_values::Permission;
use ponte_web::caller::{NoAnswer, Reply};
use serde_json::Value;

use crate::consent::{PendingConsent, TERM};
use crate::decision;
use crate::expect::{list, refused, require, served, status, text};
use crate::participants::Participants;
use crate::runner::{Aborted, Runner, Step};

/// The list whose calls of a month are used up.
static LOANS: &Row = &ponte_catalog::loans::LIST;
/// More calls than the stack of a demo allows a month.
const MOST: usize = 50;

/// The consent, and the receiver's access token for it.
pub(crate) struct Everything {
    pub(crate) consent: String,
    pub(crate) access: String,
}

/// Asks for it all, reads it, and uses up the calls of a month.
pub(crate) async fn read(
    runner: &mut Runner<'_>,
    participants: &Participants,
    asked: &PendingConsent,
) -> Result<Everything, Aborted> {
    runner.chapter("One consent for everything, a limit, and the gate");
    let consent = ask(runner, participants, &asked.token).await?;
    let everything = authorise(runner, participants, consent).await?;
    for row in first_calls() {
        call(runner, participants, &everything, row).await?;
    }
    use_up(runner, participants, &everything).await?;
    Ok(everything)
}

impl Everything {
    /// A call of the receiver.
    pub(crate) async fn get(
        &self,
        participants: &Participants,
        (path, template): (&str, &str),
    ) -> Result<Reply, NoAnswer> {
        let (token, consent) = (self.access.as_str(), self.consent.as_str());
        let asked = DataRequest { path, template, token, consent, without_interaction: false };
        participants.receiver.get(&asked).await
    }
}

async fn ask(runner: &mut Runner<'_>, participants: &Participants, token: &str) -> Result<String, Aborted> {
    let permissions: Vec<&str> = Permission::ALL
        .iter()
        .map(|permission| permission.as_str())
        .filter(|name| !name.starts_with("CUSTOMERS_BUSINESS_"))
        .collect();
    let step = Step {
        title: "A receiver asks for all that a person can share",
        from: "receiver",
        to: "ponte",
        call: "POST consents",
    };
    let expires = Some(clock::now().plus(TERM));
    let new = NewConsent { cpf: &participants.cpf, cnpj: None, permissions: &permissions, expires };
    let reply = runner.answer(&step, participants.receiver.create_consent(token, &new).await, |reply| {
        let body = served(reply, 201)?;
        let granted = list(&body, "/data/permissions")?.len();
        require(granted == permissions.len(), || format!("all {} permissions", permissions.len()))?;
        Ok(format!("{granted} permissions"))
    })?;
    text(&reply.json(), "/data/consentId").map(str::to_owned).map_err(|_| Aborted)
}

/// The way of chapters 3 and 4 once more, in one step.
async fn authorise(
    runner: &mut Runner<'_>,
    participants: &Participants,
    consent: String,
) -> Result<Everything, Aborted> {
    let step = Step {
        title: "The customer logs in and says yes to all of it",
        from: "browser",
        to: "ponte",
        call: "PAR, authorize, login, consent, resume, token",
    };
    let authorised = agree(runner.endpoints, participants, &consent).await;
    let authorised = authorised.map_err(|got| ("a customer who comes back with a code".to_owned(), got));
    let access = runner.fact(&step, authorised)?;
    Ok(Everything { consent, access })
}

/// The access token, and what there was to choose from.
async fn agree(
    endpoints: &Value,
    participants: &Participants,
    consent: &str,
) -> Result<(String, String), String> {
    let Participants { receiver, channel, device, .. } = participants;
    let authorization = receiver.begin(consent);
    let scope: Vec<&str> = first_calls().map(|row| row.api.name).collect();
    let pushed = got(201, receiver.push(&authorization, &scope.join(" ")).await)?.json();
    receiver.note_departure(&authorization, device);
    let link = receiver.authorization_url(text(&pushed, "/request_uri")?);
    let left = got(303, receiver.browse(&link).await)?;
    let interaction = decision::interaction_in(endpoints, &left).ok_or("a redirect to the login page")?;
    let login = channel.login(&interaction, &participants.channel_token, device).await;
    let offered = got(200, login)?.json();
    let of = |kind: &str| {
        let resources = offered["data"]["resources"].as_array().into_iter().flatten();
        resources.filter(|resource| resource["type"] == kind).count()
    };
    let chosen = format!("{} accounts and {} cards one by one", of("ACCOUNT"), of("CREDIT_CARD_ACCOUNT"));
    let decided = got(200, channel.consent(&interaction, &Decision::default(), device).await)?.json();
    let back = got(303, receiver.come_back(text(&decided, "/data/redirectUri")?).await)?;
    let location = back.header("location").unwrap_or_default();
    let callback = receiver.arrive(&authorization, location, device).map_err(|fault| fault.to_string())?;
    let traded = got(200, receiver.code_token(&authorization, &callback.code).await)?;
    let tokens = Tokens::of(&traded).ok_or("access_token and expires_in")?;
    Ok((tokens.access, format!("{chosen}, all others as they are found")))
}

/// The answer, if it has this status; what came instead otherwise.
fn got(wanted: u16, result: Result<Reply, NoAnswer>) -> Result<Reply, String> {
    let reply = result.map_err(|problem| problem.reason)?;
    status(&reply, wanted).map_err(|_| format!("{} {} {}", reply.url, reply.status, reply.excerpt()))?;
    Ok(reply)
}

/// The first endpoint of each data API: a list, or the customer's registration.
fn first_calls() -> impl Iterator<Item = &'static Row> {
    let of_consents =
        |row: &&Row| matches!(row.access, Access::Customer(customer) if customer.permission.is_some());
    ponte_catalog::ALL.iter().filter_map(move |rows| rows.iter().copied().find(of_consents))
}

/// One call, told in one line.
async fn call(
    runner: &mut Runner<'_>,
    participants: &Participants,
    everything: &Everything,
    row: &Row,
) -> Result<(), Aborted> {
    let step = Step {
        title: &format!("It reads the API {} {}", row.api.name, row.api.version),
        from: "receiver",
        to: "ponte",
        call: &named(row),
    };
    let reply = everything.get(participants, (row.template, row.template)).await;
    runner
        .brief(&step, reply, |reply| {
            let body = served(reply, 200)?;
            let version = reply.header("x-v");
            require(version == Some(row.api.version), || format!("x-v {} (C54)", row.api.version))?;
            let records = list(&body, "/data")?.len();
            require(records > 0, || "a record of a customer who has every product".into())?;
            Ok(format!("{records} record{}", if records == 1 { "" } else { "s" }))
        })
        .map(drop)
}

/// The call of a row without what all of them begin with, and without saying a name twice.
fn named(row: &Row) -> String {
    let (api, path) = (row.api.name, row.template.strip_prefix(row.api.base).unwrap_or_default());
    if path.trim_start_matches('/') == api { format!("GET {api}") } else { format!("GET {api}{path}") }
}

/// Reads the loans until the month's calls are used up (L06).
async fn use_up(
    runner: &mut Runner<'_>,
    participants: &Participants,
    everything: &Everything,
) -> Result<(), Aborted> {
    let at = (LOANS.template, LOANS.template);
    // The call of this API before.
    let mut answered = 1;
    let mut result = everything.get(participants, at).await;
    while answered < MOST && result.as_ref().is_ok_and(|reply| reply.status == 200) {
        answered += 1;
        result = everything.get(participants, at).await;
    }
    let step = Step {
        title: "It asks again, beyond the limit of the month",
        from: "receiver",
        to: "ponte",
        call: &named(LOANS),
    };
    runner
        .answer(&step, result, |reply| {
            refused(reply, 423)?;
            let anew = clock::now().end_of_month_brasilia();
            let body = reply.json();
            let detail = text(&body, "/errors/0/detail")?;
            let limit = format!("O limite de {answered} ");
            require(detail.contains(&limit) && detail.contains(&anew.to_string()), || {
                format!("a detail that names {answered} calls and {anew} (L06)")
            })?;
            let seconds = reply.header("retry-after").ok_or("the header Retry-After")?;
            Ok(format!("{answered} answered this month; again from {anew}, Retry-After {seconds} s"))
        })
        .map(drop)
}
