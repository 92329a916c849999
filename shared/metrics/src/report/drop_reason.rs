//! The reason why a customer cannot go on, reported by the server that created the consent (M38, since 17/07/2026).

use serde::{Deserialize, Serialize};

/// The reason of M38.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DropReason {
    /// The customer has a credential and the powers, or left on their own.
    None,
    /// No customer here, or one who never had a credential.
    NoCredential,
    /// There is a credential that cannot be used now, or nobody can tell.
    CredentialUnavailable,
    /// A credential without the powers for what was asked.
    NoAuthority,
    /// A person who has nothing to do with the company of the consent.
    NoAuthorityPersonMismatch,
}

/// The endpoints whose POST creates a consent or an enrolment, by API and last part of the path.
const CREATED: [(&str, &str); 4] = [
    ("consents", "consents"),
    ("payments", "consents"),
    ("automatic-payments", "recurring-consents"),
    ("enrollments", "enrollments"),
];

impl DropReason {
    /// Whether the report of a call of this template and method has a drop reason.
    #[must_use]
    pub fn belongs_to(endpoint: &str, method: &str) -> bool {
        let mut parts = endpoint.split('/');
        let root = (parts.next(), parts.next()) == (Some(""), Some("open-banking"));
        let (api, version, resource) = (parts.next(), parts.next(), parts.next());
        let versioned = version
            .and_then(|version| version.strip_prefix('v'))
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()));
        let created = CREATED.iter().any(|(of, name)| (api, resource) == (Some(*of), Some(*name)));
        root && versioned && created && parts.next().is_none() && method == "POST"
    }
}
