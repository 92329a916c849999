//! What may happen once happens once: jti, pushed request, code.

use super::*;
use crate::block_list::BlockListTable;
use crate::testing::Database;
use ponte_authorization::block_list::{BLOCK_MEMORY, Block, Blocked};
use ponte_authorization::grant::{CODE_LIFE, Grant, GrantPolicy, JTI_MEMORY};
use ponte_authorization::interaction::Assurance;
use ponte_authorization::ports::Blocks as _;
use ponte_authorization::target::Target;
use ponte_kit::clock::ManualClock;
use ponte_kit::examples::{client_id, consent_id, interaction, now};
use tokio::sync::Barrier;

fn grants(dynamo: &Dynamo) -> (Arc<GrantTable>, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(now()));
    (Arc::new(GrantTable::of_tests(dynamo, clock.clone())), clock)
}

fn pushed() -> PushedRequest {
    PushedRequest {
        request_uri: "urn:ietf:params:oauth:request_uri:1".to_owned(),
        client: client_id(),
        target: Target::consent(consent_id()),
        linked: None,
        assurance: Assurance::Loa2,
        redirect_uri: "https://receptora.example/cb".to_owned(),
        scope: "openid consent:urn:banco:1 accounts".to_owned(),
        state: Some("state".to_owned()),
        nonce: "nonce".to_owned(),
        code_challenge: "challenge".to_owned(),
        expires_at: now().plus(GrantPolicy::default().request_uri_life()),
    }
}

fn grant() -> Grant {
    Grant {
        subject: "subject".to_owned(),
        target: Target::consent(consent_id()),
        linked: None,
        scope: "openid accounts".to_owned(),
        assurance: Assurance::Loa2,
        authenticated_at: now(),
    }
}

fn code(hash: &str) -> Code {
    Code {
        hash: hash.to_owned(),
        client: client_id(),
        redirect_uri: "https://receptora.example/cb".to_owned(),
        code_challenge: "challenge".to_owned(),
        nonce: "nonce".to_owned(),
        grant: grant(),
        expires_at: now().plus(CODE_LIFE),
    }
}

fn refresh(hash: &str) -> RefreshToken {
    RefreshToken { hash: hash.to_owned(), client: client_id(), grant: grant(), issued_at: now() }
}

/// The interaction after its last change, which the store must follow on the first.
fn ended() -> Interaction {
    let mut ended = interaction("n-1");
    ended.version = 2;
    ended
}

async fn begun(database: &Database, table: &GrantTable) {
    table.push(&pushed()).await.unwrap();
    let item = crate::interactions::item_of(&database.dynamo, &interaction("n-1"), "n-1").unwrap();
    database.dynamo.put("test", "interactions", item).await.unwrap();
}

#[tokio::test]
async fn s62_t37_a_jti_counts_once_per_client_until_it_is_forgotten() {
    let database = Database::start().await;
    let (table, clock) = grants(&database.dynamo);
    let other = ClientId::parse("client-2").unwrap();
    let until = now().plus(JTI_MEMORY);
    assert!(table.claim_jti(&client_id(), "j", until, "a").await.unwrap());
    assert!(table.claim_jti(&client_id(), "j", until, "a").await.unwrap());
    assert!(!table.claim_jti(&client_id(), "j", until, "b").await.unwrap());
    assert!(table.claim_jti(&other, "j", until, "b").await.unwrap());
    for odd in ["", "#", &"x".repeat(5_000)] {
        assert!(table.claim_jti(&client_id(), odd, until, "a").await.unwrap());
    }
    // T37: used at 23 h 59 it is a repetition, after 24 h it is new.
    clock.set(now().plus(JTI_MEMORY.saturating_sub(Duration::from_mins(1))));
    assert!(!table.claim_jti(&client_id(), "j", until, "c").await.unwrap());
    clock.set(until);
    assert!(table.claim_jti(&client_id(), "j", until.plus(JTI_MEMORY), "d").await.unwrap());
    assert!(!table.claim_jti(&client_id(), "j", until, "e").await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s62_of_sixty_four_uses_of_a_jti_one_counts() {
    let database = Database::start().await;
    let (table, _) = grants(&database.dynamo);
    let barrier = Arc::new(Barrier::new(64));
    let racers = (0..64).map(|number| {
        let (table, barrier) = (Arc::clone(&table), Arc::clone(&barrier));
        tokio::spawn(async move {
            barrier.wait().await;
            let until = now().plus(JTI_MEMORY);
            table.claim_jti(&client_id(), "j", until, &format!("o{number}")).await.unwrap()
        })
    });
    let mut first = 0;
    for racer in racers.collect::<Vec<_>>() {
        first += usize::from(racer.await.unwrap());
    }
    assert_eq!(first, 1);
}

#[tokio::test]
async fn t06_a_jti_whose_reply_was_lost_is_still_ours() {
    let database = Database::start().await;
    let losing = database.losing(|exchange| exchange % 2 == 0).await;
    let (table, _) = grants(&losing);
    for number in 0..3 {
        let (jti, until) = (format!("j{number}"), now().plus(JTI_MEMORY));
        assert!(table.claim_jti(&client_id(), &jti, until, "me").await.unwrap(), "{number}");
    }
}

#[tokio::test]
async fn s05_reading_a_pushed_request_does_not_consume_it_and_concluding_does() {
    let database = Database::start().await;
    let (table, _) = grants(&database.dynamo);
    assert_eq!(table.pushed(&pushed().request_uri).await.unwrap(), None);
    begun(&database, &table).await;
    for _ in 0..2 {
        assert_eq!(table.pushed(&pushed().request_uri).await.unwrap(), Some(pushed()));
    }
    table.conclude(&ended(), Some(&code("h1"))).await.unwrap();
    assert_eq!(table.pushed(&pushed().request_uri).await.unwrap(), None);
    assert_eq!(table.code("h1").await.unwrap(), Some(code("h1")));
    assert_eq!(table.code("h2").await.unwrap(), None);
    // A second time is a conflict, also with another code, and issues nothing.
    for again in ["h1", "h2"] {
        assert!(matches!(table.conclude(&ended(), Some(&code(again))).await, Err(CommitFault::Conflict)));
    }
    assert_eq!(table.code("h2").await.unwrap(), None);
    let stored = database.item("interactions", "I#banco#N#n-1", "META").await.unwrap();
    assert_eq!(stored["version"], n(2));
}

#[tokio::test]
async fn s05_a_pushed_request_outlives_its_own_end_by_an_interaction() {
    let database = Database::start().await;
    let (table, _) = grants(&database.dynamo);
    table.push(&pushed()).await.unwrap();
    let stored = database.items("grants").await.remove(0);
    let kept_until = pushed().expires_at.plus(INTERACTION_LIMIT).seconds();
    assert_eq!(stored["expires_at"], n(kept_until), "the table may clean up no earlier");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s05_of_sixty_four_conclusions_one_issues_its_code() {
    let database = Database::start().await;
    let (table, _) = grants(&database.dynamo);
    begun(&database, &table).await;
    let barrier = Arc::new(Barrier::new(64));
    let racers = (0..64).map(|number| {
        let (table, barrier) = (Arc::clone(&table), Arc::clone(&barrier));
        tokio::spawn(async move {
            barrier.wait().await;
            table.conclude(&ended(), Some(&code(&format!("h{number}")))).await.is_ok()
        })
    });
    let mut won = 0;
    for racer in racers.collect::<Vec<_>>() {
        won += usize::from(racer.await.unwrap());
    }
    assert_eq!(won, 1);
    let mut codes = 0;
    for number in 0..64 {
        codes += usize::from(table.code(&format!("h{number}")).await.unwrap().is_some());
    }
    assert_eq!(codes, 1);
}

#[tokio::test]
async fn s11_a_refresh_token_is_revoked_for_good_and_an_unknown_one_is_nothing() {
    let database = Database::start().await;
    let (table, _) = grants(&database.dynamo);
    begun(&database, &table).await;
    table.conclude(&ended(), Some(&code("h1"))).await.unwrap();
    table.redeem(&code("h1"), &refresh("r1")).await.unwrap();
    for _ in 0..2 {
        table.revoke("r1").await.unwrap();
        assert_eq!(table.refresh_token("r1").await.unwrap(), None);
    }
    table.revoke("r9").await.unwrap();
    assert!(!database.items("grants").await.iter().any(|item| text(item, "pk").unwrap().ends_with("RT#r9")));
}

#[tokio::test]
async fn a_refused_interaction_ends_without_a_code() {
    let database = Database::start().await;
    let (table, _) = grants(&database.dynamo);
    begun(&database, &table).await;
    table.conclude(&ended(), None).await.unwrap();
    assert!(matches!(table.conclude(&ended(), None).await, Err(CommitFault::Conflict)));
    assert!(!database.items("grants").await.iter().any(|item| text(item, "pk").unwrap().contains("CODE")));
}

#[tokio::test]
async fn an_interaction_that_another_changed_keeps_its_pushed_request() {
    let database = Database::start().await;
    let (table, _) = grants(&database.dynamo);
    begun(&database, &table).await;
    let mut stale = ended();
    stale.version = 5;
    assert!(matches!(table.conclude(&stale, Some(&code("h1"))).await, Err(CommitFault::Conflict)));
    assert!(table.pushed(&pushed().request_uri).await.unwrap().is_some());
    assert_eq!(table.code("h1").await.unwrap(), None);
}

#[tokio::test]
async fn s12_a_code_is_spent_once_and_a_replay_revokes() {
    let database = Database::start().await;
    let (table, _) = grants(&database.dynamo);
    begun(&database, &table).await;
    table.conclude(&ended(), Some(&code("h1"))).await.unwrap();
    assert_eq!(table.redeem(&code("h1"), &refresh("r1")).await.unwrap(), Redemption::First);
    assert_eq!(table.refresh_token("r1").await.unwrap(), Some(refresh("r1")));
    assert!(table.code("h1").await.unwrap().is_some());
    assert_eq!(table.redeem(&code("h1"), &refresh("r2")).await.unwrap(), Redemption::Replayed);
    assert_eq!(table.refresh_token("r1").await.unwrap(), None);
    assert_eq!(table.refresh_token("r2").await.unwrap(), None);
    // A code that was never issued gets nothing either.
    assert_eq!(table.redeem(&code("h9"), &refresh("r9")).await.unwrap(), Redemption::Replayed);
    assert_eq!(table.refresh_token("r9").await.unwrap(), None);
}

/// A code that was redeemed once; its refresh token is `r1`.
async fn redeemed(database: &Database, table: &GrantTable) {
    begun(database, table).await;
    table.conclude(&ended(), Some(&code("h1"))).await.unwrap();
    assert_eq!(table.redeem(&code("h1"), &refresh("r1")).await.unwrap(), Redemption::First);
}

/// The second use of the code at a second.
async fn replay(table: &GrantTable, second: u64) -> Redemption {
    let late = RefreshToken { issued_at: now().plus(Duration::from_secs(second)), ..refresh("r2") };
    table.redeem(&code("h1"), &late).await.unwrap()
}

async fn blocks(database: &Database) -> Vec<Block> {
    BlockListTable::new(&database.dynamo, "block-list").all(now()).await.unwrap()
}

/// RFC 6749 section 4.1.2.
#[tokio::test]
async fn t60_s12_a_replayed_code_shuts_out_its_access_tokens_once_with_one_audit_row() {
    let database = Database::start().await;
    let (table, _) = grants(&database.dynamo);
    redeemed(&database, &table).await;
    assert!(blocks(&database).await.is_empty() && database.items("audit").await.is_empty());
    for second in [5, 6, 3_000] {
        assert_eq!(replay(&table, second).await, Redemption::Replayed, "{second}");
        let until = Some(now().plus(Duration::from_secs(5)).plus(BLOCK_MEMORY));
        let blocked = Blocked::Grant(Target::consent(consent_id()));
        assert_eq!(blocks(&database).await, [Block { blocked, until }], "the first replay's, at {second}");
    }
    let audit = database.items("audit").await;
    assert_eq!(audit.len(), 1, "{audit:?}");
    let row: serde_json::Value = serde_json::from_str(text(&audit[0], "body").unwrap()).unwrap();
    assert_eq!((&row["action"], &row["subject"]), (&"tokens.revoked".into(), &consent_id().as_str().into()));
    assert_eq!(row["reason"], "CODE_REPLAYED");
}

#[tokio::test]
async fn t60_a_code_that_nobody_was_given_shuts_nothing() {
    let database = Database::start().await;
    let (table, _) = grants(&database.dynamo);
    redeemed(&database, &table).await;
    assert_eq!(table.redeem(&code("h9"), &refresh("r9")).await.unwrap(), Redemption::Replayed);
    assert!(blocks(&database).await.is_empty() && database.items("audit").await.is_empty());
    assert!(table.refresh_token("r1").await.unwrap().is_some());
}

#[tokio::test]
async fn t06_t60_a_replay_whose_replies_are_lost_takes_back_once() {
    let database = Database::start().await;
    let (direct, _) = grants(&database.dynamo);
    redeemed(&database, &direct).await;
    let losing = database.losing(|exchange| exchange % 2 == 0).await;
    let (table, _) = grants(&losing);
    assert_eq!(replay(&table, 5).await, Redemption::Replayed);
    assert_eq!(direct.refresh_token("r1").await.unwrap(), None);
    assert_eq!((blocks(&database).await.len(), database.items("audit").await.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t60_of_sixty_four_replays_at_once_one_writes() {
    let database = Database::start().await;
    let (table, _) = grants(&database.dynamo);
    redeemed(&database, &table).await;
    let barrier = Arc::new(Barrier::new(64));
    let racers = (0..64).map(|second| {
        let (table, barrier) = (Arc::clone(&table), Arc::clone(&barrier));
        tokio::spawn(async move {
            barrier.wait().await;
            replay(&table, second).await
        })
    });
    for racer in racers.collect::<Vec<_>>() {
        assert_eq!(racer.await.unwrap(), Redemption::Replayed);
    }
    assert_eq!((blocks(&database).await.len(), database.items("audit").await.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s12_of_sixty_four_redemptions_one_is_the_first() {
    let database = Database::start().await;
    let (table, _) = grants(&database.dynamo);
    begun(&database, &table).await;
    table.conclude(&ended(), Some(&code("h1"))).await.unwrap();
    let barrier = Arc::new(Barrier::new(64));
    let racers = (0..64).map(|number| {
        let (table, barrier) = (Arc::clone(&table), Arc::clone(&barrier));
        tokio::spawn(async move {
            barrier.wait().await;
            table.redeem(&code("h1"), &refresh(&format!("r{number}"))).await.unwrap()
        })
    });
    let mut first = 0;
    for racer in racers.collect::<Vec<_>>() {
        first += usize::from(racer.await.unwrap() == Redemption::First);
    }
    assert_eq!(first, 1);
    for number in 0..64 {
        assert_eq!(table.refresh_token(&format!("r{number}")).await.unwrap(), None);
    }
}

#[tokio::test]
async fn t06_conclusion_and_redemption_survive_a_lost_reply() {
    let database = Database::start().await;
    let (direct, _) = grants(&database.dynamo);
    begun(&database, &direct).await;
    let losing = database.losing(|exchange| exchange % 2 == 0).await;
    let (table, _) = grants(&losing);
    table.conclude(&ended(), Some(&code("h1"))).await.unwrap();
    assert_eq!(table.redeem(&code("h1"), &refresh("r1")).await.unwrap(), Redemption::First);
    assert!(direct.refresh_token("r1").await.unwrap().is_some());
}

#[tokio::test]
async fn t06_a_redemption_without_its_token_is_recognised_by_its_owner() {
    let database = Database::start().await;
    let (table, _) = grants(&database.dynamo);
    begun(&database, &table).await;
    table.conclude(&ended(), Some(&code("h1"))).await.unwrap();
    for token in ["first", "second"] {
        let mut transaction = table.redemption(&code("h1"), &refresh("r1"), "me").unwrap();
        transaction.forget_token(token);
        assert!(matches!(transaction.run(&database.dynamo).await.unwrap(), Outcome::Applied));
    }
}
