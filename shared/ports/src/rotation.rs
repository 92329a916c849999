//! Values made of a secret that may change at any time: keys, key sets, certificates.
//!
//! A function that sleeps between two calls has no background task, so it reads its secrets during calls: once in 45 s,
//! and at once (but not within 30 s of the last read) when a call shows something that only a newer version explains. A
//! version is checked before it replaces the one in use. A version that does not pass is ignored and reported once; a
//! failed read is repeated at the next occasion. The value in use stays in use in both cases.

mod fault_log;
mod interval;
mod rotating;
mod versions;
mod watched;

#[cfg(test)]
mod tests;

pub use interval::{COOLDOWN, INTERVAL};
pub use rotating::Rotating;
pub use versions::{Check, InvalidSecret, VersionPair};
pub use watched::WatchedSecret;
