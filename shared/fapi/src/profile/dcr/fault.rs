//! Faults of a registration, each under one of the five codes of the specification (S90).

use crate::jose::jws::JwsFault;

/// `error` of an answer to a registration (S90, RFC 7591 section 3.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationError {
    /// `invalid_redirect_uri`.
    InvalidRedirectUri,
    /// `invalid_client_metadata`.
    InvalidClientMetadata,
    /// `invalid_software_statement`.
    InvalidSoftwareStatement,
    /// `unapproved_software_statement`.
    UnapprovedSoftwareStatement,
    /// `invalid_webhook_uris`, the ecosystem's own.
    InvalidWebhookUris,
}

impl RegistrationError {
    /// The code on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidClientMetadata => "invalid_client_metadata",
            Self::InvalidSoftwareStatement => "invalid_software_statement",
            Self::UnapprovedSoftwareStatement => "unapproved_software_statement",
            Self::InvalidWebhookUris => "invalid_webhook_uris",
        }
    }
}

/// Reason why a registration is refused. The text repeats nothing that was sent; names are those of members and claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationFault {
    /// Not a JSON object, or too long.
    #[error("body is not a JSON object of client metadata")]
    Body,
    /// A member of the wrong JSON type, too long, or with characters it cannot have.
    #[error("{0} is not well formed")]
    Malformed(&'static str),
    /// A member asks for something this server does not do (S02, S04, S06, S14).
    #[error("{0} is not supported")]
    Unsupported(&'static str),
    /// Keys by value (S82).
    #[error("jwks by value is not accepted, only jwks_uri")]
    JwksByValue,
    /// Not the address of the directory (S82).
    #[error("jwks_uri is not the software_jwks_uri of the software statement")]
    JwksUriMismatch,
    /// Nothing to encrypt an id_token for (S82).
    #[error("jwks_uri has no key of use enc")]
    EncryptionKeyMissing,
    /// More than the active roles allow (S85).
    #[error("scope exceeds the active roles of the software statement")]
    ScopeBeyondRoles,
    /// Not the subject of the certificate (S84).
    #[error("tls_client_auth_subject_dn is not the subject of the client certificate")]
    SubjectMismatch,
    /// The body of a change names another client (RFC 7592 section 2.2).
    #[error("client_id is not the one of this registration")]
    OtherClient,
    /// No redirect URI (S83).
    #[error("redirect_uris is missing or empty")]
    RedirectUrisMissing,
    /// A redirect URI that is none: not https, with a fragment, too long (S83).
    #[error("redirect_uris has an entry that is not well formed")]
    RedirectUriMalformed,
    /// A redirect URI that the software statement lacks (S83).
    #[error("redirect_uris has an entry that the software statement lacks")]
    RedirectUriMismatch,
    /// Webhook URIs of the wrong form (S87).
    #[error("webhook_uris is not well formed")]
    WebhookUrisMalformed,
    /// Other webhook URIs than those of the software statement (S87).
    #[error("webhook_uris is not equal to the software_api_webhook_uris of the software statement")]
    WebhookUrisMismatch,
    /// No software statement (S81).
    #[error("software_statement is missing")]
    StatementMissing,
    /// A software statement that is not one of the directory (S81).
    #[error("software_statement: {0}")]
    Statement(JwsFault),
    /// A claim of the software statement is missing or not well formed.
    #[error("software_statement: {0} is missing or not well formed")]
    StatementClaim(&'static str),
    /// Issued more than five minutes ago (S81).
    #[error("software_statement was issued more than five minutes ago")]
    StatementTooOld,
    /// Issued in the future.
    #[error("software_statement was issued in the future")]
    StatementNotYetIssued,
    /// The certificate is of another organisation or software (S84).
    #[error("software_statement is not of the organisation and software of the client certificate")]
    CertificateMismatch,
    /// A change with the statement of another software (S89).
    #[error("software_statement is not the one of this registration")]
    OtherSoftware,
    /// The organisation is not active.
    #[error("organisation of the software statement is not active")]
    OrganisationInactive,
    /// No active role (S85).
    #[error("software statement has no active role")]
    RoleInactive,
    /// Registered already (S88).
    #[error("software statement is registered already")]
    AlreadyRegistered,
}

impl RegistrationFault {
    /// The code on the wire.
    #[must_use]
    pub fn error(self) -> RegistrationError {
        match self {
            Self::RedirectUrisMissing | Self::RedirectUriMalformed | Self::RedirectUriMismatch => {
                RegistrationError::InvalidRedirectUri
            }
            Self::WebhookUrisMalformed | Self::WebhookUrisMismatch => RegistrationError::InvalidWebhookUris,
            Self::StatementMissing
            | Self::Statement(_)
            | Self::StatementClaim(_)
            | Self::StatementTooOld
            | Self::StatementNotYetIssued
            | Self::CertificateMismatch
            | Self::OtherSoftware => RegistrationError::InvalidSoftwareStatement,
            Self::OrganisationInactive | Self::RoleInactive | Self::AlreadyRegistered => {
                RegistrationError::UnapprovedSoftwareStatement
            }
            Self::Body
            | Self::Malformed(_)
            | Self::Unsupported(_)
            | Self::JwksByValue
            | Self::JwksUriMismatch
            | Self::EncryptionKeyMissing
            | Self::ScopeBeyondRoles
            | Self::SubjectMismatch
            | Self::OtherClient => RegistrationError::InvalidClientMetadata,
        }
    }
}

impl From<JwsFault> for RegistrationFault {
    fn from(fault: JwsFault) -> Self {
        Self::Statement(fault)
    }
}
