//! The port to the audit rows and their seals.

use async_trait::async_trait;

use super::head::ChainHead;
use super::night::Standing;
use super::seal::{AuditPart, AuditSeal, RowDigest};
use crate::PortError;

/// What became of going on with a chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Appended {
    /// It is stored.
    Done,
    /// Others were writing the same at every try; what is stored is not known.
    Contended,
    /// The end of the chain is not the version before any more, or something lies where the seal goes. Nothing was stored.
    Refused,
}

/// The audit rows, for reading, and the chain over them, for going on with it. All reads are strongly consistent.
#[async_trait]
pub trait AuditChain: Send + Sync {
    /// At most `limit` rows with a sort key above `after` and not above `until`, by sort key.
    async fn rows(
        &self,
        part: AuditPart,
        after: &str,
        until: &str,
        limit: usize,
    ) -> Result<Vec<RowDigest>, PortError>;

    /// The end of the chain of a shard; `None` before it began.
    async fn head(&self, shard: u8) -> Result<Option<ChainHead>, PortError>;

    /// Moves the end of the chain to `head`, behind `seal` if there is one, in one transaction.
    async fn append(&self, head: &ChainHead, seal: Option<&AuditSeal>) -> Result<Appended, PortError>;

    /// The first seal of a part with a number above `number`.
    async fn seal_after(&self, part: AuditPart, number: u64) -> Result<Option<AuditSeal>, PortError>;

    /// Where the proof of the nights stands; `None` before the first.
    async fn standing(&self) -> Result<Option<Standing>, PortError>;

    /// Notes where it stands; false if it is not the version before any more.
    async fn stand(&self, standing: &Standing) -> Result<bool, PortError>;
}
