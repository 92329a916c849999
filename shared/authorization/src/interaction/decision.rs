//! The customer's login and decision, as an interaction keeps them.

use ponte_values::Moment;
use serde::{Deserialize, Serialize};

use super::assurance::Assurance;

/// A login of the customer at the institution.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Login {
    /// Pseudonym of the customer, the `sub` of the tokens (S16).
    pub subject: String,
    /// When the institution authenticated the customer.
    pub at: Moment,
    /// How strongly.
    pub assurance: Assurance,
}

/// Whom a login opened the decision to: what is kept of the secret that its answer carried, and the arrival it came through.
#[derive(Clone, Debug)]
pub struct ChannelSession {
    /// SHA-256 of the secret, base64url; the secret itself is only in the answer to the login.
    pub secret_hash: String,
    /// Reference of the arrival; `None` for an interaction of a release before there were arrivals.
    pub arrival: Option<String>,
}

/// The decision of the customer, and the ticket with which the browser fetches it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// Yes with the login it rests on, or no.
    pub outcome: Outcome,
    /// SHA-256 of the ticket's secret, base64url; the secret itself is only in the redirect.
    pub ticket_hash: String,
}

/// Authorisation or refusal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// The consent was authorised by this subject, authenticated at this moment.
    Granted {
        /// Pseudonym of the customer.
        subject: String,
        /// When the customer was authenticated.
        authenticated_at: Moment,
        /// How strongly.
        assurance: Assurance,
    },
    /// `access_denied`: the customer refused, or is not the one the consent names (S20).
    Denied,
}
