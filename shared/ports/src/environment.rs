//! Clock, pauses and fresh ids, as ports, so that a test decides them.

use std::time::Duration;

use async_trait::async_trait;
use ponte_values::Moment;

/// How far the clocks of two environments may lie apart (T12). What another one noted further ahead than that was noted
/// by a clock that was wrong, and nobody waits for it (LB-04).
pub const CLOCK_DIFFERENCE: Duration = Duration::from_mins(5);

/// The clock.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> Moment;
}

/// Pauses between two tries.
#[async_trait]
pub trait Pauses: Send + Sync {
    /// Returns when `span` is over.
    async fn pause(&self, span: Duration);
}

/// Fresh ids and secrets.
pub trait Ids: Send + Sync {
    /// A UUIDv4 in lower case.
    fn uuid(&self) -> String;
    /// 256 random bits, base64url without padding (43 characters).
    fn secret(&self) -> String;
}
