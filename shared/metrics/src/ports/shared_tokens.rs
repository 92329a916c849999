//! The platform's token, shared by all environments of a function, and the turn to fetch the next one (M01, T52).

use std::ops::Range;

use async_trait::async_trait;
use ponte_ports::PortError;
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
    /// is a later token. `owner` is a new id for each turn, so that a repetition is known by it.
    async fn take_turn(&self, version: u64, owner: &str, turn: Range<Moment>) -> Result<bool, PortError>;
    /// Stores the token after `version` and ends the turn; false if another owner has taken the turn since.
    async fn keep(&self, version: u64, owner: &str, token: &SharedToken) -> Result<bool, PortError>;
    /// Leaves the turn after a failure: the next try may begin at `until`; false if another owner has taken it since.
    async fn leave_turn(&self, owner: &str, until: Moment) -> Result<bool, PortError>;
}
