//! Interactions: begun once, changed on the version that was read.

use ponte_authorization::ports::InteractionCommit;
use ponte_ports::{CommitFault, Trail};

use super::{RowCount, Stores, full};
use crate::examples::interaction;

fn step(version: u64, id: &str) -> InteractionCommit {
    let mut interaction = interaction("n-1");
    interaction.version = version;
    InteractionCommit { interaction, trail: full(Trail::new(id.to_owned())) }
}

async fn found(stores: &Stores<'_>) -> Option<(u64, String)> {
    let found = stores.interactions.find("n-1").await.unwrap();
    found.map(|interaction| (interaction.version, interaction.client_name))
}

/// An interaction begins once; its own repetition is no fault, another one under its id is, and changes nothing.
pub async fn an_interaction_begins_once(stores: &Stores<'_>) {
    assert_eq!(found(stores).await, None, "the store is not empty");
    let first = interaction("n-1");
    stores.interactions.start(&first).await.unwrap();
    stores.interactions.start(&first).await.unwrap();
    let mut other = interaction("n-1");
    "Outra".clone_into(&mut other.client_name);
    assert!(stores.interactions.start(&other).await.is_err(), "two interactions under one id");
    assert_eq!(found(stores).await, Some((1, first.client_name)));
    assert!(stores.interactions.find("n-2").await.unwrap().is_none(), "an id that nobody gave out");
}

/// A change follows the version before it, and is written with its trail; otherwise it is a conflict and leaves nothing.
pub async fn a_step_follows_the_one_before(stores: &Stores<'_>) {
    stores.interactions.start(&interaction("n-1")).await.unwrap();
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
