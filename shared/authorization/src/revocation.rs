//! What is known of the revocation of a client certificate, and for how long it counts (T41).
//!
//! A statement of its authority is not asked for again while it is fresh. When nobody answers then, the last one serves on
//! until its end, a revocation for good. Of two statements the newer one counts: anybody on the way can send an old one again.

mod check;
mod record;

pub use check::RevocationCheck;
pub use record::{CLAIM, COOLDOWN, KnownStatus, Source, StatusRecord};

#[cfg(test)]
mod tests;
