//! The clock and the random numbers of the local cloud: no other file reads them.

use time::OffsetDateTime;
use uuid::Uuid;

/// Wall clock, UTC.
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// Milliseconds since 1970.
pub(crate) fn epoch_millis() -> u64 {
    u64::try_from(now().unix_timestamp_nanos() / 1_000_000).unwrap_or_default()
}

/// A new request id, UUID version 4 as Lambda uses.
#[expect(clippy::disallowed_methods, reason = "the local cloud plays AWS, which makes up these ids")]
pub(crate) fn request_id() -> Uuid {
    Uuid::new_v4()
}
