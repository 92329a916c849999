//! Whether the authority of a client certificate has revoked it: OCSP (RFC 6960, profile of RFC 5019) and revocation lists
//! (RFC 5280 section 5).
//!
//! Pure: the issuers, the bytes that a responder sent and the time come in as values. [`Issuers`] finds the issuer of a
//! certificate and with it the addresses that may be asked: they are believed only because the issuer signed them.
//! [`ocsp`] writes the question and judges the answer, [`list`] judges a list. Both give a [`Statement`], or a
//! [`StatementFault`] for bytes that prove nothing.

mod der;
mod fault;
mod id;
mod issuers;
pub mod list;
pub mod ocsp;
mod signature;
mod statement;

pub use fault::StatementFault;
pub use id::CertificateId;
pub use issuers::{IssuedCertificate, Issuers, IssuersFault};
pub use statement::{CertificateStatus, Statement};
