//! The circuit breaker of an operation of the integration layer, shared by all Lambda execution environments (T63).
//!
//! An environment serves one call at a time, so a bank that hangs does not fill up one process: it fills up all of them,
//! one call each. What holds it back must therefore lie outside of them, in a row an operation:
//!
//! - **open**: after [`FAILURES`] calls of one environment without an answer nobody asks for a pause; then one
//!   environment does (the probe), and its answer closes the breaker, or its silence opens it for twice as long.
//! - **slots**, the bulkhead: before that, an environment whose last [`SUSPECT`] calls had no answer goes on asking only
//!   if it has one of [`SLOTS`]. So a bank that hangs holds that many environments, and of the others each one a call
//!   or two.
//!
//! A row is written by environments that got no answer, and by the probe: while the bank answers nobody writes. The rules
//! here have no clock; a row whose times lie in the future is as good as over (LB-04).

mod limits;
mod row;

pub use limits::{FAILURES, LONGEST_PAUSE, PAUSE, PROBE, SKEW, SLOT, SLOTS, SUSPECT};
pub use row::{Admission, BreakerRow, Slot};

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
