//! JSON Web Signatures in compact form, PS256 only (S02, S04, S60).
//!
//! A token is read in two steps, so that nothing of it is used unverified: [`CompactJws::parse`] judges the header and
//! tells the key id, [`CompactJws::verify`] checks the signature and only then reads the claims.

mod compact;
mod fault;
mod policy;
mod signer;
mod verifying_key;

#[cfg(test)]
mod tests;

pub use compact::CompactJws;
pub use fault::JwsFault;
pub use policy::Policy;
pub use signer::{Signer, TokenType};
pub use verifying_key::VerifyingKey;
