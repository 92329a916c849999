//! The platform's token in memory, and the contract of every store of it (T52).

use std::ops::Range;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use ponte_metrics::ports::{SharedToken, SharedTokens, TokenLease, latest_end};
use ponte_ports::PortError;
use ponte_values::Moment;

/// A token and its turn in memory.
#[derive(Default)]
pub struct TokensInMemory(Mutex<Stored>);

#[derive(Default)]
struct Stored {
    lease: TokenLease,
    /// Owner of the turn, or of the last one.
    owner: String,
}

#[async_trait]
impl SharedTokens for TokensInMemory {
    async fn look(&self) -> Result<TokenLease, PortError> {
        Ok(self.0.lock().unwrap().lease.clone())
    }

    async fn take_turn(&self, version: u64, owner: &str, turn: Range<Moment>) -> Result<bool, PortError> {
        let mut stored = self.0.lock().unwrap();
        let others = turn.start..latest_end(turn.end);
        let taken =
            stored.lease.leased_until.is_some_and(|until| others.start < until && until <= others.end);
        if stored.lease.version != version || taken {
            return Ok(stored.owner == owner);
        }
        owner.clone_into(&mut stored.owner);
        stored.lease.leased_until = Some(turn.end);
        Ok(true)
    }

    async fn keep(&self, version: u64, owner: &str, token: &SharedToken) -> Result<bool, PortError> {
        let mut stored = self.0.lock().unwrap();
        if stored.owner != owner {
            return Ok(false);
        }
        stored.lease = TokenLease { version: version + 1, token: Some(token.clone()), leased_until: None };
        Ok(true)
    }

    async fn leave_turn(&self, owner: &str, until: Moment) -> Result<bool, PortError> {
        let mut stored = self.0.lock().unwrap();
        if stored.owner != owner {
            return Ok(false);
        }
        stored.lease.leased_until = Some(until);
        Ok(true)
    }
}

/// A turn is one environment's, and ends with the token. `tokens` has none yet.
pub async fn a_turn_is_one_environments_and_ends_with_the_token(tokens: &dyn SharedTokens, now: Moment) {
    let turn = |seconds| now.plus(Duration::from_secs(seconds))..now.plus(Duration::from_secs(seconds + 10));
    assert!(tokens.take_turn(0, "one", turn(0)).await.unwrap());
    assert!(!tokens.take_turn(0, "two", turn(9)).await.unwrap());
    assert!(tokens.take_turn(0, "two", turn(10)).await.unwrap());
    let token = SharedToken { text: "t".to_owned().into(), renew_at: now, ends_at: now };
    assert!(!tokens.keep(0, "one", &token).await.unwrap(), "its turn was over");
    assert!(tokens.keep(0, "two", &token).await.unwrap());
    let kept = tokens.look().await.unwrap();
    assert_eq!((kept.version, kept.leased_until), (1, None));
    assert_eq!(kept.token.unwrap().text.expose(), "t");
    assert!(!tokens.take_turn(0, "three", turn(20)).await.unwrap(), "there is a newer one");
    assert!(tokens.take_turn(1, "three", turn(20)).await.unwrap());
    assert!(tokens.leave_turn("three", now).await.unwrap());
    assert!(tokens.take_turn(1, "four", turn(20)).await.unwrap());
    // Its time is over by the clock of any other, but nobody followed: what it fetched is still the next token.
    assert!(tokens.keep(1, "four", &token).await.unwrap());
    assert_eq!(tokens.look().await.unwrap().version, 2);
    // LB-04: a clock that was an hour ahead holds nobody up.
    assert!(tokens.take_turn(2, "ahead", turn(3_600)).await.unwrap());
    assert!(tokens.take_turn(2, "five", turn(20)).await.unwrap());
    assert!(!tokens.take_turn(2, "behind", turn(0)).await.unwrap(), "clocks differ by less than that");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn t52_the_token_in_memory_is_held_to_it_too() {
        let tokens = TokensInMemory::default();
        let now = crate::examples::now();
        a_turn_is_one_environments_and_ends_with_the_token(&tokens, now).await;
    }
}
