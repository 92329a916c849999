//! Reports about customers: why they got no further (M38), and how many have consents (M50).

use std::time::Duration;

use ponte_authorization::search_keys::SearchKeys;
use ponte_bank::customers::CUSTOMERS;
use ponte_data_consent::consent::{Authorisation, Consent, NewConsent as New, RejectedBy};
use ponte_data_consent::ports::Consents as _;
use ponte_kit::examples;
use ponte_machine::clock;
use ponte_metrics::ledger::day;
use ponte_participant::NewConsent;
use ponte_ports::audit::Actor;
use ponte_store::{ConsentTable, Dynamo, TrailTables};
use ponte_values::{ClientId, ConsentId, InstitutionId, Moment, OrganisationId};
use ponte_web::caller::Call;
use serde_json::{Value, json};

use super::pipeline::{ReportPipeline, dynamodb};
use crate::journeys::steps::{World, want};
use crate::stack::Stack;

const PERMISSIONS: [&str; 3] = ["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"];
/// Nobody's customer.
const STRANGER: &str = "52998224725";

/// Creates a consent and says under which interaction.
async fn create(world: &World, token: &str, cpf: &str, cnpj: Option<&str>) -> String {
    let asked = NewConsent { cpf, cnpj, permissions: &PERMISSIONS, expires: None };
    let reply = world.receiver.create_consent(token, &asked).await.expect("the consents API answers");
    let reply = want(201, "create consent", reply);
    reply.header("x-fapi-interaction-id").expect("S31").to_owned()
}

/// The institution's own report of an interaction.
async fn told(pipeline: &ReportPipeline, interaction: &str) -> Value {
    let reply = pipeline.institution.reports_of(interaction).await.expect("the platform answers");
    let reports = want(200, "query", reply).json();
    let own = reports.as_array().expect("a list").iter().filter(|report| report["role"] == "SERVER");
    let own: Vec<&Value> = own.collect();
    assert_eq!(own.len(), 1, "{reports:#}");
    own[0].clone()
}

#[tokio::test]
async fn m38_the_platform_hears_what_became_of_each_customer() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let (world, pipeline) = (World::around(&stack).await, ReportPipeline::of(&stack));
    let own = world.client_token().await;
    let faults = format!("{}/sandbox/faults", stack.text("/bank_core"));
    let order = async |fault: Value| {
        let reply = world.plain.send(Call::post_json(&faults, &fault)).await;
        want(200, "fault", reply.expect("the control endpoint answers"));
    };
    // Who cannot tell presumes nothing.
    let unsure = r#"{"data":{"isAccountHolder":null}}"#;
    order(json!({"kind": "body", "body": unsure, "path": "/check-account-holder", "times": 1})).await;
    let doubtful = create(&world, &own, STRANGER, None).await;
    world.tick("expiry").await;
    // The next question finds the bank closed and is asked again.
    order(json!({"kind": "status", "status": 503, "path": "/check-account-holder", "times": 1})).await;
    let (ana, bakery) = (CUSTOMERS[0].cpf, CUSTOMERS[2].cnpj);
    let reasons = [
        (doubtful, "CREDENTIAL_UNAVAILABLE"),
        (create(&world, &own, ana, None).await, "NONE"),
        (create(&world, &own, STRANGER, None).await, "NO_CREDENTIAL"),
        (create(&world, &own, CUSTOMERS[2].cpf, bakery).await, "NONE"),
        (create(&world, &own, CUSTOMERS[2].cpf, None).await, "NO_AUTHORITY"),
        (create(&world, &own, ana, bakery).await, "NO_AUTHORITY_PERSON_MISMATCH"),
    ];
    // A refused request looked nobody up.
    let asked = NewConsent { cpf: ana, cnpj: None, permissions: &["ACCOUNTS_READ"], expires: None };
    let reply = world.receiver.create_consent(&own, &asked).await.expect("the consents API answers");
    let refused = want(422, "half a group (C21)", reply);
    let refused = refused.header("x-fapi-interaction-id").expect("S31").to_owned();
    let mut interactions: Vec<String> = reasons.iter().map(|(interaction, _)| interaction.clone()).collect();
    interactions.push(refused.clone());
    world.tick("expiry").await;
    world.sweep_until_all_arrived(&interactions).await;
    for (interaction, reason) in &reasons {
        let report = told(&pipeline, interaction).await;
        assert_eq!(report["additionalInfo"], json!({ "dropReason": reason }), "{report:#}");
    }
    assert!(told(&pipeline, &refused).await.get("additionalInfo").is_none());
    assert_eq!(pipeline.summary().await["private"]["byStatus"]["DISCARDED"].as_u64().unwrap_or_default(), 0);
}

/// A consent of yesterday noon, put into the stack's table as the functions would.
struct Archive {
    table: ConsentTable,
    noon: Moment,
}

impl Archive {
    fn of(stack: &Stack) -> Self {
        let name = |name: &str| stack.text(&format!("/functions/consents/env/{name}")).to_owned();
        let institution = InstitutionId::parse(&name("INSTITUTION")).expect("an institution");
        let commit = TrailTables { outbox: name("OUTBOX_TABLE"), audit: name("AUDIT_TABLE") };
        let dynamo = Dynamo::new(dynamodb(stack), &institution);
        let today = clock::now().date_brasilia();
        Self {
            table: ConsentTable::committing(&dynamo, &name("CONSENTS_TABLE"), commit),
            noon: day::begins(today.plus_days(-1)).plus(Duration::from_hours(12)),
        }
    }

    /// Agreed to so many hours after noon.
    async fn agreed(&self, receiver: &str, person: &str, company: Option<&str>, hours: u64) -> Consent {
        let new = New {
            id: ConsentId::parse(&format!("urn:ponte-bank:{}", clock::new_id())).expect("an id"),
            client: ClientId::parse("client").expect("a client"),
            organisation: OrganisationId::parse(receiver).expect("an organisation"),
            search: SearchKeys { person: person.to_owned(), company: company.map(str::to_owned) },
        };
        let at = self.noon.plus(Duration::from_hours(hours));
        let change = examples::created_for(new, STRANGER, at);
        let consent = change.consent.clone();
        self.table.commit(change.commit(clock::new_id(), None)).await.expect("it is stored");
        let yes = Authorisation { at, subject: "subject".to_owned(), resources: Vec::new().into() };
        let change = consent.authorise(yes, Actor::Ponte).expect("it waits");
        let consent = change.consent.clone();
        self.table.commit(change.commit(clock::new_id(), None)).await.expect("it is stored");
        consent
    }

    async fn revoke(&self, consent: Consent, hours: u64) {
        let at = self.noon.plus(Duration::from_hours(hours));
        let change = consent.revoke(RejectedBy::User, Actor::Ponte, at).expect("it is in force");
        self.table.commit(change.commit(clock::new_id(), None)).await.expect("it is stored");
    }
}

#[tokio::test]
async fn m50_the_stock_of_yesterday_arrives_once_however_often_it_is_taken() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let (world, pipeline, archive) =
        (World::around(&stack).await, ReportPipeline::of(&stack), Archive::of(&stack));
    let receiver = pipeline.participant.organisation();
    let other = stack.text("/clients/1/organisation_id");
    for (receiver, person, company) in [
        (receiver, "ana", None),
        (other, "ana", None),
        (receiver, "bruno", None),
        (receiver, "ana", Some("bakery")),
    ] {
        archive.agreed(receiver, person, company, 0).await;
    }
    let before = archive.agreed(receiver, "carla", None, 0).await;
    archive.revoke(before, 1).await;
    let after = archive.agreed(receiver, "carla", None, 0).await;
    archive.revoke(after, 12).await;
    archive.agreed(receiver, "too late", None, 12).await;
    let date = archive.noon.date_brasilia().to_string();
    for _ in 0..2 {
        world.tick("stock").await;
    }
    let summary = pipeline.until("the stock", 90, |summary| summary["stock"]["days"][0].is_object()).await;
    let days = summary["stock"]["days"].as_array().expect("a list");
    assert_eq!(days.len(), 1, "{days:#?}");
    let taken = (&days[0]["date"], &days[0]["role"], &days[0]["consents"]);
    assert_eq!(taken, (&json!(date), &json!("SERVER"), &json!(5)));
}
