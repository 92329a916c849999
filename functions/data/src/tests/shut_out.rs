//! A participant that is shut out, at the data of customers: within 60 seconds, and no call reads the list (T60).

use std::time::Duration;

use ponte_authorization::block_list::{Block, Blocked};
use ponte_authorization::target::Target;
use ponte_data_consent::consent::ResourceStatus as Status;
use ponte_values::{ClientId, ConsentId};
use serde_json::json;

use super::world::World;
use super::{ACCOUNTS, account};

/// The second at which a customer's data are first refused, of the minute after the block.
async fn shut_at(blocked: Blocked) -> Option<u32> {
    let world = World::sharing(&[Status::Available]);
    world.answers(&json!([account(1)]), Some(1));
    world.blocks.put(Block { blocked, until: None });
    let mut shut = None;
    for second in 0..60 {
        match world.get(ACCOUNTS, "").await.status {
            200 => assert_eq!(shut, None, "open again"),
            status => {
                assert_eq!(status, 401);
                shut = shut.or(Some(second));
            }
        }
        world.clock.wait(Duration::from_secs(1));
    }
    assert_eq!(world.blocks.reads(), 2, "at the start and after 45 seconds");
    shut
}

#[tokio::test]
async fn t60_a_blocked_client_or_grant_reads_no_data_within_60_seconds() {
    let client = |id| Blocked::Client(ClientId::parse(id).unwrap());
    let grant = |id| Blocked::Grant(Target::consent(ConsentId::parse(id).unwrap()));
    assert_eq!(shut_at(client("client-1")).await, Some(45));
    assert_eq!(shut_at(client("client-2")).await, None);
    assert_eq!(shut_at(grant("urn:banco:1")).await, Some(45));
    assert_eq!(shut_at(grant("urn:banco:2")).await, None);
}
