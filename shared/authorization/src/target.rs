//! The target of an authorization: a consent, a recurring consent or an enrolment, as the authorization server sees it.
//!
//! Each kind has rules of its own elsewhere; tokens need only its scope, its client and its state (S12, S50, S51).

use ponte_values::{ClientId, ConsentId, TargetKind};
use serde::{Deserialize, Serialize};

/// A target that a customer authorises.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Target {
    /// Kind of the target.
    pub kind: TargetKind,
    /// The URN the client knows it by; all kinds share its form (S50).
    pub id: ConsentId,
}

impl Target {
    /// A data consent.
    #[must_use]
    pub const fn consent(id: ConsentId) -> Self {
        Self { kind: TargetKind::Consent, id }
    }

    /// The dynamic scope that names it (S50).
    #[must_use]
    pub fn scope(&self) -> String {
        format!("{}:{}", self.kind.scope(), self.id)
    }
}

/// The state of a target at a moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TargetState {
    /// The client that created it.
    pub client: ClientId,
    /// Its status.
    pub status: TargetStatus,
}

/// The status of a target, the same for all kinds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TargetStatus {
    /// The customer has not decided.
    Awaiting,
    /// Tokens may be issued for it.
    Authorised {
        /// Pseudonym of the customer who said yes (S16).
        subject: String,
    },
    /// A payment consent that was used: no token is issued or refreshed any more (S12), and an access token that was issued reads its
    /// payments until it expires (S30).
    Consumed {
        /// Pseudonym of the customer who said yes (S16).
        subject: String,
    },
    /// Rejected, expired or revoked: no tokens any more (S12).
    Ended,
}

impl TargetState {
    /// Whether it waits for a customer to decide on what `client` asks.
    #[must_use]
    pub fn awaits(&self, client: &ClientId) -> bool {
        self.client == *client && self.status == TargetStatus::Awaiting
    }

    /// Whether `subject` authorised it for `client`, and it is still in force.
    #[must_use]
    pub fn authorised(&self, client: &ClientId, subject: &str) -> bool {
        let by = |status: &TargetStatus| matches!(status, TargetStatus::Authorised { subject: authorised } if authorised == subject);
        self.client == *client && by(&self.status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s50_a_target_is_named_by_its_dynamic_scope() {
        let id = ConsentId::parse("urn:banco:1").unwrap();
        let scope = |kind| Target { kind, id: id.clone() }.scope();
        assert_eq!(scope(TargetKind::Consent), "consent:urn:banco:1");
        assert_eq!(scope(TargetKind::RecurringConsent), "recurring-consent:urn:banco:1");
        assert_eq!(scope(TargetKind::Enrollment), "enrollment:urn:banco:1");
    }

    #[test]
    fn s12_tokens_follow_one_client_and_one_customer() {
        let client = |id| ClientId::parse(id).unwrap();
        let state = |status| TargetState { client: client("a"), status };
        let authorised = state(TargetStatus::Authorised { subject: "s".to_owned() });
        assert!(authorised.authorised(&client("a"), "s"));
        assert!(!authorised.authorised(&client("b"), "s") && !authorised.authorised(&client("a"), "t"));
        assert!(!state(TargetStatus::Ended).authorised(&client("a"), "s"));
        assert!(!state(TargetStatus::Consumed { subject: "s".to_owned() }).authorised(&client("a"), "s"));
        assert!(state(TargetStatus::Awaiting).awaits(&client("a")));
        assert!(!state(TargetStatus::Awaiting).awaits(&client("b")) && !authorised.awaits(&client("a")));
    }
}
