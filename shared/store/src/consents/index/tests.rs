//! Consents by customer and by due time, against the indexes of a real table.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::*;
use crate::testing::{CONSENT_INDEXES, Database, PAYMENT_INDEXES, consent_table};
use ponte_authorization::search_keys::SearchKeys;
use ponte_data_consent::consent::{AWAITING_LIMIT, EffectiveStatus, RejectedBy};
use ponte_data_consent::ports::Consents as _;
use ponte_kit::examples::{created_as, now};
use ponte_ports::audit::Actor;
use ponte_ports::outbox::{SHARDS, shard_of};

const MINUTE: Duration = Duration::from_mins(1);

fn id(number: u32) -> ConsentId {
    ConsentId::parse(&format!("urn:banco:{number}")).unwrap()
}

/// Consent `number`, created so many minutes after the first.
async fn store(table: &ConsentTable, number: u32, person: &str, company: Option<&str>) {
    let mut change = created_as(id(number), now().plus(MINUTE * number));
    change.consent.search = SearchKeys { person: person.to_owned(), company: company.map(str::to_owned) };
    table.commit(change.commit(format!("c-{number}"), None)).await.unwrap();
}

fn ids(page: &ConsentPage) -> Vec<&str> {
    page.consents.iter().map(|consent| consent.id.as_str()).collect()
}

fn person(key: &str) -> ConsentOwner {
    ConsentOwner::Person(key.to_owned())
}

/// Newest first, whenever created.
fn newest(after: Option<&str>, limit: u8) -> Listing<'_> {
    Listing { from: None, until: None, order: Order::Newest, after, limit }
}

#[tokio::test]
async fn a_customer_s_consents_are_listed_newest_first_from_cursor_to_cursor() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    for number in 0..5 {
        store(&table, number, "ana", None).await;
    }
    store(&table, 9, "bruno", None).await;
    let first = table.of_owner(&person("ana"), newest(None, 2)).await.unwrap();
    assert_eq!(ids(&first), ["urn:banco:4", "urn:banco:3"]);
    let second = table.of_owner(&person("ana"), newest(first.next.as_deref(), 2)).await.unwrap();
    assert_eq!(ids(&second), ["urn:banco:2", "urn:banco:1"]);
    // A consent created meanwhile neither repeats nor shifts what follows.
    store(&table, 7, "ana", None).await;
    let third = table.of_owner(&person("ana"), newest(second.next.as_deref(), 2)).await.unwrap();
    assert_eq!((ids(&third), third.next.is_none()), (vec!["urn:banco:0"], true));
    let all = table.of_owner(&person("ana"), newest(None, 100)).await.unwrap();
    assert_eq!((all.consents.len(), all.next), (6, None));
    let exactly = table.of_owner(&person("ana"), newest(None, 6)).await.unwrap();
    assert_eq!((exactly.consents.len(), exactly.next), (6, None));
    let nobody = table.of_owner(&person("carla"), newest(None, 10)).await.unwrap();
    assert_eq!((nobody.consents.len(), nobody.next), (0, None));
}

#[tokio::test]
async fn a_listing_may_have_an_end_a_beginning_and_the_other_order() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    for number in 0..6 {
        store(&table, number, "ana", None).await;
    }
    let minute = |number: u32| Some(now().plus(MINUTE * number));
    let oldest = |from, until, after| Listing { from, until, order: Order::Oldest, after, limit: 2 };
    let ana = person("ana");
    // Both ends count, to the millisecond.
    let first = table.of_owner(&ana, oldest(minute(1), minute(3), None)).await.unwrap();
    assert_eq!(ids(&first), ["urn:banco:1", "urn:banco:2"]);
    assert_eq!(first.next, Some(table.after(&first.consents[1])));
    let rest = table.of_owner(&ana, oldest(minute(1), minute(3), first.next.as_deref())).await.unwrap();
    assert_eq!((ids(&rest), rest.next.is_none()), (vec!["urn:banco:3"], true));
    let newest = Listing { from: minute(1), until: minute(3), ..newest(None, 10) };
    let page = table.of_owner(&ana, newest).await.unwrap();
    assert_eq!(ids(&page), ["urn:banco:3", "urn:banco:2", "urn:banco:1"]);
    let just_after = minute(3).map(|moment| moment.plus(Duration::from_millis(1)));
    let page = table.of_owner(&ana, Listing { from: just_after, until: None, ..newest }).await.unwrap();
    assert_eq!(ids(&page), ["urn:banco:5", "urn:banco:4"]);
    let nothing = table.of_owner(&ana, oldest(minute(3), minute(1), None)).await.unwrap();
    assert!(nothing.consents.is_empty() && nothing.next.is_none());
    // A cursor of another listing is told apart before the store would refuse it.
    let beyond = table.of_owner(&ana, oldest(minute(4), None, first.next.as_deref())).await;
    assert!(matches!(beyond, Err(IndexFault::Cursor)));
}

#[tokio::test]
async fn a_company_has_an_index_of_its_own() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    store(&table, 1, "ana", None).await;
    store(&table, 2, "ana", Some("bakery")).await;
    store(&table, 3, "bruno", Some("bakery")).await;
    let company = ConsentOwner::Company("bakery".to_owned());
    let page = table.of_owner(&company, newest(None, 10)).await.unwrap();
    assert_eq!(ids(&page), ["urn:banco:3", "urn:banco:2"]);
    let page = table.of_owner(&person("ana"), newest(None, 10)).await.unwrap();
    assert_eq!(ids(&page), ["urn:banco:2", "urn:banco:1"]);
    let page = table.of_owner(&person("bakery"), newest(None, 10)).await.unwrap();
    assert!(page.consents.is_empty(), "a company's key is not a person's");
}

#[tokio::test]
async fn a_list_shows_what_a_consent_is_now() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    store(&table, 1, "ana", None).await;
    let stored = table.find(&id(1)).await.unwrap().unwrap();
    let at = now().plus(MINUTE * 2);
    let change = stored.revoke(RejectedBy::User, Actor::Ponte, at).unwrap();
    table.commit(change.commit("r".to_owned(), None)).await.unwrap();
    let page = table.of_owner(&person("ana"), newest(None, 10)).await.unwrap();
    assert!(matches!(page.consents[0].at(at), EffectiveStatus::Rejected(_)));
    assert_eq!(page.consents[0].seal, table.find(&id(1)).await.unwrap().unwrap().seal);
}

#[tokio::test]
async fn a_cursor_that_was_not_given_out_is_a_fault() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    let made_up = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let wrong = [
        "x y".to_owned(),
        String::new(),
        made_up("2026-03-01T12:00:00.250Z"),
        made_up("yesterday#urn:banco:1"),
        made_up("2026-03-01T12:00:00Z#urn:banco:1"),
        made_up("2026-03-01T12:00:00.250Z#1"),
        URL_SAFE_NO_PAD.encode([0xff, 0xfe]),
    ];
    for cursor in wrong {
        let listed = table.of_owner(&person("ana"), newest(Some(&cursor), 10)).await;
        assert!(matches!(listed, Err(IndexFault::Cursor)), "{cursor}");
    }
}

#[tokio::test]
async fn c03_what_time_changes_is_due_once_and_in_order() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    for number in 0..8 {
        store(&table, number, "ana", None).await;
    }
    let due = |at: Moment| {
        let table = &table;
        async move {
            let mut found = Vec::new();
            for shard in 0..SHARDS {
                let ids = table.due(shard, at, 100).await.unwrap();
                assert!(ids.iter().all(|id| shard_of(id.as_str()) == shard));
                assert!(ids.is_sorted_by_key(|id| id.as_str().to_owned()), "longest overdue first");
                found.extend(ids);
            }
            found.sort_by_key(|id| id.as_str().to_owned());
            found
        }
    };
    let hour = now().plus(AWAITING_LIMIT);
    assert!(due(hour.minus(Duration::from_millis(1))).await.is_empty());
    assert_eq!(due(hour).await, [id(0)]);
    let third = hour.plus(MINUTE * 2);
    assert_eq!(due(third).await, [id(0), id(1), id(2)]);
    // Once written down it is not due any more.
    let expired = table.find(&id(1)).await.unwrap().unwrap().expire(third).unwrap();
    table.commit(expired.commit("e-1".to_owned(), None)).await.unwrap();
    assert_eq!(due(third).await, [id(0), id(2)]);
    let all = due(hour.plus(MINUTE * 60)).await;
    assert_eq!(all.len(), 7);
    for shard in 0..SHARDS {
        let most = table.due(shard, hour.plus(MINUTE * 60), 1).await.unwrap();
        assert!(most.len() <= 1, "no more than asked for");
    }
}

#[test]
fn the_indexes_of_these_tests_are_those_of_the_template() {
    let template = include_str!("../../../../../infra/template.yaml");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let template = words(template);
    for (name, pk, sk) in CONSENT_INDEXES.iter().chain(PAYMENT_INDEXES) {
        let index = format!(
            "- IndexName: {name} KeySchema: - AttributeName: {pk} KeyType: HASH \
             - AttributeName: {sk} KeyType: RANGE Projection: ProjectionType: KEYS_ONLY"
        );
        assert!(template.contains(&index), "{name}");
    }
    // Consents of both kinds, payments, the audit rows and the operations.
    assert_eq!(
        template.matches("- IndexName:").count(),
        2 * CONSENT_INDEXES.len() + PAYMENT_INDEXES.len() + 2
    );
    assert!(CONSENT_INDEXES.contains(&(BY_PERSON.name, BY_PERSON.pk, BY_PERSON.sk)));
    assert!(CONSENT_INDEXES.contains(&(BY_COMPANY.name, BY_COMPANY.pk, BY_COMPANY.sk)));
}
