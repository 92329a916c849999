//! Used `jti`: each counts once for its client (S62).

use std::time::Duration;

use futures_util::future::join_all;
use ponte_ports::{MessageClaim, UsedMessages};
use ponte_values::ClientId;

use crate::examples::now;

/// Claims at the same time.
const AT_ONCE: u32 = 64;
const JTI: &str = "7f2e8a52-5a0e-4a0b-b8a6-4dd8a4d3e0f1";

fn claim<'a>(client: &'a ClientId, jti: &'a str, owner: &'a str) -> MessageClaim<'a> {
    MessageClaim { client, jti, owner, now: now(), until: now().plus(Duration::from_hours(24)) }
}

/// A `jti` is its first owner's until its end, and that owner may take it as often as its replies are lost (T06).
pub async fn a_message_counts_once_for_its_client(used: &dyn UsedMessages) {
    let (one, two) = (ClientId::parse("client-1").unwrap(), ClientId::parse("client-2").unwrap());
    assert!(used.claim(claim(&one, JTI, "a")).await.unwrap());
    assert!(!used.claim(claim(&one, JTI, "b")).await.unwrap(), "somebody else's");
    assert!(used.claim(claim(&one, JTI, "a")).await.unwrap(), "the same owner, whose reply was lost");
    assert!(used.claim(claim(&two, JTI, "b")).await.unwrap(), "another client's");
    let other = "8f2e8a52-5a0e-4a0b-b8a6-4dd8a4d3e0f1";
    assert!(used.claim(claim(&one, other, "b")).await.unwrap(), "another message");
}

/// Time frees it, not the clean-up of the store.
pub async fn a_message_is_free_when_its_time_is_over(used: &dyn UsedMessages) {
    let client = ClientId::parse("client-1").unwrap();
    let first = claim(&client, JTI, "a");
    assert!(used.claim(first).await.unwrap());
    let before = first.until.minus(Duration::from_secs(1));
    assert!(!used.claim(MessageClaim { owner: "b", now: before, ..first }).await.unwrap());
    let until = first.until.plus(Duration::from_hours(24));
    assert!(used.claim(MessageClaim { owner: "b", now: first.until, until, ..first }).await.unwrap());
    assert!(!used.claim(MessageClaim { owner: "c", now: first.until, until, ..first }).await.unwrap());
}

/// Of 64 at once one is taken.
pub async fn of_64_messages_at_once_one_counts(used: &dyn UsedMessages) {
    let client = ClientId::parse("client-1").unwrap();
    let owners: Vec<String> = (0..AT_ONCE).map(|owner| owner.to_string()).collect();
    let claims = owners.iter().map(|owner| used.claim(claim(&client, JTI, owner)));
    let taken = join_all(claims).await.into_iter().filter(|taken| *taken.as_ref().unwrap()).count();
    assert_eq!(taken, 1);
}
