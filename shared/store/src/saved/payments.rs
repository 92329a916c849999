//! Saved payment consents and payments, with the keys of their requests and the amounts of customers.

use ponte_authorization::customer_listing::{ConsentOwner, Listing, Order};
use ponte_authorization::ports::Targets as _;
use ponte_authorization::target::{Target, TargetStatus};
use ponte_kit::examples::{institution, now};
use ponte_kit::payment_examples::{
    core_key, key_at, payment_acceptance, payment_authorisation, payment_consent, payment_consent_id,
    payment_creation, payment_item,
};
use ponte_payment::idempotency::IdempotentOutcome;
use ponte_payment::payment::{Execution, ParkReason, PaymentStatus, payment_id};
use ponte_payment::ports::{
    ConnectorReplies as _, ConnectorReply, PaymentConsentIndex as _, PaymentConsents as _, PaymentWriteFault,
    Payments as _, Spending,
};
use ponte_ports::audit::Actor;
use ponte_ports::outbox::SHARDS;
use ponte_values::{Amount, PaymentId, TargetKind};
use serde::Serialize;

use super::rows::{Saved, body, kept, value};
use super::{DAY, minute};
use crate::item::text;
use crate::replies::ReplyTable;
use crate::seal;
use crate::targets::TargetTable;
use crate::testing::{payment_consent_table, payment_table};

/// Number, status as written, version.
const CONSENTS: [(u32, &str, u64); 5] = [
    (1, "AWAITING_AUTHORISATION", 1),
    (2, "AUTHORISED", 2),
    (3, "PARTIALLY_ACCEPTED", 2),
    (4, "REJECTED", 2),
    (5, "CONSUMED", 3),
];

/// Number, status, version and execution.
const PAYMENTS: [(u32, PaymentStatus, u64, &str); 9] = [
    (1, PaymentStatus::Rcvd, 1, "IDLE"),
    (2, PaymentStatus::Rcvd, 2, "CLAIMED"),
    (3, PaymentStatus::Rcvd, 3, "SENT"),
    (4, PaymentStatus::Rcvd, 4, "UNKNOWN"),
    (5, PaymentStatus::Rcvd, 5, "PARKED"),
    (6, PaymentStatus::Acsc, 4, "DONE"),
    (7, PaymentStatus::Rjct, 2, "IDLE"),
    (8, PaymentStatus::Schd, 2, "IDLE"),
    (9, PaymentStatus::Canc, 3, "IDLE"),
];

fn id(number: u32) -> PaymentId {
    payment_id(&institution(), &payment_item(number).end_to_end_id)
}

/// Every member of a row is in what was read of it, but for the number of its schema.
fn kept_of<T: Serialize>(saved: &Saved, kind: &str, part: &str, read: &T) {
    let mut stored = body(saved.row(kind, part));
    assert_eq!(stored.as_object_mut().unwrap().remove("schema"), Some(1.into()), "{kind} {part}");
    kept(&stored, &value(read), &format!("{kind} {part}"));
}

pub(super) async fn consents(saved: &Saved) {
    let table = payment_consent_table(&saved.database.dynamo);
    let targets =
        TargetTable::new(&saved.database.dynamo, "consents").with_payments(Some("payment-consents"));
    for (number, status, version) in CONSENTS {
        let (name, id) = (format!("{number:012}"), payment_consent_id(number));
        let consent = table.find(&id).await.unwrap().unwrap();
        kept_of(saved, "payment consent", &name, &consent);
        let row = saved.row("payment consent", &name);
        assert_eq!((text(row, "status"), consent.version), (Some(status), version), "{number}");
        assert_eq!(consent.at(consent.status_updated_at).status().as_str(), status, "{number}");
        assert_eq!((consent.seal.clone(), consent.created_at), (seal::of(row), now()), "{number}");
        let target = Target { kind: TargetKind::PaymentConsent, id };
        let state = targets.find(&target, minute(3)).await.unwrap().unwrap();
        let subject = || "subject".to_owned();
        let expected = match status {
            "AWAITING_AUTHORISATION" => TargetStatus::Awaiting,
            "REJECTED" => TargetStatus::Ended,
            "CONSUMED" => TargetStatus::Consumed { subject: subject() },
            _ => TargetStatus::Authorised { subject: subject() },
        };
        assert_eq!(state.status, expected, "{number}");
    }
    let listing = Listing { from: None, until: None, order: Order::Oldest, after: None, limit: 100 };
    for (owner, count) in [
        (ConsentOwner::Person("person-key".to_owned()), CONSENTS.len()),
        (ConsentOwner::Company("company-key".to_owned()), 1),
    ] {
        assert_eq!(table.of_owner(&owner, listing).await.unwrap().consents.len(), count, "{owner:?}");
    }
    let mut due = 0;
    for shard in 0..SHARDS {
        due += table.due(shard, minute(24 * 60), 100).await.unwrap().len();
    }
    assert_eq!(due, 3, "waiting, authorised and partly accepted");
    let used = table.find(&payment_consent_id(5)).await.unwrap().unwrap();
    assert_eq!(used.payments(), PAYMENTS.map(|(number, ..)| id(number)));
}

fn word_of(execution: &Execution) -> &'static str {
    match execution {
        Execution::Idle { .. } => "IDLE",
        Execution::Claimed { .. } => "CLAIMED",
        Execution::Sent { .. } => "SENT",
        Execution::Unknown { .. } => "UNKNOWN",
        Execution::Done { .. } => "DONE",
        Execution::Parked { .. } => "PARKED",
    }
}

pub(super) async fn payments(saved: &Saved) {
    let table = payment_table(&saved.database.dynamo);
    assert_eq!(saved.of("payment").len(), PAYMENTS.len());
    let found = table.find_all(&PAYMENTS.map(|(number, ..)| id(number))).await.unwrap();
    for ((number, status, version, execution), payment) in PAYMENTS.into_iter().zip(&found) {
        kept_of(saved, "payment", id(number).as_str(), payment);
        assert_eq!((payment.status(), payment.version), (status, version), "{number}");
        assert_eq!((word_of(payment.execution()), &payment.id), (execution, &id(number)));
        assert_eq!(
            (payment.consent.clone(), payment.item.clone()),
            (payment_consent_id(5), payment_item(number))
        );
    }
    let parked = matches!(found[4].execution(), Execution::Parked { reason: ParkReason::CannotAsk, .. });
    assert!(parked && found[6].rejection().is_some() && found[8].cancellation().is_some());
    assert_eq!(table.of_core(&core_key("core-6")).await.unwrap(), Some(id(6)));
    let day = now().date_brasilia().plus_days(3);
    let (mut due, mut created, mut of_day) = (0, 0, 0);
    for shard in 0..SHARDS {
        due += table.due(shard, minute(9 * 24 * 60), 100).await.unwrap().len();
        created += table.created_on(now().date_utc(), shard, None, 100).await.unwrap().payments.len();
        of_day += table.of_day(day, shard, None, 100).await.unwrap().payments.len();
    }
    assert_eq!((due, created, of_day), (5, 9, 2), "neither what is over nor what is parked is due");
}

pub(super) async fn keys(saved: &Saved) {
    let table = payment_table(&saved.database.dynamo);
    let of = |key: &str| {
        let operation =
            if key.starts_with("consent") { "paymentsPostConsents" } else { "paymentsPostPixPayments" };
        key_at(operation, key)
    };
    for number in 1..=5 {
        let record = table.replayed(&of(&format!("consent-{number}")), minute(60)).await.unwrap().unwrap();
        assert_eq!(record.outcome, IdempotentOutcome::Consent(payment_consent_id(number)));
        assert_eq!(record.request, "hash");
    }
    let record = table.replayed(&of("key"), minute(60)).await.unwrap().unwrap();
    let payments = PAYMENTS.map(|(number, ..)| id(number)).to_vec();
    assert_eq!(record.outcome, IdempotentOutcome::Payments(payments));
    assert_eq!(table.replayed(&of("key"), minute(2 + 24 * 60)).await.unwrap(), None);
}

/// 90 reais of 100 are spent: there is room for ten more.
pub(super) async fn amounts(saved: &Saved) {
    let at = minute(1);
    let change =
        payment_consent(2, now()).consent.authorise(payment_authorisation(at), vec![], None, Actor::Ponte);
    let mut request = payment_acceptance(change.unwrap().consent, ([70], None), "more", "more");
    request.spending = Some(spending(1_001));
    let fault = payment_table(&saved.database.dynamo).accept(request).await;
    assert!(matches!(fault, Err(PaymentWriteFault::LimitOfDay)), "{fault:?}");
}

fn spending(cents: u64) -> Spending {
    Spending {
        customer: "person-key".to_owned(),
        day: now().date_brasilia(),
        amount: Amount::from_cents(cents),
        most: Amount::from_cents(10_000),
    }
}

/// A request of today beside the saved ones: its consent, payment, key and amount.
pub(super) async fn accept_another(saved: &Saved) {
    let (consents, payments) =
        (payment_consent_table(&saved.database.dynamo), payment_table(&saved.database.dynamo));
    for number in [10, 11] {
        payments.create_consent(payment_creation(number, now())).await.unwrap();
    }
    let stored = consents.find(&payment_consent_id(10)).await.unwrap().unwrap();
    let change = stored.authorise(payment_authorisation(minute(1)), vec![], None, Actor::Ponte).unwrap();
    consents.commit(change.commit("authorised-new".to_owned(), None)).await.unwrap();
    let stored = consents.find(&payment_consent_id(10)).await.unwrap().unwrap();
    let mut request = payment_acceptance(stored, ([70], None), "new", "accepted-new");
    request.spending = Some(Spending { customer: "new-key".to_owned(), ..spending(1_000) });
    payments.accept(request).await.unwrap();
}

/// Reads of single rows: each may say that the row cannot be read.
pub(super) async fn looked_at(saved: &Saved) -> Vec<Result<(), ponte_ports::PortError>> {
    let (consents, payments) =
        (payment_consent_table(&saved.database.dynamo), payment_table(&saved.database.dynamo));
    let mut read = Vec::new();
    for (number, ..) in CONSENTS {
        read.push(consents.find(&payment_consent_id(number)).await.map(drop));
    }
    for (number, ..) in PAYMENTS {
        read.push(payments.find(&id(number)).await.map(drop));
    }
    read.push(payments.replayed(&key_at("paymentsPostPixPayments", "key"), minute(60)).await.map(drop));
    read
}

/// A reply as the queue of a core brought it.
pub(super) async fn replies(saved: &Saved) {
    let table = ReplyTable::new(&saved.database.dynamo, "payment-consents");
    let found = table.reply_to("0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01", now()).await.unwrap().unwrap();
    assert_eq!((found.status, found.jwt.as_str()), (201, "a.b.c"));
    assert_eq!(found.expires_at, minute(10));
}

/// Another reply.
pub(super) async fn reply_again(saved: &Saved) {
    let table = ReplyTable::new(&saved.database.dynamo, "payment-consents");
    let (request, jwt) = ("new".to_owned(), "x.y.z".to_owned());
    table.keep(&ConnectorReply { request, status: 201, jwt, expires_at: minute(DAY) }).await.unwrap();
}
