//! The end of chapter 10: the bank sends a record that breaks the standard, and the gate lets nothing of it out.

use serde_json::json;

use crate::data::ACCOUNTS;
use crate::everything::Everything;
use crate::expect::{list, refused, require, status, text};
use crate::metrics::StackClient;
use crate::participants::Participants;
use crate::runner::{Aborted, Runner, Step};

/// The operation of the integration layer that goes wrong once.
const OPERATION: &str = "/accounts/balances";
/// An amount that is a number, where the standard has a text.
const BALANCES: &str = r#"{
    "data": {
        "availableAmount": { "amount": 1234.5, "currency": "BRL" },
        "blockedAmount": { "amount": "0.00", "currency": "BRL" },
        "automaticallyInvestedAmount": { "amount": "0.00", "currency": "BRL" },
        "updateDateTime": "2026-03-02T12:00:00Z"
    },
    "meta": { "totalRecords": 1, "totalPages": 1, "requestDateTime": "2026-03-02T12:00:00Z" }
}"#;
/// Where that is.
const FIELD: &str = "data.availableAmount.amount";

/// Orders the record, asks for it in vain, and reads what was found. `account` is one that the same customer has shared before: its
/// id is the same under each consent.
pub(crate) async fn catch(
    runner: &mut Runner<'_>,
    participants: &Participants,
    everything: &Everything,
    account: &str,
) -> Result<(), Aborted> {
    let client = StackClient::of(runner.endpoints).map_err(|_| Aborted)?;
    let step = Step {
        title: "The bank's next balance will be a number, not a text",
        from: "demo",
        to: "bank",
        call: "POST sandbox/faults",
    };
    let fault = json!({ "kind": "body", "body": BALANCES, "path": OPERATION, "times": 1 });
    let bank = text(runner.endpoints, "/bank_core").unwrap_or_default();
    runner.answer(&step, client.order(bank, &fault).await, |reply| {
        status(reply, 200).map(|()| format!("one answer of {OPERATION}"))
    })?;

    let step = Step {
        title: "The gate lets nothing of it out",
        from: "receiver",
        to: "ponte",
        call: "GET accounts/{id}/balances",
    };
    let path = format!("{ACCOUNTS}/{account}/balances");
    let template = format!("{ACCOUNTS}/{{accountId}}/balances");
    let reply = everything.get(participants, (&path, &template)).await;
    runner.answer(&step, reply, |reply| refused(reply, 500))?;

    let step = Step {
        title: "The back office reads which field broke which rule",
        from: "office",
        to: "ponte",
        call: "GET oob-quality/v1/findings",
    };
    runner
        .answer(&step, participants.office.findings("accounts").await, |reply| {
            status(reply, 200)?;
            let body = reply.json();
            let told = list(&body, "/data")?;
            let found = told.iter().flat_map(|day| day["findings"].as_array().into_iter().flatten());
            let one = found.clone().find(|one| one["path"] == FIELD);
            let one = one.ok_or_else(|| format!("a finding at {FIELD}"))?;
            require(!body.to_string().contains("1234.5"), || "no value of a record".into())?;
            Ok(format!("{FIELD}: {}, counted by day; never a value", text(one, "/rule")?))
        })
        .map(drop)
}
