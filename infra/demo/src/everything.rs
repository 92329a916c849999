//! Chapter 10: one consent for everything that a person can share, a call of each API, and the end of the calls of a month.

use ponte_bank::channel::Decision;
use ponte_catalog::{Access, Row};
use ponte_machine::clock;
use ponte_participant::{DataRequest, NewConsent};
use ponte_values::Permission;
use ponte_web::caller::{NoAnswer, Reply};
use serde_json::Value;

use crate::consent::{PendingConsent, TERM};
use crate::decision;
use crate::expect::{list, refused, require, served, text};
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
    let scope: Vec<&str> = first_calls().map(|row| row.api.name).collect();
    let (scope, all) = (scope.join(" "), |offered: &Value| Ok(choose(offered)));
    let agreed = decision::agree(runner.endpoints, participants, (&consent, &scope), all).await;
    let agreed = agreed.map_err(|got| ("a customer who comes back with a code".to_owned(), got));
    let access = runner.fact(&step, agreed)?;
    Ok(Everything { consent, access })
}

/// A yes to all, and what there was to choose from.
fn choose(offered: &Value) -> (Decision, String) {
    let of = |kind: &str| {
        let resources = offered["data"]["resources"].as_array().into_iter().flatten();
        resources.filter(|resource| resource["type"] == kind).count()
    };
    let chosen = format!("{} accounts and {} cards one by one", of("ACCOUNT"), of("CREDIT_CARD_ACCOUNT"));
    (Decision::default(), format!("{chosen}, all others as they are found"))
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
