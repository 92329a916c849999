//! The consents of some clients in a real table: all of them that are alive, of nobody else, page by page.

use std::collections::BTreeSet;

use ponte_authorization::search_keys::SearchKeys;
use ponte_authorization::target::Target;
use ponte_data_consent::consent::{Consent, NewConsent, RejectedBy};
use ponte_data_consent::ports::Consents as _;
use ponte_kit::examples::{authorisation, client_id, created_for, institution, now};
use ponte_ports::audit::Actor;
use ponte_values::{ConsentId, OrganisationId, TargetKind};

use super::super::record;
use super::*;
use crate::targets::{StoredStatus, StoredTarget, TargetTable};
use crate::testing::{Database, consent_table};

fn consent(client: &str, number: usize) -> Consent {
    let new = NewConsent {
        id: ConsentId::mint(&institution(), &format!("{client}-{number}")).unwrap(),
        client: ClientId::parse(client).unwrap(),
        organisation: OrganisationId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").unwrap(),
        // Long, so that a few thousand fill several pages.
        search: SearchKeys { person: "person-key".repeat(90), company: None },
    };
    created_for(new, "12345678909", now()).consent
}

async fn found(table: &ConsentTable, clients: &[&str]) -> (BTreeSet<String>, usize) {
    let clients: Vec<ClientId> = clients.iter().map(|id| ClientId::parse(id).unwrap()).collect();
    let clients: Vec<&ClientId> = clients.iter().collect();
    let (mut ids, mut pages) = (BTreeSet::new(), 0);
    for segment in 0..SEGMENTS {
        let mut place = Place { segment, after: None };
        loop {
            let page = table.of_clients(&clients, &place).await.unwrap();
            pages += 1;
            for id in page.ids {
                assert!(ids.insert(id.to_string()), "found twice");
            }
            let Some(next) = page.next else { break };
            place.after = Some(next);
        }
    }
    (ids, pages)
}

#[tokio::test]
async fn t60_the_consents_of_a_client_are_found_and_those_of_no_other() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    let mut expected = BTreeSet::new();
    for (number, client) in ["a", "b", "aa", "a", "A", "a"].into_iter().enumerate() {
        let new = consent(client, number);
        let id = new.id.to_string();
        let put = record::item_of(&database.dynamo, &new, "owner").unwrap();
        database.dynamo.put(WHAT, "consents", put).await.unwrap();
        match number {
            // Authorised and alive.
            3 => {
                let yes = new.authorise(authorisation(), Actor::Ponte).unwrap();
                table.commit(yes.commit("1".to_owned(), None)).await.unwrap();
                expected.insert(id);
            }
            // Over already.
            5 => {
                let no = new.revoke(RejectedBy::User, Actor::Ponte, now()).unwrap();
                table.commit(no.commit("2".to_owned(), None)).await.unwrap();
            }
            _ if client == "a" => _ = expected.insert(id),
            _ => {}
        }
    }
    // An enrolment is no consent of this table's kind.
    let target = Target { kind: TargetKind::Enrollment, id: ConsentId::parse("urn:banco:e").unwrap() };
    let stored = StoredTarget { client: client_id(), status: StoredStatus::Ended, ends_at: None };
    TargetTable::new(&database.dynamo, "consents").put(&target, &stored).await.unwrap();
    assert_eq!(found(&table, &["a"]).await.0, expected);
    assert_eq!(found(&table, &["a", "b", "aa", "A"]).await.0.len(), 5);
    assert_eq!(found(&table, &["client-1"]).await.0.len(), 0);
    assert_eq!(
        table.of_clients(&[], &Place { segment: 0, after: None }).await.unwrap(),
        ScannedPage::default()
    );
}

#[tokio::test]
async fn t60_a_table_of_many_pages_is_read_to_its_end() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    let consents = (0..3_000).map(|number| consent(if number % 2 == 0 { "a" } else { "b" }, number));
    let items = consents.map(|consent| record::item_of(&database.dynamo, &consent, "owner").unwrap());
    crate::batch::put(&database.dynamo, WHAT, "consents", items).await.unwrap();
    let (ids, pages) = found(&table, &["a"]).await;
    assert_eq!(ids.len(), 1_500);
    assert!(pages > SEGMENTS, "{pages} pages, so no cursor was tried");
}

#[tokio::test]
async fn t60_a_cursor_that_is_none_is_a_fault() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    let place = Place { segment: 0, after: Some("x".to_owned()) };
    assert!(table.of_clients(&[&client_id()], &place).await.is_err());
}
