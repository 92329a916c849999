//! The end of a consent: by whom, for which reason, when, and with which note (C06).

use ponte_values::{Invalid, Moment};
use serde::{Deserialize, Serialize};

/// Party that ended a consent (C06).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RejectedBy {
    /// The customer.
    User,
    /// This institution.
    Aspsp,
    /// The client.
    Tpp,
}

/// Why a consent ended (C06).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RejectionReason {
    /// 60 minutes passed without a decision.
    ConsentExpired,
    /// The customer refused.
    CustomerManuallyRejected,
    /// Revoked after it was authorised.
    CustomerManuallyRevoked,
    /// `expirationDateTime` was reached.
    ConsentMaxDateReached,
    /// A fault of the institution made it impossible.
    ConsentTechnicalIssue,
    /// Security, for instance another person logged in.
    InternalSecurityReason,
}

/// Why an institution ends a consent of its own accord (C04).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InstitutionReason {
    /// Fraud is suspected: INTERNAL_SECURITY_REASON.
    Security,
    /// It cannot be served any more: CONSENT_TECHNICAL_ISSUE.
    TechnicalIssue,
}

/// The end of a consent: who, why and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rejection {
    /// Party that ended it.
    pub by: RejectedBy,
    /// Why.
    pub reason: RejectionReason,
    /// When.
    pub at: Moment,
}

/// `additionalInformation` of an end: 1 to 140 characters on one line, no space around them (C06).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Note(String);

impl Note {
    /// Longest note in characters.
    pub const MAX_LENGTH: usize = 140;

    /// Reads a note.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fits = (1..=Self::MAX_LENGTH).contains(&text.chars().count());
        if fits && text.trim() == text && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("additionalInformation"))
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Note {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl RejectedBy {
    /// The code on the wire (C06).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::Aspsp => "ASPSP",
            Self::Tpp => "TPP",
        }
    }
}

impl RejectionReason {
    /// The code on the wire (C06).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConsentExpired => "CONSENT_EXPIRED",
            Self::CustomerManuallyRejected => "CUSTOMER_MANUALLY_REJECTED",
            Self::CustomerManuallyRevoked => "CUSTOMER_MANUALLY_REVOKED",
            Self::ConsentMaxDateReached => "CONSENT_MAX_DATE_REACHED",
            Self::ConsentTechnicalIssue => "CONSENT_TECHNICAL_ISSUE",
            Self::InternalSecurityReason => "INTERNAL_SECURITY_REASON",
        }
    }
}

impl From<InstitutionReason> for RejectionReason {
    fn from(reason: InstitutionReason) -> Self {
        match reason {
            InstitutionReason::Security => Self::InternalSecurityReason,
            InstitutionReason::TechnicalIssue => Self::ConsentTechnicalIssue,
        }
    }
}
