//! Short codes: each stands for one interaction, and is stored together with the step that shows it.

use ponte_authorization::interaction::{Interaction, ShortCode};
use ponte_ports::CommitFault;

use super::Stores;
use crate::examples::{interaction, now};

fn code(number: u8) -> ShortCode {
    ShortCode::of_bits([0, 0, 0, 0, number])
}

async fn begun(stores: &Stores<'_>, id: &str) -> Interaction {
    stores.interactions.start(&interaction(id)).await.unwrap();
    interaction(id).hand_off("page".to_owned(), now()).unwrap()
}

async fn version(stores: &Stores<'_>, id: &str) -> u64 {
    stores.interactions.find(id).await.unwrap().unwrap().version
}

/// A code is taken once; a late page or a taken code is a conflict that changes neither interaction nor code.
pub async fn a_code_stands_for_one_interaction(stores: &Stores<'_>) {
    let (shown, other) = (begun(stores, "n-1").await, begun(stores, "n-2").await);
    assert_eq!(stores.handoffs.interaction_of(&code(1)).await.unwrap(), None, "nobody has it yet");
    for repetition in 0..2 {
        stores.handoffs.open(&shown, &code(1), "open-1").await.unwrap();
        let found = stores.handoffs.interaction_of(&code(1)).await.unwrap();
        assert_eq!(found.as_deref(), Some("n-1"), "{repetition}");
        assert_eq!(version(stores, "n-1").await, 2, "{repetition}");
    }
    let taken = stores.handoffs.open(&other, &code(1), "open-2").await;
    assert!(matches!(taken, Err(CommitFault::Conflict)), "a code for two interactions: {taken:?}");
    assert_eq!(version(stores, "n-2").await, 1, "a conflict changed the interaction");
    let late = stores.handoffs.open(&shown, &code(2), "open-3").await;
    assert!(matches!(late, Err(CommitFault::Conflict)), "an interaction that moved on: {late:?}");
    assert_eq!(stores.handoffs.interaction_of(&code(2)).await.unwrap(), None, "a conflict left a code");
    stores.handoffs.open(&other, &code(2), "open-4").await.unwrap();
    assert_eq!(stores.handoffs.interaction_of(&code(2)).await.unwrap().as_deref(), Some("n-2"));
}
