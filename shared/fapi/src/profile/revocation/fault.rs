//! Why an answer of a responder or a revocation list proves nothing.

/// Reason why bytes say nothing about a certificate. None of them names the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatementFault {
    /// Not DER of the expected structure.
    #[error("not readable")]
    Malformed,
    /// The responder answered with an error status: it is overloaded, or does not serve this question.
    #[error("the responder refused to answer")]
    Refused,
    /// The responder does not know the certificate.
    #[error("the responder does not know the certificate")]
    Unknown,
    /// Signed by nobody whom the issuer lets sign this, or the signature does not fit.
    #[error("not signed by the issuer or a responder of its own")]
    Signer,
    /// About other certificates, or of another issuer.
    #[error("about other certificates")]
    OtherCertificate,
    /// From the future, over, or too old to be news.
    #[error("not current")]
    NotCurrent,
    /// An answer to another question.
    #[error("answer to another question")]
    Nonce,
    /// A list for other kinds of certificates, for some reasons alone, of several issuers, or of changes alone.
    #[error("a list with another scope")]
    Scope,
    /// A critical extension that is not understood.
    #[error("with an unknown critical extension")]
    Extension,
}
