//! Short codes: each stands for one page, and is stored together with the step that shows it.

use ponte_authorization::interaction::{ArrivalId, Interaction, SESSION_LIMIT, ShortCode};
use ponte_ports::CommitFault;

use super::Stores;
use crate::examples::{interaction, now};

fn code(number: u8) -> ShortCode {
    ShortCode::of_bits([0, 0, 0, 0, number])
}

fn arrival(text: &str) -> ArrivalId {
    ArrivalId::parse(text).unwrap()
}

async fn begun(stores: &Stores<'_>, id: &str) -> Interaction {
    stores.interactions.start(&interaction(id), None).await.unwrap();
    interaction(id).hand_off(now()).unwrap().unwrap()
}

async fn version(stores: &Stores<'_>, id: &str) -> u64 {
    stores.interactions.find(id).await.unwrap().unwrap().version
}

/// A code is taken once; a late page or a taken code is a conflict that changes neither interaction nor code.
pub async fn a_code_stands_for_one_page(stores: &Stores<'_>) {
    let (shown, other) = (begun(stores, "n-1").await, begun(stores, "n-2").await);
    let (first, second) = (arrival("arrival-1"), arrival("arrival-2"));
    assert_eq!(stores.handoffs.arrival_of(&code(1), now()).await.unwrap(), None, "nobody has it yet");
    for repetition in 0..2 {
        stores.handoffs.open(&shown, (&first, &code(1)), "open-1").await.unwrap();
        let found = stores.handoffs.arrival_of(&code(1), now()).await.unwrap();
        assert_eq!(found.as_ref(), Some(&first), "{repetition}");
        assert_eq!(version(stores, "n-1").await, 2, "{repetition}");
    }
    let taken = stores.handoffs.open(&other, (&second, &code(1)), "open-2").await;
    assert!(matches!(taken, Err(CommitFault::Conflict)), "a code for two pages: {taken:?}");
    assert_eq!(version(stores, "n-2").await, 1, "a conflict changed the interaction");
    let late = stores.handoffs.open(&shown, (&second, &code(2)), "open-3").await;
    assert!(matches!(late, Err(CommitFault::Conflict)), "an interaction that moved on: {late:?}");
    assert_eq!(stores.handoffs.arrival_of(&code(2), now()).await.unwrap(), None, "a conflict left a code");
    stores.handoffs.open(&other, (&second, &code(2)), "open-4").await.unwrap();
    assert_eq!(stores.handoffs.arrival_of(&code(2), now()).await.unwrap().as_ref(), Some(&second));
    let late = now().plus(SESSION_LIMIT);
    assert_eq!(
        stores.handoffs.arrival_of(&code(2), late).await.unwrap(),
        None,
        "a code of a session that is over"
    );
}
