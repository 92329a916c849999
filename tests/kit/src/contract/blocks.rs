//! The block list: every entry that is not over is read, each about one thing.

use std::time::Duration;

use ponte_authorization::block_list::{Block, BlockList, Blocked};
use ponte_authorization::ports::Blocks;
use ponte_authorization::target::Target;

use crate::examples::{client_id, consent_id, now};

/// What is put is read until it is over. `blocks` is empty at first.
pub async fn what_is_put_is_read(blocks: &dyn Blocks, put: impl AsyncFn(Block)) {
    assert_eq!(blocks.all(now()).await.unwrap(), [], "the list is not empty");
    let (client, grant) = (Blocked::Client(client_id()), Blocked::Grant(Target::consent(consent_id())));
    let until = now().plus(Duration::from_mins(17));
    let standing = Block { blocked: client.clone(), until: None };
    let ending = Block { blocked: grant.clone(), until: Some(until) };
    for block in [&standing, &ending] {
        put(block.clone()).await;
    }
    let list = async |at| blocks.all(at).await.unwrap();
    for at in [now(), until.minus(Duration::from_millis(1))] {
        let read = list(at).await;
        assert_eq!(read.len(), 2, "{read:?}");
        assert!(read.contains(&standing) && read.contains(&ending), "{read:?}");
    }
    let over = until.plus(Duration::from_secs(1));
    assert_eq!(list(over).await, [standing], "what is over is not read");
    // A client that was shut out is removed: what is left of it ends, or stands on until somebody takes it away.
    put(Block { blocked: client, until: Some(until) }).await;
    let read: BlockList = list(now()).await.into_iter().collect();
    assert!(read.holds_client(&client_id(), now()));
}
