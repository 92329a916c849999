//! Payments: one transaction for a request, told exactly what stood in its way; keys that count for a day; found by the core's key, by
//! day and by their next step.

use std::collections::BTreeSet;
use std::time::Duration;

use ponte_payment::consent::PaymentConsent;
use ponte_payment::idempotency::{IdempotencyScope, IdempotentOutcome, KEPT};
use ponte_payment::payment::{CoreReport, CoreStatus, Payment, PaymentChange};
use ponte_payment::ports::{Acceptance, PaymentWriteFault, PaymentsCommit, Spending};
use ponte_ports::audit::Actor;
use ponte_ports::outbox::{SHARDS, shard_of};
use ponte_ports::{IndexFault, Trail};
use ponte_values::{Amount, ClientId, IdempotencyKey, Moment, PaymentId};

use super::{PaymentStores, full};
use crate::examples::now;
use crate::payment_examples::{
    core_key, key_at, payment_acceptance, payment_authorisation, payment_consent_id, payment_creation,
};

fn minute(number: u32) -> Moment {
    now().plus(Duration::from_mins(1) * number)
}

/// When the requests of these tests are accepted.
fn accepted_at() -> Moment {
    minute(2)
}

/// A stored consent that was authorised.
pub async fn authorised(stores: &PaymentStores<'_>, number: u32) -> PaymentConsent {
    stores.payments.create_consent(payment_creation(number, now())).await.unwrap();
    let consent = stores.consents.find(&payment_consent_id(number)).await.unwrap().unwrap();
    let authorisation = payment_authorisation(minute(1));
    let change = consent.authorise(authorisation, Vec::new(), None, Actor::Ponte).unwrap();
    stores.consents.commit(change.commit(format!("authorised-{number}"), None)).await.unwrap();
    stores.consents.find(&payment_consent_id(number)).await.unwrap().unwrap()
}

/// Payments of one stored consent, accepted.
async fn accepted(stores: &PaymentStores<'_>, numbers: std::ops::Range<u32>) -> Vec<Payment> {
    let consent = authorised(stores, numbers.start).await;
    let (key, commit) = (format!("key-{}", numbers.start), format!("accepted-{}", numbers.start));
    let acceptance = payment_acceptance(consent, (numbers, None), &key, &commit);
    let payments = acceptance.payments.clone();
    stores.payments.accept(acceptance).await.unwrap();
    payments
}

fn ids(payments: &[Payment]) -> Vec<PaymentId> {
    payments.iter().map(|payment| payment.id.clone()).collect()
}

/// The state of a consent with its number of payments.
async fn consent(stores: &PaymentStores<'_>, number: u32) -> (u64, usize) {
    let consent = stores.consents.find(&payment_consent_id(number)).await.unwrap().unwrap();
    (consent.version, consent.payments().len())
}

/// A request is written whole: consent, payments, key and trail; and its repetition writes nothing twice.
pub async fn t06_a_request_is_written_whole_and_once(stores: &PaymentStores<'_>) {
    let consent_before = authorised(stores, 1).await;
    let mut acceptance = payment_acceptance(consent_before, (1..4, None), "key", "accepted");
    acceptance.trail = full(acceptance.trail);
    let expected = stores.rows.count().await.with(&acceptance.trail);
    for repetition in 0..2 {
        stores.payments.accept(acceptance.clone()).await.unwrap();
        assert_eq!(consent(stores, 1).await, (3, 3), "{repetition}");
        assert_eq!(stores.rows.count().await, expected, "{repetition}");
    }
    let mut wanted = ids(&acceptance.payments);
    let found = stores.payments.find_all(&wanted).await.unwrap();
    assert_eq!(ids(&found), wanted, "in the order of the ids");
    assert_eq!(found[0].item, acceptance.payments[0].item);
    wanted.reverse();
    wanted.insert(1, PaymentId::parse("nobody-s").unwrap());
    let found = stores.payments.find_all(&wanted).await.unwrap();
    wanted.remove(1);
    assert_eq!(ids(&found), wanted, "one that is not there is left out");
    assert!(stores.payments.find_all(&[]).await.unwrap().is_empty());
    assert!(stores.payments.find(&PaymentId::parse("nobody-s").unwrap()).await.unwrap().is_none());
    let record = stores.payments.replayed(&acceptance.idempotency.0, accepted_at()).await.unwrap().unwrap();
    assert_eq!(record, acceptance.idempotency.1);
}

/// Everything that may stand in the way of a request is told for what it is, and nothing of the request is written.
pub async fn what_stands_in_the_way_of_a_request_is_told(stores: &PaymentStores<'_>) {
    let (one, two) = (authorised(stores, 1).await, authorised(stores, 2).await);
    let first = payment_acceptance(one.clone(), (1..2, None), "key", "first");
    stores.payments.accept(first.clone()).await.unwrap();
    let before = stores.rows.count().await;
    let refused = async |acceptance: Acceptance| {
        let (key, new) = (acceptance.idempotency.0.clone(), ids(&acceptance.payments));
        let fault = stores.payments.accept(acceptance).await.unwrap_err();
        assert_eq!(stores.rows.count().await, before, "{fault:?} left rows");
        assert_eq!(consent(stores, 2).await, (2, 0), "{fault:?} used the consent up");
        let recorded = stores.payments.replayed(&key, accepted_at()).await.unwrap();
        assert_eq!(recorded.is_some(), key == first.idempotency.0, "{fault:?} left its key");
        let there = stores.payments.find_all(&new).await.unwrap();
        assert!(ids(&there).iter().all(|id| *id == first.payments[0].id), "{fault:?} left payments");
        fault
    };
    // The same request once more, by another call: its key is what counts.
    let again = payment_acceptance(one.clone(), (1..2, None), "key", "again");
    assert!(matches!(refused(again).await, PaymentWriteFault::KeyUsed));
    // The key for another consent.
    let other = payment_acceptance(two.clone(), (2..3, None), "key", "other");
    assert!(matches!(refused(other).await, PaymentWriteFault::KeyUsed));
    // T18: the consent was used up, also where the payment is the same.
    let used = payment_acceptance(one.clone(), (2..3, None), "key-2", "used");
    assert!(matches!(refused(used).await, PaymentWriteFault::Conflict));
    let used = payment_acceptance(one, (1..2, None), "key-3", "used-again");
    assert!(matches!(refused(used).await, PaymentWriteFault::Conflict));
    // One of three has an endToEndId that was paid.
    let paid = payment_acceptance(two.clone(), ([5, 1, 6], None), "key-4", "paid");
    let fault = refused(paid).await;
    let paid = &first.payments[0].id;
    assert!(matches!(&fault, PaymentWriteFault::EndToEndIdUsed(id) if id == paid), "{fault:?}");
    let mut dear = payment_acceptance(two.clone(), (2..3, None), "key-5", "dear");
    dear.spending = Some(spending(1_000, 999));
    assert!(matches!(refused(dear).await, PaymentWriteFault::LimitOfDay));
    let free = payment_acceptance(two, (2..3, None), "key-6", "free");
    stores.payments.accept(free).await.unwrap();
}

/// P08: a request that is refused uses its consent up as well, and its key says how it was refused.
pub async fn p08_a_refused_request_uses_its_consent_up(stores: &PaymentStores<'_>) {
    let change = authorised(stores, 1).await.consume(Vec::new(), Actor::Ponte, accepted_at()).unwrap();
    let commit = change.commit("refused".to_owned(), None);
    let (code, title) = ("PAGAMENTO_DIVERGENTE_CONSENTIMENTO".to_owned(), "Divergente".to_owned());
    let outcome = IdempotentOutcome::Refused { code, title, detail: "amount".to_owned() };
    let mut idempotency =
        payment_acceptance(authorised(stores, 2).await, (1..2, None), "key", "x").idempotency;
    idempotency.1.outcome = outcome.clone();
    let (consent_after, trail) = (commit.consent, commit.trail);
    let refusal = Acceptance {
        consent: consent_after,
        payments: Vec::new(),
        idempotency: idempotency.clone(),
        spending: None,
        trail,
    };
    stores.payments.accept(refusal).await.unwrap();
    assert_eq!(consent(stores, 1).await, (3, 0));
    let record = stores.payments.replayed(&idempotency.0, accepted_at()).await.unwrap().unwrap();
    assert_eq!(record.outcome, outcome);
}

/// P40, T04: a key counts for 24 hours to the millisecond, whether or not the store cleans up, and then it is free again. Another client,
/// endpoint, resource or key is another operation (T03).
pub async fn t04_p40_a_key_counts_for_a_day(stores: &PaymentStores<'_>) {
    let first = payment_creation(1, now());
    stores.payments.create_consent(first.clone()).await.unwrap();
    let (scope, end) = (first.idempotency.0.clone(), now().plus(KEPT));
    let milli = Duration::from_millis(1);
    for (at, counts) in [(now(), true), (end.minus(milli), true), (end, false)] {
        assert_eq!(stores.payments.replayed(&scope, at).await.unwrap().is_some(), counts, "{at}");
    }
    let other_client = ClientId::parse("client-2").unwrap();
    for other in [
        IdempotencyScope { client: other_client, ..scope.clone() },
        IdempotencyScope { operation: "paymentsPatchPixPayments", ..scope.clone() },
        IdempotencyScope { path: "/open-banking/payments/v4/consents".to_owned(), ..scope.clone() },
        IdempotencyScope { key: IdempotencyKey::parse("CONSENT-1").unwrap(), ..scope.clone() },
    ] {
        assert_eq!(stores.payments.replayed(&other, now()).await.unwrap(), None, "{other:?}");
    }
    let again = |number, at| {
        let mut creation = payment_creation(number, at);
        creation.idempotency.0 = scope.clone();
        creation
    };
    let early = stores.payments.create_consent(again(2, end.minus(milli))).await;
    assert!(matches!(early, Err(PaymentWriteFault::KeyUsed)), "{early:?}");
    assert!(stores.consents.find(&payment_consent_id(2)).await.unwrap().is_none());
    stores.payments.create_consent(again(3, end)).await.unwrap();
    let record = stores.payments.replayed(&scope, end).await.unwrap().unwrap();
    assert_eq!(record.outcome, IdempotentOutcome::Consent(payment_consent_id(3)));
    // The same consent under another key is no second one.
    let mut twice = payment_creation(1, now());
    twice.idempotency.0 = key_at("paymentsPostConsents", "fresh");
    twice.trail = Trail::new("twice".to_owned());
    let twice = stores.payments.create_consent(twice).await;
    assert!(matches!(twice, Err(PaymentWriteFault::Conflict)), "{twice:?}");
}

fn spending(cents: u64, most: u64) -> Spending {
    Spending {
        customer: "customer".to_owned(),
        day: now().date_brasilia(),
        amount: Amount::from_cents(cents),
        most: Amount::from_cents(most),
    }
}

/// The amounts of a customer's day add up to the limit and no further; what is given back is free again.
pub async fn the_amounts_of_a_day_add_up_to_its_limit(stores: &PaymentStores<'_>) {
    let mut number = 0;
    let mut spent = async |spending: Spending| {
        number += 1;
        let key = format!("key-{number}");
        let consent = authorised(stores, number).await;
        let mut acceptance = payment_acceptance(consent, (number..number + 1, None), &key, &key);
        acceptance.spending = Some(spending);
        let payments = acceptance.payments.clone();
        let outcome = stores.payments.accept(acceptance).await;
        assert!(matches!(outcome, Ok(()) | Err(PaymentWriteFault::LimitOfDay)), "{outcome:?}");
        outcome.ok().map(|()| payments)
    };
    assert!(spent(spending(600, 1_000)).await.is_some());
    assert!(spent(spending(401, 1_000)).await.is_none(), "a cent too much");
    let payments = spent(spending(400, 1_000)).await.unwrap();
    assert!(spent(spending(1, 1_000)).await.is_none());
    let tomorrow = Spending { day: now().date_brasilia().plus_days(1), ..spending(1_000, 1_000) };
    assert!(spent(tomorrow).await.is_some(), "another day");
    let other = Spending { customer: "other".to_owned(), ..spending(1_000, 1_000) };
    assert!(spent(other).await.is_some(), "another customer");
    let change = payments[0].clone().claim("w".to_owned(), accepted_at()).unwrap();
    let commit = PaymentsCommit {
        payments: vec![change.payment],
        idempotency: None,
        // Of two on one day both count.
        spending: None,
        given_back: vec![spending(150, 1_000), spending(250, 1_000)],
        trail: Trail::new("given-back".to_owned()),
    };
    for _ in 0..2 {
        stores.payments.change(commit.clone()).await.unwrap();
    }
    assert!(spent(spending(401, 1_000)).await.is_none(), "given back twice");
    assert!(spent(spending(400, 1_000)).await.is_some());
}

fn commit(changes: Vec<PaymentChange>, id: &str) -> PaymentsCommit {
    let audit = changes.iter().filter_map(|change| change.audit.clone()).collect::<Vec<_>>();
    let trail = full(Trail::new(id.to_owned()).audited(audit));
    let payments = changes.into_iter().map(|change| change.payment).collect();
    PaymentsCommit { payments, idempotency: None, spending: None, given_back: Vec::new(), trail }
}

/// T09: a change is written on the version that was read, whole with the others of its list, and a late one leaves nothing.
pub async fn t09_payments_change_on_their_versions_together(stores: &PaymentStores<'_>) {
    let payments = accepted(stores, 1..4).await;
    let claim =
        |payment: &Payment, owner: &str| payment.clone().claim(owner.to_owned(), accepted_at()).unwrap();
    let one = commit(vec![claim(&payments[0], "one")], "one");
    let expected = stores.rows.count().await.with(&one.trail);
    stores.payments.change(one.clone()).await.unwrap();
    stores.payments.change(one).await.unwrap();
    assert_eq!(stores.rows.count().await, expected);
    // The list holds one that another worker has claimed.
    let late = commit(payments.iter().map(|payment| claim(payment, "late")).collect(), "late");
    let fault = stores.payments.change(late).await;
    assert!(matches!(fault, Err(PaymentWriteFault::Conflict)), "{fault:?}");
    let versions = async || {
        let found = stores.payments.find_all(&ids(&payments)).await.unwrap();
        found.iter().map(|payment| payment.version).collect::<Vec<_>>()
    };
    assert_eq!((versions().await, stores.rows.count().await), (vec![2, 1, 1], expected));
    let both = commit(payments[1..].iter().map(|payment| claim(payment, "both")).collect(), "both");
    stores.payments.change(both).await.unwrap();
    assert_eq!(versions().await, [2, 2, 2]);
    // A change with a key that was used.
    let mut keyed = commit(vec![], "keyed");
    let (key, record) =
        payment_acceptance(authorised(stores, 9).await, (9..10, None), "key-1", "x").idempotency;
    keyed.idempotency = Some((key, record));
    let fault = stores.payments.change(keyed).await;
    assert!(matches!(fault, Err(PaymentWriteFault::KeyUsed)), "{fault:?}");
}

/// A payment that is to go on is found in its shard from that moment on, longest overdue first; one that is over is not.
pub async fn what_is_due_is_found_in_its_shard(stores: &PaymentStores<'_>) {
    let payments = accepted(stores, 1..9).await;
    let claimed = payments[0].clone().claim("w".to_owned(), accepted_at()).unwrap();
    let sent = claimed.payment.clone().sent("w", minute(3), accepted_at()).unwrap();
    let settled = report(sent.payment.clone(), CoreStatus::Settled, "settled");
    for (number, change) in [claimed, sent, settled].into_iter().enumerate() {
        stores.payments.change(commit(vec![change], &format!("step-{number}"))).await.unwrap();
    }
    let expected: BTreeSet<PaymentId> = ids(&payments[1..]).into_iter().collect();
    let mut found = BTreeSet::new();
    for shard in 0..SHARDS {
        let early = accepted_at().minus(Duration::from_millis(1));
        assert!(stores.payments.due(shard, early, 99).await.unwrap().is_empty());
        let due = stores.payments.due(shard, accepted_at(), 99).await.unwrap();
        assert!(due.iter().all(|id| shard_of(id.as_str()) == shard), "shard {shard}");
        assert!(stores.payments.due(shard, accepted_at(), 1).await.unwrap().len() <= 1);
        found.extend(due);
    }
    assert_eq!(found, expected);
}

fn report(payment: Payment, status: CoreStatus, core: &str) -> PaymentChange {
    let report = CoreReport { status, core_id: Some(core_key(core)) };
    payment.core_says(report, Actor::Ponte, accepted_at()).unwrap()
}

/// A payment is found by the core's key once it was told, whatever changes later; two of one key are a fault, not a guess.
pub async fn a_payment_is_found_by_the_key_of_the_core(stores: &PaymentStores<'_>) {
    let payments = accepted(stores, 1..3).await;
    assert_eq!(stores.payments.of_core(&core_key("one")).await.unwrap(), None);
    let told = report(payments[0].clone(), CoreStatus::Accepted, "one");
    let settled = report(told.payment.clone(), CoreStatus::Settled, "one");
    for (number, change) in [told, settled].into_iter().enumerate() {
        stores.payments.change(commit(vec![change], &format!("step-{number}"))).await.unwrap();
        let found = stores.payments.of_core(&core_key("one")).await.unwrap();
        assert_eq!(found.as_ref(), Some(&payments[0].id));
    }
    assert_eq!(stores.payments.of_core(&core_key("two")).await.unwrap(), None);
    let same = report(payments[1].clone(), CoreStatus::Accepted, "one");
    stores.payments.change(commit(vec![same], "same")).await.unwrap();
    assert!(stores.payments.of_core(&core_key("one")).await.is_err());
}

/// Payments are listed by the day of their creation in UTC and by their settlement day in Brasília, from cursor to cursor.
pub async fn payments_are_listed_by_day(stores: &PaymentStores<'_>) {
    let now_ones = accepted(stores, 1..8).await;
    let day = now().date_brasilia().plus_days(3);
    let consent = authorised(stores, 20).await;
    let later = payment_acceptance(consent, (20..27, Some(day)), "later", "later");
    stores.payments.accept(later.clone()).await.unwrap();
    let of = |payments: &[Payment]| ids(payments).into_iter().collect::<BTreeSet<_>>();
    let (immediate, scheduled) = (of(&now_ones), of(&later.payments));
    let today = accepted_at().date_utc();
    let listed = async |created: bool, day| {
        let mut found = BTreeSet::new();
        for shard in 0..SHARDS {
            let mut after: Option<String> = None;
            loop {
                let page = if created {
                    stores.payments.created_on(day, shard, after.as_deref(), 2).await.unwrap()
                } else {
                    stores.payments.of_day(day, shard, after.as_deref(), 2).await.unwrap()
                };
                assert!(page.payments.len() <= 2);
                for id in page.payments {
                    assert_eq!(shard_of(id.as_str()), shard);
                    assert!(found.insert(id), "listed twice");
                }
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
        }
        found
    };
    assert_eq!(listed(true, today).await, &immediate | &scheduled);
    assert_eq!(listed(false, today).await, immediate);
    assert_eq!(listed(false, day).await, scheduled);
    assert!(listed(true, day).await.is_empty());
    for cursor in ["", "x y", "bm90IGEgY3Vyc29y"] {
        let created = stores.payments.created_on(today, 0, Some(cursor), 2).await;
        assert!(matches!(created, Err(IndexFault::Cursor)), "{cursor:?}");
        let of_day = stores.payments.of_day(today, 0, Some(cursor), 2).await;
        assert!(matches!(of_day, Err(IndexFault::Cursor)), "{cursor:?}");
    }
}
