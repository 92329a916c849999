//! The outgoing HTTP client: trusted authorities, client certificate, and limits of what is read.
//!
//! One client per identity, made once and shared; a new certificate makes a new client. No redirects (a credential
//! would follow them), no proxies from the environment, HTTP/1.1. Deadlines belong to the call, because each operation
//! has its own.

mod body;
mod certificate;
mod client;
mod identity;
mod trust;

pub(crate) use body::bounded;
pub use certificate::TransportCertificate;
pub use client::client;
pub use identity::mutual_client;
pub use trust::{OUTBOUND_TRUST, Trust};

#[cfg(test)]
mod tests;
