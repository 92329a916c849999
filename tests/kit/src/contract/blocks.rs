//! The block list: every entry is read, each about one thing.

use std::time::Duration;

use ponte_authorization::block_list::{Block, Blocked};
use ponte_authorization::ports::Blocks;
use ponte_authorization::target::Target;

use crate::examples::{client_id, consent_id, now};

/// What is put is read, in the place of what was there about the same. `blocks` is empty at first.
pub async fn what_is_put_is_read(blocks: &dyn Blocks, put: impl AsyncFn(Block)) {
    assert_eq!(blocks.all().await.unwrap(), [], "the list is not empty");
    let (client, grant) = (Blocked::Client(client_id()), Blocked::Grant(Target::consent(consent_id())));
    let until = Some(now().plus(Duration::from_mins(17)));
    put(Block { blocked: client.clone(), until: None }).await;
    let written = [Block { blocked: client, until }, Block { blocked: grant, until }];
    for block in &written {
        put(block.clone()).await;
    }
    assert_eq!(blocks.all().await.unwrap(), written);
}
