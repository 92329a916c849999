//! The circuit breaker of an operation of the integration layer, shared by all Lambda execution environments (T63).
//!
//! An environment serves one call at a time, so a bank that hangs does not fill up one process: it fills up all of them,
//! one call each. What holds it back must therefore lie outside of them, in a row an operation:
//!
//! - **held clients**: after [`FAILURES`] calls of one client at one environment without an answer the questions of that
//!   client are turned away for a pause; then one of them goes through (its own probe), and its answer ends this, or its
//!   silence makes the next pause twice as long. It may be this client's customers alone for whom the bank is slow, so
//!   nobody else notices. Where there is only one client, this is all the protection there is to give.
//! - **open**: when calls of two clients had no answer like this, nobody asks for a pause; then one call of a client that is
//!   not held back itself does (the probe), and its answer closes the breaker, or its silence opens it for twice as long.
//!   Whoever opened it, or took a probe that had no answer, lets the others go first with every further probe: it may take
//!   one only a whole pause after it is due. So two clients cannot keep it open by taking the probe in turns.
//! - **slots**, the bulkhead: before that, an environment whose last [`SUSPECT`] calls had no answer goes on asking only
//!   if it has one of [`SLOTS`], of which one client takes half at most. So a bank that hangs holds that many environments,
//!   and of the others each one a call or two.
//!
//! A row is written by environments that got no answer, and by the probe: while the bank answers nobody writes. The rules
//! here have no clock; a row whose times lie in the future is as good as over (LB-04).

mod limits;
mod row;

pub use limits::{
    CLIENTS, FAILURES, LONGEST_PAUSE, PAUSE, PROBE, SKEW, SLOT, SLOTS, SLOTS_OF_CLIENT, SUSPECT,
};
pub use row::{Admission, Asker, BreakerRow, HeldClient, Slot};

use async_trait::async_trait;

use crate::PortError;

/// Where the environments share the breakers of an institution.
#[async_trait]
pub trait Breakers: Send + Sync {
    /// The rows that there are; those of operations that always answered are not.
    async fn rows(&self) -> Result<Vec<BreakerRow>, PortError>;
    /// Stores a row in the place of its version before; false if another environment was faster.
    async fn replace(&self, row: &BreakerRow) -> Result<bool, PortError>;
}
