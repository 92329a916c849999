//! The responders and revocation lists of authorities, over plain HTTP (T41).
//!
//! Addresses come out of certificates, so each is looked at before it is dialled: the address itself, and whatever its name
//! resolves to. Nothing private is reached, no redirect is followed, nothing long is read, and no connection is kept: a call
//! here is rare, and the next one would find it dead.

mod http_responders;
mod reach;
mod settings;

pub use http_responders::HttpResponders;
pub use reach::{REVOCATION_RESPONDERS, Reach};
pub use settings::RevocationSettings;

#[cfg(test)]
mod tests;
