//! Keys and certificates shaped like the Brazilian profiles (S95 to S98), made once and kept.
//!
//! One more kind of certificate = one more variant of [`Profile`] in `profile.rs`.

mod authority;
mod brcac;
mod flaw;
mod keys;
mod pem;
mod profile;
mod responder;
#[cfg(test)]
mod tests;

pub use authority::{Authority, INSTITUTION, Identity, Label, WORLD};
pub use brcac::brcac_of;
pub use flaw::{Flaw, flawed, respelled};
pub use keys::{KeyStore, RsaKey};
pub use pem::certificates;
pub use profile::{Profile, SealSubject, Spelling, SystemSubject, TransportSubject};
pub use responder::Responder;
