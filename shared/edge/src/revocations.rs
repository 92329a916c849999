//! Whether the authority of a caller's certificate has revoked it (T41).
//!
//! Three places are looked at, the nearest first: what this environment read in the last 45 s, what is known in the table that
//! all functions share, and the authority itself, by OCSP and then by its list. So authorities are asked about a certificate
//! once in a quarter of an hour for the whole stack, by the environment that took the question in the table, and a revocation that
//! one function learns counts at the others 45 s later. A host that was silent is left alone by all of them for a minute.
//! The authorities above a certificate are looked up in the same way, as far as the bundle has their issuers.
//! Only somebody whom the caller's certificate and credential already identify causes a question.

mod authority;
mod hosts;
mod lookup;
mod memory;

pub use lookup::{RevocationFault, RevocationPorts, Revocations};

#[cfg(test)]
mod tests;
