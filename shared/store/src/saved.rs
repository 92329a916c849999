//! A store as commit edbdbb7 left it (`fixtures/edbdbb7`, later kinds of rows in folders of their own), read and gone on
//! with by the adapters of today: names on
//! disk, of keys, attributes and JSON members, do not move. A kind of row that the table of `lib.rs` gains needs its
//! saved rows and its reader here.

mod anew;
mod consents;
mod later;
mod payments;
mod registrations;
mod reports;
mod rows;
mod sessions;
mod writes;

use std::time::Duration;

use ponte_kit::examples::now;
use ponte_values::{ConsentId, Moment};

use rows::{Kind, Saved};

const DAY: u64 = 24 * 60;

/// So many minutes after the first row was written.
fn minute(number: u64) -> Moment {
    now().plus(Duration::from_mins(number))
}

fn consent_id(name: &str) -> ConsentId {
    ConsentId::parse(&format!("urn:banco:{name}")).unwrap()
}

/// Reads the saved rows of a kind through the port that gives them out, and holds them against what was written.
async fn read(kind: &str, saved: &Saved) {
    match kind {
        "consent" => consents::consents(saved).await,
        "payment consent" => payments::consents(saved).await,
        "payment" => payments::payments(saved).await,
        "idempotency key" => payments::keys(saved).await,
        "reply of a payment connector that works by queue" => payments::replies(saved).await,
        "amounts of a customer's day" => payments::amounts(saved).await,
        "renewal of a consent" => consents::renewals(saved).await,
        "recurring consent, enrolment" => consents::targets(saved).await,
        "audit row" => consents::audit(saved).await,
        "seal of audit rows" | "end of the chain of seals" => consents::chain(saved).await,
        "proof of the nights" => consents::nights(saved).await,
        "notice" => consents::notices(saved),
        "interaction" => sessions::interactions(saved).await,
        "short code of an interaction" => sessions::short_codes(saved).await,
        "pushed request" => sessions::pushed_requests(saved).await,
        "code" => sessions::codes(saved).await,
        "refresh token" => sessions::refresh_tokens(saved).await,
        "used `jti`" => sessions::jtis(saved).await,
        "client" => registrations::clients(saved).await,
        "registration of a client" => registrations::registrations(saved).await,
        "removed client" => registrations::removed(saved).await,
        "answer to a registration" => registrations::answers(saved).await,
        "entry of the block list" | "entry of the block list that ends by itself" => {
            registrations::block_list(saved).await;
        }
        "registrations of an organisation in an hour" => registrations::windows(saved).await,
        "removed client whose consents are to be ended" => consents::removals(saved).await,
        "round through the consents of removed clients" => consents::removal_round(saved).await,
        "registered software statement" => registrations::software(saved).await,
        "API key" => registrations::api_keys(saved).await,
        "status of a certificate" => registrations::certificates(saved).await,
        "pending row" => reports::pending(saved).await,
        "lease of the sweeper" => reports::lease(saved).await,
        "row that waits for the drop reason" => reports::held(saved).await,
        "token of the metrics platform" => reports::token(saved).await,
        "leases of a shard" => reports::leases(saved).await,
        "part of the archive" => reports::archive(saved).await,
        "line of the ledger" => reports::lines(saved).await,
        "check of a day" => reports::check(saved).await,
        "parked row" => reports::parked(saved).await,
        "marker of a row written once" => reports::once(saved).await,
        "breaker of an operation" => sessions::breakers(saved).await,
        "findings of an endpoint on a day" => reports::quality(saved).await,
        "count of calls" => sessions::call_counts(saved).await,
        "operation of an operator" => reports::operations(saved).await,
        "discoveries under a consent" => consents::discoveries(saved).await,
        "discovered product" => consents::discovered(saved).await,
        _ => panic!("nothing here reads the saved rows of the kind `{kind}`"),
    }
}

#[tokio::test]
async fn every_kind_of_row_of_the_table_is_still_read() {
    let saved = Saved::open().await;
    for kind in Kind::all() {
        assert!(!saved.of(kind.name).is_empty(), "no saved row of the kind `{}`", kind.name);
        read(kind.name, &saved).await;
    }
}

#[tokio::test]
async fn every_saved_row_is_of_a_kind_of_the_table() {
    let saved = Saved::open().await;
    let of_kinds = Kind::all().iter().map(|kind| saved.of(kind.name).len()).sum::<usize>();
    assert_eq!(of_kinds, saved.all().len());
}
