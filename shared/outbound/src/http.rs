//! The outgoing HTTP client: trusted authorities, client certificate, and limits of what is read.
//!
//! Make a client once and share it: it holds the connections, at most two idle ones for each host and 20 s long. The one
//! with a client certificate makes a new client
//! when the certificate rotates. No redirects (a credential would follow them), no proxies from the environment, HTTP/1.1.
//! Connecting has a timeout of its own; the deadline of a whole call belongs to the call, because each operation has its own.

mod body;
mod certificate;
mod client;
mod gzip;
mod identity;
mod trust;

pub use body::bounded;
pub use certificate::TransportCertificate;
pub(crate) use client::refuses_a_certificate;
pub use client::{Client, Resend, client};
pub use gzip::compressed;
pub use identity::{certificate_end, mutual_client};
pub use trust::{OUTBOUND_TRUST, Trust};

#[cfg(test)]
mod tests;
