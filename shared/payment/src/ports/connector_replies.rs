//! Replies of a core that works by queue, between whoever receives them and whoever waits.

use async_trait::async_trait;
use ponte_ports::PortError;
use ponte_values::Moment;

/// A reply as it came. It is signed; whoever waits verifies it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConnectorReply {
    /// The request that it answers.
    pub request: String,
    /// Status as over HTTP.
    pub status: u16,
    /// The signed answer.
    pub jwt: String,
    /// From then on nobody waits for it.
    pub expires_at: Moment,
}

/// Where replies wait.
#[async_trait]
pub trait ConnectorReplies: Send + Sync {
    /// Keeps a reply until it expires. The same twice is kept once; of two replies to one request the first stays, for whoever waits
    /// may have read it.
    async fn keep(&self, reply: &ConnectorReply) -> Result<(), PortError>;
    /// The reply to a request, if it came; strongly consistent.
    async fn reply_to(&self, request: &str, now: Moment) -> Result<Option<ConnectorReply>, PortError>;
}
