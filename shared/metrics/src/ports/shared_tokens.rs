//! The platform's token, one for all environments of a function, and whose turn it is to fetch the next (M01, T52).

use std::ops::Range;

use async_trait::async_trait;
use ponte_ports::PortError;
use ponte_values::{Moment, SecretText};

/// The token as all environments see it.
#[derive(Clone, Debug)]
pub struct SharedToken {
    /// The bearer token.
    pub text: SecretText,
    /// From here on somebody should fetch the next one.
    pub renew_at: Moment,
    /// From here on it is worth nothing.
    pub ends_at: Moment,
}

/// The last token, and the turn to fetch the next.
#[derive(Clone, Debug, Default)]
pub struct TokenLease {
    /// Counts the tokens; 0 before the first.
    pub version: u64,
    /// The last token; none before the first.
    pub token: Option<SharedToken>,
    /// Until when somebody is fetching the next one.
    pub leased_until: Option<Moment>,
}

/// Where the environments of a function share the platform's token.
#[async_trait]
pub trait SharedTokens: Send + Sync {
    /// The token and the turn as they are, strongly consistent.
    async fn look(&self) -> Result<TokenLease, PortError>;
    /// Takes the turn to fetch what comes after `version`, from now until its end; false if it is somebody else's.
    async fn take_turn(&self, version: u64, owner: &str, turn: Range<Moment>) -> Result<bool, PortError>;
    /// Stores the token after `version` and ends the turn; false if the turn was over.
    async fn keep(&self, version: u64, owner: &str, token: &SharedToken) -> Result<bool, PortError>;
    /// Leaves the turn after a failure: the next try may begin at `until`.
    async fn leave_turn(&self, owner: &str, until: Moment) -> Result<bool, PortError>;
}
