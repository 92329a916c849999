//! Interactions: begun once, changed on the version that was read.

use std::time::Duration;

use ponte_authorization::ports::{InteractionCommit, ReportedArrivals, SignedCalls};
use ponte_ports::{CommitFault, Trail};
use ponte_values::ConsentId;

use super::{RowCount, Stores, full};
use crate::examples::{interaction, now, row};

fn step(version: u64, id: &str) -> InteractionCommit {
    let mut interaction = interaction("n-1");
    interaction.version = version;
    InteractionCommit { interaction, trail: full(Trail::new(id.to_owned())) }
}

async fn found(stores: &Stores<'_>) -> Option<(u64, String)> {
    let found = stores.interactions.find("n-1").await.unwrap();
    found.map(|interaction| (interaction.version, interaction.client_name))
}

/// An interaction begins once; whoever comes later hears of the one that is there, and changes nothing.
pub async fn an_interaction_begins_once(stores: &Stores<'_>) {
    assert_eq!(found(stores).await, None, "the store is not empty");
    let first = interaction("n-1");
    assert!(stores.interactions.start(&first, None).await.unwrap().is_none());
    let mut other = interaction("n-1");
    "Outra".clone_into(&mut other.client_name);
    for later in [&first, &other] {
        let there = stores.interactions.start(later, None).await.unwrap().unwrap();
        assert_eq!((there.version, &there.client_name), (1, &first.client_name));
    }
    assert_eq!(found(stores).await, Some((1, first.client_name)));
    assert!(stores.interactions.find("n-2").await.unwrap().is_none(), "an id that nobody gave out");
}

/// The arrival is reported with the start, once: whoever comes later reports nothing.
pub async fn an_arrival_is_reported_with_the_start(stores: &Stores<'_>, arrivals: &dyn ReportedArrivals) {
    let (first, mut other) = (interaction("n-1"), interaction("n-1"));
    let consent = first.target.id.clone();
    assert_eq!(arrivals.arrival_at(&consent).await.unwrap(), None);
    assert!(stores.interactions.start(&first, Some(&row("first", now()))).await.unwrap().is_none());
    "Outra".clone_into(&mut other.client_name);
    for (later, report) in [(&first, "again"), (&other, "other")] {
        let there = stores.interactions.start(later, Some(&row(report, now()))).await.unwrap().unwrap();
        assert_eq!((there.version, &there.client_name), (1, &first.client_name));
    }
    assert_eq!(stores.rows.count().await, RowCount { reports: 1, ..RowCount::default() });
    assert_eq!(arrivals.arrival_at(&consent).await.unwrap().as_deref(), Some("first"));
    let unknown = ConsentId::parse("urn:banco:never").unwrap();
    assert_eq!(arrivals.arrival_at(&unknown).await.unwrap(), None);
}

/// A session that is over begins again over the version that was read, once.
pub async fn an_interaction_begins_again_once(stores: &Stores<'_>) {
    let first = interaction("n-1");
    stores.interactions.start(&first, None).await.unwrap();
    let again = first.begin_again("another key", first.expires_at()).unwrap();
    assert!(stores.interactions.begin_again(&again).await.unwrap());
    assert!(!stores.interactions.begin_again(&again).await.unwrap(), "another was faster");
    let begun = stores.interactions.find("n-1").await.unwrap().unwrap();
    assert_eq!((begun.version, begun.started_at), (2, first.expires_at()));
}

/// The id of a signed call is good for one call, which may repeat itself, until it may be forgotten.
pub async fn a_signed_call_is_good_once(calls: &dyn SignedCalls) {
    let (at, end) = (now(), now().plus(Duration::from_mins(2)));
    let claim =
        async |jti: &'static str, at, owner: &'static str| calls.claim(jti, at, end, owner).await.unwrap();
    assert!(claim("one", at, "call-1").await);
    assert!(claim("one", at, "call-1").await, "its own repetition");
    assert!(!claim("one", at, "call-2").await, "a replay");
    assert!(claim("two", at, "call-2").await, "another id");
    assert!(claim("one", end, "call-3").await, "nobody would take it any more");
}

/// A change follows the version before it, and is written with its trail; otherwise it is a conflict and leaves nothing.
pub async fn a_step_follows_the_one_before(stores: &Stores<'_>) {
    stores.interactions.start(&interaction("n-1"), None).await.unwrap();
    for (name, late) in [("again the first", step(1, "1")), ("one too far", step(3, "2"))] {
        let fault = stores.changes.commit(late).await;
        assert!(matches!(fault, Err(CommitFault::Conflict)), "{name}: {fault:?}");
        assert_eq!(found(stores).await.map(|(version, _)| version), Some(1), "{name}");
        assert_eq!(stores.rows.count().await, RowCount::default(), "{name} left rows");
    }
    let written = RowCount::default().with(&step(2, "3").trail);
    for repetition in 0..2 {
        stores.changes.commit(step(2, "3")).await.unwrap();
        let version = found(stores).await.map(|(version, _)| version);
        assert_eq!((version, stores.rows.count().await), (Some(2), written), "{repetition}");
    }
}
