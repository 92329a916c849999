//! Who is asked whether a certificate is revoked, and where the answers are kept.

use async_trait::async_trait;
use ponte_ports::PortError;

use crate::revocation::StatusRecord;

/// The responders and lists of authorities, over plain HTTP. What they send is judged by its signature, not by where it came
/// from. An address comes out of a certificate that an accepted authority signed, and nothing that it redirects to is asked.
#[async_trait]
pub trait Responders: Send + Sync {
    /// Asks an OCSP responder (RFC 6960 appendix A): an OCSPRequest for an OCSPResponse, both DER.
    async fn ask(&self, address: &str, question: Vec<u8>) -> Result<Vec<u8>, PortError>;
    /// Fetches a revocation list, DER.
    async fn list(&self, address: &str) -> Result<Vec<u8>, PortError>;
}

/// What is known of certificates and of the responders of their authorities, shared by all functions.
#[async_trait]
pub trait CertificateStatuses: Send + Sync {
    /// Reads what is known of the certificate or responder with this id, strongly consistent.
    async fn find(&self, id: &str) -> Result<Option<StatusRecord>, PortError>;
    /// Stores it in the place of the version before; false if another environment was faster, and nothing changed.
    async fn replace(&self, id: &str, record: &StatusRecord) -> Result<bool, PortError>;
}
