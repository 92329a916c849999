//! Dynamic client registration (S80 to S91, RFC 7591, RFC 7592).
//!
//! A registration is read in three steps. [`ClientMetadata::parse`] takes the body. The software statement in it is
//! verified like any token ([`crate::jose::jws::Policy::SOFTWARE_STATEMENT`], claims [`StatementClaims`]) with the
//! directory's keys. [`ClientMetadata::check`] holds the one against the other and against the certificate, and
//! returns the [`Registration`]. The caller still checks what needs a store or the network: that the key set has a key
//! to encrypt for (S82), and that the statement is registered once (S88).

mod fault;
mod metadata;
mod registration;
mod roles;
mod statement;

#[cfg(test)]
mod tests;

pub use fault::{RegistrationError, RegistrationFault};
pub use metadata::ClientMetadata;
pub use registration::Registration;
pub use roles::{Role, scopes_of};
pub use statement::{SoftwareStatement, StatementClaims};
