//! Why a customer cannot go on, as the server tells it of a created consent (M38, since 17/07/2026).

use serde::{Deserialize, Serialize};

/// What the look at the customer gave.
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

/// What the customer may do for the person or company of the consent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Authority {
    /// Everything that was asked.
    Full,
    /// Not what was asked.
    None,
    /// Nothing, being somebody else.
    PersonMismatch,
}

/// What the institution says of a customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HolderAnswer {
    /// Whether the customer has a credential here; none where the institution cannot tell now.
    pub is_account_holder: Option<bool>,
    /// What the customer may do, where the institution knows.
    #[serde(default)]
    pub authority: Option<Authority>,
}

/// The endpoints whose POST creates a consent or an enrolment, by API and last part of the path.
const CREATED: [(&str, &str); 4] = [
    ("consents", "consents"),
    ("payments", "consents"),
    ("automatic-payments", "recurring-consents"),
    ("enrollments", "enrollments"),
];

impl HolderAnswer {
    /// What the answer means. Absence is never presumed: who cannot tell says that the credential is not available.
    #[must_use]
    pub const fn drop_reason(self) -> DropReason {
        match (self.is_account_holder, self.authority) {
            (None, _) => DropReason::CredentialUnavailable,
            (Some(false), _) => DropReason::NoCredential,
            (Some(true), Some(Authority::None)) => DropReason::NoAuthority,
            (Some(true), Some(Authority::PersonMismatch)) => DropReason::NoAuthorityPersonMismatch,
            (Some(true), Some(Authority::Full) | None) => DropReason::None,
        }
    }
}

impl DropReason {
    /// Whether a call of this template and method is one that tells a reason.
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
