//! Used `jti` of signed messages: each counts once for its client, in every environment (S62).

use async_trait::async_trait;
use ponte_values::{ClientId, Moment};

use crate::PortError;

/// Remembers which `jti` of which client was used. Nothing of a signed request is believed before its `jti` is taken here.
#[async_trait]
pub trait UsedMessages: Send + Sync {
    /// Takes the `jti` (a UUID in lower case) for `owner`, a name that no other call has. True if it is now the owner's, also if it
    /// was already: a write whose reply was lost is repeated with the same owner (T06). False if somebody else took it, and its
    /// `until` is not over at `now`; from `until` on it is free again, whether or not the store has cleaned up.
    async fn claim(&self, claim: MessageClaim<'_>) -> Result<bool, PortError>;
}

/// A `jti` to take.
#[derive(Clone, Copy, Debug)]
pub struct MessageClaim<'a> {
    /// The client that signed.
    pub client: &'a ClientId,
    /// The `jti`, in lower case.
    pub jti: &'a str,
    /// Who takes it.
    pub owner: &'a str,
    /// Time of the call.
    pub now: Moment,
    /// From then on it is free again.
    pub until: Moment,
}
