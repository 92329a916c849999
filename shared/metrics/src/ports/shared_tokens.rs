//! The platform's token, shared by all environments of a function, and the turn to fetch the next one (M01, T52).

use std::ops::Range;
use std::time::Duration;

use async_trait::async_trait;
use ponte_ports::{CLOCK_DIFFERENCE, PortError};
use ponte_values::{Moment, SecretText};

/// The token as all Lambda execution environments see it.
#[derive(Clone, Debug)]
pub struct SharedToken {
    /// The bearer token.
    pub text: SecretText,
    /// From this moment on one environment fetches the next token.
    pub renew_at: Moment,
    /// End of the token.
    pub ends_at: Moment,
}

impl SharedToken {
    /// The token of this text, asked for at `asked` and good for `life`. A tenth of its life is left for the next one
    /// to be fetched.
    #[must_use]
    pub fn issued(text: SecretText, asked: Moment, life: Duration) -> Self {
        Self { text, renew_at: asked.plus(life * 9 / 10), ends_at: asked.plus(life) }
    }

    /// When it was asked for, by the clock of whoever did.
    #[must_use]
    pub fn asked_at(&self) -> Moment {
        self.ends_at.minus(self.ends_at.since(self.renew_at) * 10)
    }

    /// Whether it is good at `now`. One that was asked for in the future was asked for by a clock that was ahead: nobody
    /// knows when it ends (LB-04).
    #[must_use]
    pub fn is_good(&self, now: Moment) -> bool {
        now < self.ends_at && self.asked_at() <= now.plus(CLOCK_DIFFERENCE)
    }
}

impl TokenLease {
    /// Whether the turn belongs to somebody at `now`, if turns last `turn`. One that would last longer was taken by a
    /// clock that was ahead, and nobody waits for its end (LB-04).
    #[must_use]
    pub fn is_taken(&self, now: Moment, turn: Duration) -> bool {
        self.leased_until.is_some_and(|until| now < until && until <= latest_end(now.plus(turn)))
    }
}

/// The latest end of a turn of somebody else, if one that began now would end at `end`.
#[must_use]
pub fn latest_end(end: Moment) -> Moment {
    end.plus(CLOCK_DIFFERENCE)
}

/// The last token, and the turn to fetch the next.
#[derive(Clone, Debug, Default)]
pub struct TokenLease {
    /// Counts the tokens; 0 before the first.
    pub version: u64,
    /// The last token; `None` before the first.
    pub token: Option<SharedToken>,
    /// End of the turn of the environment that is fetching the next token.
    pub leased_until: Option<Moment>,
}

/// Where the environments of a function share the platform's token.
#[async_trait]
pub trait SharedTokens: Send + Sync {
    /// The token and the turn as they are, strongly consistent.
    async fn look(&self) -> Result<TokenLease, PortError>;
    /// Takes the turn to fetch the token after `version`, from now until its end; false if another owner has it, or if there
    /// is a later token. A turn beyond [`latest_end`] is nobody's. `owner` is a new id for each turn, so that a repetition is known by it.
    async fn take_turn(&self, version: u64, owner: &str, turn: Range<Moment>) -> Result<bool, PortError>;
    /// Stores the token after `version` and ends the turn; false if another owner has taken the turn since.
    async fn keep(&self, version: u64, owner: &str, token: &SharedToken) -> Result<bool, PortError>;
    /// Leaves the turn after a failure: the next try may begin at `until`; false if another owner has taken it since.
    async fn leave_turn(&self, owner: &str, until: Moment) -> Result<bool, PortError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Duration = Duration::from_mins(5);
    const MILLISECOND: Duration = Duration::from_millis(1);

    fn asked() -> Moment {
        Moment::from_seconds(1_000_000)
    }

    fn token() -> SharedToken {
        SharedToken::issued(SecretText::from("token".to_owned()), asked(), LIFE)
    }

    #[test]
    fn t52_the_last_tenth_of_a_token_is_for_fetching_the_next() {
        let token = token();
        assert_eq!(token.text.expose(), "token");
        assert_eq!(token.renew_at, asked().plus(Duration::from_secs(270)));
        assert_eq!(token.ends_at, asked().plus(LIFE));
        assert_eq!(token.asked_at(), asked());
    }

    #[test]
    fn lb04_a_token_is_good_until_its_end_and_not_if_it_was_asked_for_in_the_future() {
        let token = token();
        for (now, good) in [
            (asked(), true),
            (token.ends_at.minus(MILLISECOND), true),
            (token.ends_at, false),
            (asked().minus(CLOCK_DIFFERENCE), true),
            (asked().minus(CLOCK_DIFFERENCE).minus(MILLISECOND), false),
        ] {
            assert_eq!(token.is_good(now), good, "{now}");
        }
    }

    #[test]
    fn lb04_a_turn_belongs_to_somebody_until_its_end_and_not_if_it_would_last_too_long() {
        let (now, turn) = (asked(), Duration::from_secs(20));
        let longest = now.plus(turn).plus(CLOCK_DIFFERENCE);
        assert_eq!(latest_end(now.plus(turn)), longest);
        for (until, taken) in [
            (None, false),
            (Some(now), false),
            (Some(now.plus(MILLISECOND)), true),
            (Some(longest), true),
            (Some(longest.plus(MILLISECOND)), false),
        ] {
            let lease = TokenLease { leased_until: until, ..TokenLease::default() };
            assert_eq!(lease.is_taken(now, turn), taken, "{until:?}");
        }
    }
}
