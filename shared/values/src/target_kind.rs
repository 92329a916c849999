//! Kinds of targets: the consents and enrolments that customers authorise.

use serde::{Deserialize, Serialize};

/// Kind of target. Consents share a dynamic scope, the others have one each (S50).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TargetKind {
    /// `consent:`: data.
    Consent,
    /// `consent:`: payments. The id says so ([`crate::ConsentId::is_payment`]).
    PaymentConsent,
    /// `recurring-consent:`: automatic payments.
    RecurringConsent,
    /// `enrollment:`: registration of a device.
    Enrollment,
}

impl TargetKind {
    /// Name of the dynamic scope, without the colon (S50).
    #[must_use]
    pub const fn scope(self) -> &'static str {
        match self {
            Self::Consent | Self::PaymentConsent => "consent",
            Self::RecurringConsent => "recurring-consent",
            Self::Enrollment => "enrollment",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s50_each_kind_has_its_dynamic_scope_and_its_name_on_disk() {
        for (kind, scope, name) in [
            (TargetKind::Consent, "consent", "\"CONSENT\""),
            (TargetKind::PaymentConsent, "consent", "\"PAYMENT_CONSENT\""),
            (TargetKind::RecurringConsent, "recurring-consent", "\"RECURRING_CONSENT\""),
            (TargetKind::Enrollment, "enrollment", "\"ENROLLMENT\""),
        ] {
            assert_eq!((kind.scope(), serde_json::to_string(&kind).unwrap().as_str()), (scope, name));
        }
    }
}
