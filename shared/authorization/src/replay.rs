//! The second use of an authorization code: what its first use brought is taken back (RFC 6749 section 4.1.2).

use ponte_ports::audit::{Actor, AuditEntry};
use ponte_values::Moment;

use crate::block_list::{BLOCK_MEMORY, Block, Blocked};
use crate::grant::Code;

/// What is written when a code comes a second time, with the end of the refresh token that it brought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Replay {
    /// Shuts out the access tokens that are out. A customer decides once on a target, so all of them come from this
    /// code; by the time the entry is over the last one has expired, and none is issued any more.
    pub block: Block,
    /// The audit row, in the history of the target.
    pub audit: AuditEntry,
}

impl Replay {
    /// The second use of a code by its own client at `now`.
    #[must_use]
    pub fn of(code: &Code, now: Moment) -> Self {
        let target = &code.grant.target;
        let block = Block { blocked: Blocked::Grant(target.clone()), until: Some(now.plus(BLOCK_MEMORY)) };
        let audit = AuditEntry {
            at: now,
            actor: Actor::Client(code.client.to_string()),
            subject: target.id.to_string(),
            action: "tokens.revoked",
            before: None,
            after: "TOKENS_REVOKED",
            reason: Some("CODE_REPLAYED".into()),
            interaction: None,
            operator: None,
        };
        Self { block, audit }
    }
}
