//! How a question reaches the institution: what every way there takes and brings back.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use ponte_ports::PortError;
use ponte_values::SecretText;
use tokio::time::Instant;

use crate::http::Resend;

/// Largest answer that is read, in bytes: more does not fit into the answer of a function either.
pub const LIMIT: usize = 6 * 1024 * 1024;
/// Largest body that is read of an answer other than 200: of an error, its code is read.
pub const ERROR_LIMIT: usize = 64 * 1024;

/// A question on its way.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    /// Path of the operation below the base of the layer.
    pub(super) operation: &'a str,
    /// JSON.
    pub(super) body: &'a Bytes,
    /// Shown as Bearer.
    pub(super) credential: &'a SecretText,
    /// Whether it may go out twice.
    pub(super) resend: Resend,
    /// When its answer, the body included, must be there.
    pub(super) until: Instant,
}

impl Question<'_> {
    /// The time it has left.
    pub(super) fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }
}

/// An answer of the layer, as every way brings it.
pub(super) struct Reply {
    pub(super) status: u16,
    /// `Retry-After`.
    pub(super) wait: Option<Duration>,
    /// JSON, if the layer keeps its contract.
    pub(super) body: Vec<u8>,
}

/// A way to the layer. An error is of the way: nobody answered.
#[async_trait]
pub(super) trait Carry: Send + Sync {
    async fn carry(&self, question: Question<'_>) -> Result<Reply, PortError>;
}

/// A way to the integration layer of an institution.
pub struct Way(pub(super) Box<dyn Carry>);
