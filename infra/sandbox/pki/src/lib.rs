//! Keys and certificates shaped like the Brazilian profiles (S95 to S98), made once and kept.
//!
//! One more kind of certificate = one more variant of [`Profile`] in `profile.rs`.

mod authority;
mod flaw;
mod keys;
mod profile;
#[cfg(test)]
mod tests;

pub(crate) use authority::certificates;
pub use authority::{Authority, Identity};
pub(crate) use authority::{INSTITUTION, WORLD};
pub use flaw::{Flaw, flawed, respelled};
pub(crate) use keys::KeyStore;
pub use keys::RsaKey;
pub use profile::{Profile, SealSubject, Spelling, SystemSubject, TransportSubject};
