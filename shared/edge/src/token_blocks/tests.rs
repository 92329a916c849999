//! The block list in virtual time: who it shuts out, how soon, at which price, and what happens when it cannot be read.

use ponte_authorization::block_list::{Block, Blocked};
use ponte_kit::blocks::BlocksInMemory;
use ponte_kit::examples::{client_id, now};
use ponte_values::ConsentId;

use super::*;

fn after(seconds: u64) -> Moment {
    now().plus(Duration::from_secs(seconds))
}

fn client() -> Block {
    Block { blocked: Blocked::Client(client_id()), until: None }
}

async fn followed(from: u64) -> (Arc<BlocksInMemory>, TokenBlocks) {
    let source = Arc::<BlocksInMemory>::default();
    let blocks = TokenBlocks::start(source.clone(), after(from)).await;
    (source, blocks)
}

async fn held(blocks: &TokenBlocks, second: u64) -> Result<bool, BlockListUnread> {
    let scope = Scope::parse("openid accounts consent:urn:banco:1").unwrap();
    blocks.hold(&client_id(), &scope, after(second)).await
}

#[tokio::test]
async fn t60_a_block_counts_within_45_seconds_whenever_it_is_put() {
    for put in 0..100 {
        let (source, blocks) = followed(0).await;
        let mut shut = None;
        for second in 0..200 {
            if second == put {
                source.put(client());
            }
            if held(&blocks, second).await.unwrap() && shut.is_none() {
                shut = Some(second);
            }
        }
        let shut = shut.unwrap();
        assert!(shut >= put && shut - put <= 45, "put at {put}, shut at {shut}");
        assert!(source.reads() <= 1 + 200 / 45, "{} reads in 200 s", source.reads());
    }
}

#[tokio::test]
async fn t60_a_thousand_calls_read_the_list_no_more_often_than_one() {
    let (source, blocks) = followed(0).await;
    for _ in 0..1_000 {
        assert_eq!(held(&blocks, 44).await, Ok(false));
    }
    assert_eq!(source.reads(), 1, "the one at the start");
}

#[tokio::test]
async fn t60_what_is_opened_again_within_45_seconds_may_stay_shut_no_longer() {
    let (source, blocks) = followed(0).await;
    source.put(client());
    assert_eq!(held(&blocks, 45).await, Ok(true));
    source.take(&Blocked::Client(client_id()));
    assert_eq!(held(&blocks, 89).await, Ok(true), "an environment that has not looked");
    assert_eq!(held(&blocks, 90).await, Ok(false));
    source.put(client());
    source.take(&Blocked::Client(client_id()));
    assert_eq!(held(&blocks, 135).await, Ok(false), "between two looks nobody noticed");
}

#[tokio::test]
async fn t60_a_single_grant_is_shut_out_by_its_target() {
    let (source, blocks) = followed(0).await;
    let target = |id| Target::consent(ConsentId::parse(id).unwrap());
    source.put(Block { blocked: Blocked::Grant(target("urn:banco:2")), until: None });
    assert_eq!(held(&blocks, 45).await, Ok(false));
    source.put(Block { blocked: Blocked::Grant(target("urn:banco:1")), until: Some(after(100)) });
    assert_eq!((held(&blocks, 90).await, held(&blocks, 99).await), (Ok(true), Ok(true)));
    assert_eq!(held(&blocks, 100).await, Ok(false), "over, and no look was due");
}

#[tokio::test]
async fn t60_a_list_that_cannot_be_read_counts_until_it_is_60_seconds_old() {
    let (source, blocks) = followed(0).await;
    source.put(client());
    source.fail(true);
    for second in 0..60 {
        assert_eq!(held(&blocks, second).await, Ok(false), "{second}");
    }
    // Looked at 0, 45, 50 and 55: an outage does not cost a look for each call.
    assert_eq!(source.reads(), 4);
    for second in 60..90 {
        assert_eq!(held(&blocks, second).await, Err(BlockListUnread), "{second}");
    }
    source.fail(false);
    assert_eq!(held(&blocks, 90).await, Ok(true), "read again at once");
    assert_eq!(source.reads(), 4 + 7);
}

#[tokio::test]
async fn t60_an_environment_that_starts_or_thaws_without_the_list_opens_nothing() {
    let source = Arc::<BlocksInMemory>::default();
    source.fail(true);
    let blocks = TokenBlocks::start(source.clone(), after(0)).await;
    assert_eq!(held(&blocks, 1).await, Err(BlockListUnread));
    source.fail(false);
    assert_eq!(held(&blocks, 5).await, Ok(false));
    source.put(client());
    source.fail(true);
    assert_eq!(held(&blocks, 3_600).await, Err(BlockListUnread), "frozen for an hour");
    source.fail(false);
    assert_eq!(held(&blocks, 3_605).await, Ok(true));
}

#[tokio::test]
async fn t60_a_clock_that_was_put_back_makes_the_list_be_read() {
    let (source, blocks) = followed(10_000).await;
    source.put(client());
    assert_eq!(held(&blocks, 100).await, Ok(true));
    source.take(&Blocked::Client(client_id()));
    source.fail(true);
    assert_eq!(held(&blocks, 50).await, Err(BlockListUnread), "its age is not known");
}

#[tokio::test]
async fn t60_a_client_that_is_shut_out_gets_no_token_whatever_it_would_be_for() {
    let (source, blocks) = followed(0).await;
    let other = ClientId::parse("00000000-0000-4000-8000-0000000000ff").unwrap();
    source.put(client());
    assert_eq!(blocks.hold_client(&client_id(), after(44)).await, Ok(false), "not looked at yet");
    assert_eq!(blocks.hold_client(&client_id(), after(45)).await, Ok(true));
    assert_eq!(blocks.hold_client(&other, after(45)).await, Ok(false));
    source.fail(true);
    assert_eq!(blocks.hold_client(&other, after(105)).await, Err(BlockListUnread));
}
