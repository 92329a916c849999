//! What each report says, rule by rule.

use std::time::Duration;

use ponte_ports::outbox::OutboxRow;
use ponte_values::{
    ConsentId, Device, InteractionId, Moment, OperatingSystem, OrganisationId, Platform, SoftwareStatementId,
};
use serde_json::Value;

use super::*;

mod calls;
mod days;
mod funnel;

const INTERACTION: &str = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
const OWN: &str = "11111111-1111-4111-8111-111111111111";
const OTHER: &str = "22222222-2222-4222-8222-222222222222";
const STATEMENT: &str = "33333333-3333-4333-8333-333333333333";

fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

fn noon() -> Moment {
    at("2026-03-01T12:00:00Z")
}

fn organisation(id: &str) -> OrganisationId {
    OrganisationId::parse(id).unwrap()
}

fn interaction() -> InteractionId {
    InteractionId::parse(INTERACTION).unwrap()
}

fn consent() -> ConsentId {
    ConsentId::parse("urn:banco:1").unwrap()
}

fn served() -> ServerFacts<'static> {
    ServerFacts {
        interaction: interaction(),
        endpoint: "/open-banking/accounts/v2/accounts",
        method: "GET",
        status: 200,
        arrived: noon(),
        answered: noon(),
        client: organisation(OTHER),
        server: organisation(OWN),
    }
}

fn made() -> ClientFacts<'static> {
    ClientFacts {
        interaction: Some(interaction()),
        endpoint: "/open-banking/accounts/v2/accounts/{accountId}",
        method: "GET",
        outcome: CallOutcome::Answered(200),
        url: "https://api.banco.example/open-banking/accounts/v2/accounts/92792126",
        sent: noon(),
        span: Duration::from_millis(120),
        client: organisation(OWN),
        statement: SoftwareStatementId::parse(STATEMENT).unwrap(),
        server: organisation(OTHER),
        correlation: None,
        info: AdditionalInfo::none(),
    }
}

/// The item that a row carries.
fn item(row: &OutboxRow) -> Value {
    serde_json::from_str(&row.body).unwrap()
}

fn report(call: ClientFacts<'_>) -> Value {
    item(&ClientReport::of(call).unwrap().into_row("1".to_owned(), noon()).unwrap())
}
