//! Changes of consents, alone or together with an interaction: whole or not at all, and on the version that was read.

use ponte_data_consent::ports::ConsentCommit;
use ponte_ports::CommitFault;
use ponte_ports::audit::Actor;

use super::{RowCount, Stores, full};
use crate::examples::{authorisation, consent_id, created, interaction, now};

fn creation(id: &str) -> ConsentCommit {
    let commit = created().commit(id.to_owned(), None);
    ConsentCommit { trail: full(commit.trail), ..commit }
}

fn yes(id: &str) -> ConsentCommit {
    let actor = Actor::Channel("interaction".to_owned());
    let change = created().consent.authorise(authorisation(), actor).unwrap();
    let commit = change.commit(id.to_owned(), None);
    ConsentCommit { trail: full(commit.trail), ..commit }
}

async fn version(stores: &Stores<'_>) -> Option<u64> {
    stores.consents.find(&consent_id()).await.unwrap().map(|consent| consent.version)
}

/// A change is written with its trail; a second one on the same version is a conflict and leaves nothing.
pub async fn of_two_changes_of_one_version_one_is_written_with_its_trail(stores: &Stores<'_>) {
    assert_eq!(version(stores).await, None, "the store is not empty");
    let mut expected = RowCount::default();
    for (commit, late) in [(creation("1"), creation("2")), (yes("3"), yes("4"))] {
        let (next, trail) = (commit.consent.version, commit.trail.clone());
        stores.consents.commit(commit).await.unwrap();
        expected = expected.with(&trail);
        assert_eq!((version(stores).await, stores.rows.count().await), (Some(next), expected), "{next}");
        let late = stores.consents.commit(late).await;
        assert!(matches!(late, Err(CommitFault::Conflict)), "a late change to version {next}: {late:?}");
        assert_eq!(stores.rows.count().await, expected, "a conflict left rows");
    }
}

/// A change on a version that is not there yet is a conflict too.
pub async fn a_change_of_what_is_not_there_is_a_conflict(stores: &Stores<'_>) {
    let early = stores.consents.commit(yes("1")).await;
    assert!(matches!(early, Err(CommitFault::Conflict)), "{early:?}");
    assert_eq!((version(stores).await, stores.rows.count().await), (None, RowCount::default()));
}

/// A repeated write of our own counts as success and writes nothing twice.
pub async fn our_own_repetition_is_no_conflict(stores: &Stores<'_>) {
    stores.consents.commit(creation("1")).await.unwrap();
    let once = stores.rows.count().await;
    stores.consents.commit(creation("1")).await.unwrap();
    assert_eq!((version(stores).await, stores.rows.count().await), (Some(1), once));
    stores.interactions.start(&interaction("n-1"), None).await.unwrap();
    let mut step = interaction("n-1");
    step.version = 2;
    stores.decisions.decide(yes("2"), step.clone()).await.unwrap();
    let once = stores.rows.count().await;
    stores.decisions.decide(yes("2"), step).await.unwrap();
    assert_eq!((version(stores).await, stores.rows.count().await), (Some(2), once));
}

/// A decision changes consent and interaction together; if either moved on, neither changes.
pub async fn a_decision_changes_both_or_neither(stores: &Stores<'_>) {
    let begun = interaction("n-1");
    let mut step = begun.clone();
    step.version = 2;
    stores.consents.commit(creation("1")).await.unwrap();
    stores.interactions.start(&begun, None).await.unwrap();
    let before = stores.rows.count().await;
    for (name, commit, interaction) in
        [("a late interaction", yes("2"), begun), ("a late consent", creation("3"), step.clone())]
    {
        let fault = stores.decisions.decide(commit, interaction).await;
        assert!(matches!(fault, Err(CommitFault::Conflict)), "{name}: {fault:?}");
        let interaction = stores.interactions.find("n-1").await.unwrap().unwrap();
        assert_eq!(
            (version(stores).await, interaction.version),
            (Some(1), 1),
            "{name} changed one of the two"
        );
        assert_eq!(stores.rows.count().await, before, "{name} left rows");
    }
    let decision = yes("4");
    let trail = decision.trail.clone();
    stores.decisions.decide(decision, step).await.unwrap();
    let interaction = stores.interactions.find("n-1").await.unwrap().unwrap();
    assert_eq!((version(stores).await, interaction.version), (Some(2), 2));
    assert_eq!(stores.rows.count().await, before.with(&trail));
}

/// A trail that changes nothing else is written whole, and once under its id.
pub async fn a_trail_of_an_order_is_written_once(stores: &Stores<'_>) {
    let mut expected = RowCount::default();
    for id in ["1", "2"] {
        let trail = creation(id).trail.repeated(now());
        stores.trails.write(&trail).await.unwrap();
        expected = expected.with(&trail);
        assert_eq!(stores.rows.count().await, expected, "{id}");
        stores.trails.write(&trail).await.unwrap();
        assert_eq!(stores.rows.count().await, expected, "{id} again");
    }
    assert_eq!(version(stores).await, None, "nothing but the trail");
}
