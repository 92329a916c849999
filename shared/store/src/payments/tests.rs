//! Requests for payments under races, lost replies and a store that refuses now and then. Each prints its figures.

use std::sync::Arc;
use std::time::Duration;

use ponte_kit::contract::PaymentStores;
use ponte_kit::contract::payments::authorised;
use ponte_kit::examples::now;
use ponte_kit::payment_examples::{payment_acceptance, payment_consent_id, payment_creation};
use ponte_kit::stub::Reply;
use ponte_payment::consent::PaymentConsent;
use ponte_payment::idempotency::KEPT;
use ponte_payment::ports::{
    Acceptance, PaymentConsents as _, PaymentWriteFault, Payments as _, PaymentsCommit, Spending,
};
use ponte_ports::Trail;
use ponte_values::{Amount, Moment};
use serde_json::Value;
use tokio::sync::Barrier;

use super::PaymentTable;
use crate::body::read;
use crate::interactions::InteractionTable;
use crate::item::{n, s, text};
use crate::testing::{Database, TableClock, payment_consent_table, payment_table};

/// Requests at the same time.
const AT_ONCE: usize = 64;

fn accepted_at() -> Moment {
    now().plus(Duration::from_mins(2))
}

/// A stored consent that was authorised.
async fn consent(database: &Database, number: u32) -> PaymentConsent {
    let (consents, payments) = (payment_consent_table(&database.dynamo), payment_table(&database.dynamo));
    let interactions = InteractionTable::new(&database.dynamo, "interactions");
    let stores = PaymentStores {
        consents: &consents,
        decisions: &consents,
        index: &consents,
        payments: &payments,
        interactions: &interactions,
        rows: database,
    };
    authorised(&stores, number).await
}

/// What came of requests at the same time: accepted, key used, conflict.
async fn race(database: &Database, requests: Vec<Acceptance>) -> (usize, usize, usize) {
    let (table, barrier) =
        (Arc::new(payment_table(&database.dynamo)), Arc::new(Barrier::new(requests.len())));
    let racers = requests.into_iter().map(|request| {
        let (table, barrier) = (Arc::clone(&table), Arc::clone(&barrier));
        tokio::spawn(async move {
            barrier.wait().await;
            table.accept(request).await
        })
    });
    let (mut won, mut used, mut lost) = (0, 0, 0);
    for racer in racers.collect::<Vec<_>>() {
        match racer.await.unwrap() {
            Ok(()) => won += 1,
            Err(PaymentWriteFault::KeyUsed) => used += 1,
            Err(PaymentWriteFault::Conflict) => lost += 1,
            Err(fault) => panic!("{fault:?}"),
        }
    }
    (won, used, lost)
}

/// How many payments are stored.
async fn payments(database: &Database) -> usize {
    let items = database.items("payments").await;
    items.iter().filter(|item| text(item, "pk").is_some_and(|pk| pk.starts_with("I#banco#P#"))).count()
}

async fn t01(rounds: u32) {
    let database = Database::start().await;
    let mut figures = (0, 0, 0);
    for round in 1..=rounds {
        let consent = consent(&database, round).await;
        let key = format!("key-{round}");
        let request = |racer| {
            payment_acceptance(consent.clone(), (round..=round, None), &key, &format!("{round}-{racer}"))
        };
        let (won, used, lost) = race(&database, (0..AT_ONCE).map(request).collect()).await;
        assert_eq!((won, used, lost), (1, AT_ONCE - 1, 0), "round {round}");
        figures = (figures.0 + won, figures.1 + used, figures.2 + lost);
    }
    let stored = payments(&database).await;
    println!(
        "T01: {rounds} rounds of {AT_ONCE}: accepted, key used, conflict {figures:?}; payments {stored}"
    );
    assert_eq!(stored, usize::try_from(rounds).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t01_of_64_equal_requests_at_once_one_is_accepted() {
    t01(3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: 200 rounds of 64 requests"]
async fn t01_in_200_rounds_of_64_equal_requests_one_is_accepted_each() {
    t01(200).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t18_of_64_requests_with_keys_of_their_own_one_uses_the_consent() {
    let database = Database::start().await;
    let consent = consent(&database, 1).await;
    let request = |racer: usize| {
        let number = u32::try_from(racer).unwrap() + 1;
        payment_acceptance(
            consent.clone(),
            (number..=number, None),
            &format!("k-{racer}"),
            &format!("c-{racer}"),
        )
    };
    let figures = race(&database, (0..AT_ONCE).map(request).collect()).await;
    let stored = payments(&database).await;
    println!("T18: {AT_ONCE} keys, one consent: accepted, key used, conflict {figures:?}; payments {stored}");
    assert_eq!((figures, stored), ((1, 0, AT_ONCE - 1), 1));
}

#[tokio::test]
async fn t02_a_key_with_other_data_changes_nothing_a_hundred_times() {
    let database = Database::start().await;
    let (one, two) = (consent(&database, 1).await, consent(&database, 2).await);
    let table = payment_table(&database.dynamo);
    let first = payment_acceptance(one, (1..3, None), "key", "first");
    table.accept(first.clone()).await.unwrap();
    let before = (database.items("payments").await.len(), database.count("audit").await);
    for number in 0..100 {
        let mut other = payment_acceptance(two.clone(), (3..5, None), "key", &format!("other-{number}"));
        "other hash".clone_into(&mut other.idempotency.1.request);
        assert!(matches!(table.accept(other).await, Err(PaymentWriteFault::KeyUsed)));
        let record = table.replayed(&first.idempotency.0, accepted_at()).await.unwrap().unwrap();
        assert_eq!(record, first.idempotency.1);
    }
    let after = (database.items("payments").await.len(), database.count("audit").await);
    println!("T02: 100 replays with other data: changed 0");
    assert_eq!(after, before);
    let unused = payment_consent_table(&database.dynamo).find(&payment_consent_id(2)).await.unwrap().unwrap();
    assert!(unused.require_authorised(accepted_at()).is_ok());
}

#[tokio::test]
async fn t04_a_key_counts_by_its_time_and_not_by_the_clean_up() {
    let clock = TableClock::at(now());
    let database = Database::start_with(clock.clone()).await;
    database.clean_by("payments", "expires_at").await;
    let table = payment_table(&database.dynamo);
    let creation = payment_creation(1, now());
    let scope = creation.idempotency.0.clone();
    table.create_consent(creation).await.unwrap();
    let end = now().plus(KEPT);
    let milli = Duration::from_millis(1);
    // The clean-up takes nothing that counts, and what it has not come to counts no more.
    clock.set(end.minus(milli));
    database.clean().await;
    assert!(table.replayed(&scope, end.minus(milli)).await.unwrap().is_some());
    assert_eq!(table.replayed(&scope, end).await.unwrap(), None);
    assert_eq!(database.items("payments").await.len(), 1);
    clock.set(end.plus(Duration::from_secs(2)));
    database.clean().await;
    assert_eq!(database.items("payments").await.len(), 0);
    assert_eq!(table.replayed(&scope, end).await.unwrap(), None);
}

#[tokio::test]
async fn t06_no_request_whose_reply_was_lost_is_told_a_conflict() {
    let database = Database::start().await;
    // Every other exchange of this table ends without its reply.
    let losing = payment_table(&database.losing(|exchange| exchange % 2 == 0).await);
    let (mut accepted, mut refused) = (0, 0);
    for number in 1..=50 {
        let consent = consent(&database, number).await;
        let request = payment_acceptance(
            consent,
            (number..=number, None),
            &format!("k-{number}"),
            &format!("c-{number}"),
        );
        match losing.accept(request).await {
            Ok(()) => accepted += 1,
            Err(_) => refused += 1,
        }
    }
    println!("T06: 50 requests, half of the replies lost: accepted {accepted}, false conflicts {refused}");
    assert_eq!((accepted, refused, payments(&database).await), (50, 0, 50));
}

#[tokio::test]
async fn t06_a_repetition_is_recognised_without_its_token_after_others_went_on() {
    let database = Database::start().await;
    let table = payment_table(&database.dynamo);
    let consent = consent(&database, 1).await;
    let spending = Spending {
        customer: "customer".to_owned(),
        day: now().date_brasilia(),
        amount: Amount::from_cents(1_000),
        most: Amount::from_cents(1_500),
    };
    let mut request = payment_acceptance(consent, (1..3, None), "key", "accepted");
    request.spending = Some(spending);
    table.accept(request.clone()).await.unwrap();
    for payment in &request.payments {
        let claimed = payment.clone().claim("worker".to_owned(), accepted_at()).unwrap();
        let trail = Trail::new(format!("claim-{}", payment.place));
        let commit = PaymentsCommit {
            payments: vec![claimed.payment],
            idempotency: None,
            spending: None,
            given_back: Vec::new(),
            trail,
        };
        table.change(commit).await.unwrap();
    }
    let mut again = table.acceptance(&request).unwrap();
    again.forget_token("later");
    table.run(again).await.unwrap();
    let spent = database.item("payments", "I#banco#SPENT#customer", "2026-03-01").await.unwrap();
    assert_eq!(spent["cents"], n(1_000), "counted once");
    // Another call with the same request is none of ours.
    let mut foreign = request;
    foreign.trail.id = "foreign".to_owned();
    assert!(matches!(table.accept(foreign).await, Err(PaymentWriteFault::KeyUsed)));
}

/// A third of the exchanges is refused: throttled, or because others write the same items.
fn trouble(number: usize) -> Option<Reply> {
    let canceled = |code: &str| {
        format!(
            r#"{{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
                "CancellationReasons":[{{"Code":"None"}},{{"Code":"{code}"}}]}}"#
        )
    };
    match number % 6 {
        0 => Some(Reply::json(400, canceled("TransactionConflict"))),
        3 => Some(Reply::json(400, canceled("ThrottlingError"))),
        _ => None,
    }
}

#[tokio::test]
async fn t11_a_store_that_refuses_a_third_leaves_nothing_half_done() {
    let database = Database::start().await;
    let troubled = payment_table(&database.disturbed(trouble).await);
    for number in 1..=40 {
        let consent = consent(&database, number).await;
        let request = payment_acceptance(
            consent,
            (number..=number, None),
            &format!("k-{number}"),
            &format!("c-{number}"),
        );
        troubled.accept(request.clone()).await.unwrap();
        assert_eq!(troubled.find_all(&[request.payments[0].id.clone()]).await.unwrap().len(), 1);
    }
    println!("T11: 40 requests, a third of the exchanges refused: accepted 40, half done 0");
    assert_eq!(payments(&database).await, 40);
    // At every try: overload, and nothing is written.
    let canceled = r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "CancellationReasons":[{"Code":"TransactionConflict"}]}"#;
    let hopeless = payment_table(&database.disturbed(move |_| Some(Reply::json(400, canceled))).await);
    let request = payment_acceptance(consent(&database, 41).await, (41..42, None), "k-41", "c-41");
    let fault = hopeless.accept(request).await;
    assert!(matches!(fault, Err(PaymentWriteFault::Port(error)) if error.is_overloaded()));
    assert_eq!(payments(&database).await, 40);
}

#[tokio::test]
async fn the_longest_list_is_one_transaction_and_more_is_a_fault() {
    let database = Database::start().await;
    let table = payment_table(&database.dynamo);
    let mut request = payment_acceptance(consent(&database, 1).await, (1..61, None), "key", "all");
    request.spending = Some(Spending {
        customer: "customer".to_owned(),
        day: now().date_brasilia(),
        amount: Amount::from_cents(60_000),
        most: Amount::from_cents(60_000),
    });
    assert_eq!(table.acceptance(&request).unwrap().writes(), 65);
    table.accept(request.clone()).await.unwrap();
    let ids: Vec<_> = request.payments.iter().map(|payment| payment.id.clone()).collect();
    let stored = table.find_all(&ids).await.unwrap();
    assert_eq!(stored.len(), 60);
    let asked_twice = [ids[0].clone(), ids[1].clone(), ids[0].clone()];
    assert_eq!(table.find_all(&asked_twice).await.unwrap().len(), 3);
    // A row and a notice of each of 60 are more than there is room for.
    let claims = stored.into_iter().map(|payment| payment.claim("w".to_owned(), accepted_at()).unwrap());
    let audit = request.trail.audit[0].clone();
    let trail = Trail::new("all".to_owned()).audited(std::iter::repeat_n(audit, 60));
    let payments = claims.map(|change| change.payment).collect();
    let fault = table
        .change(PaymentsCommit { payments, idempotency: None, spending: None, given_back: Vec::new(), trail })
        .await;
    assert!(matches!(fault, Err(PaymentWriteFault::Port(_))), "{fault:?}");
}

#[tokio::test]
async fn the_audit_carries_the_seals_of_the_consent_and_no_key_names_a_person() {
    let database = Database::start().await;
    let table = payment_table(&database.dynamo);
    let request = payment_acceptance(consent(&database, 1).await, (1..2, None), "key", "used");
    let before = request.consent.seal.clone();
    assert!(before.is_some());
    table.accept(request).await.unwrap();
    let after = payment_consent_table(&database.dynamo).find(&payment_consent_id(1)).await.unwrap().unwrap();
    let rows = database.items("audit").await;
    let rows = rows.iter().map(|row| read::<Value>("audit", row).unwrap());
    let used = rows.into_iter().find(|row| row["action"] == "payment_consent.consumed").unwrap();
    assert_eq!(used["beforeSha256"].as_str(), before.as_deref());
    assert_eq!(used["afterSha256"].as_str(), after.seal.as_deref());
    for name in ["payments", "payment-consents", "outbox", "audit"] {
        for (attribute, value) in database.items(name).await.iter().flatten() {
            let open = attribute == "body" && name.starts_with("payment");
            assert!(open || !format!("{value:?}").contains("12345678909"), "{name} {attribute}");
        }
    }
}

#[tokio::test]
async fn d8_a_payment_that_cannot_be_read_is_a_fault_and_not_absent() {
    let database = Database::start().await;
    let table = payment_table(&database.dynamo);
    let request = payment_acceptance(consent(&database, 1).await, (1..3, None), "key", "used");
    table.accept(request.clone()).await.unwrap();
    let ids: Vec<_> = request.payments.iter().map(|payment| payment.id.clone()).collect();
    let pk = format!("I#banco#P#{}", ids[0]);
    let mut item = database.item("payments", &pk, "META").await.unwrap();
    item.insert("body".to_owned(), s(r#"{"schema":9}"#));
    database.dynamo.put("payments table", "payments", item).await.unwrap();
    assert!(table.find_all(&ids).await.unwrap_err().is_unreadable());
    assert!(table.find(&ids[0]).await.unwrap_err().is_unreadable());
    assert!(table.find(&ids[1]).await.unwrap().is_some());
}

#[tokio::test]
async fn a_store_that_is_not_there_is_a_port_error_that_tells_no_data() {
    let database = Database::start().await;
    let request = payment_acceptance(consent(&database, 1).await, (1..2, None), "key", "used");
    let failing = database.answering(usize::MAX, 500, "InternalServerError").await;
    let table: PaymentTable = payment_table(&failing);
    let Err(PaymentWriteFault::Port(error)) = table.accept(request.clone()).await else {
        panic!("accepted by nobody")
    };
    let text = format!("{error:?} {error}");
    assert!(text.contains("payments table") && !text.contains("12345678909"), "{text}");
    assert!(table.replayed(&request.idempotency.0, now()).await.is_err());
}
