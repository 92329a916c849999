//! The time that a command may take.

use std::time::Duration;

/// After this much time a command answers with what is left.
pub(super) const BUDGET: Duration = Duration::from_secs(18);
