//! The ports that decisions on payment consents work through.

use std::sync::Arc;

use ponte_authorization::ports::Pseudonyms;
use ponte_payment::connector::ConsentConnector;
use ponte_payment::institution_rules::PaymentRules;
use ponte_payment::ports::{PaymentConsentDecisions, PaymentConsents};

/// The payment consents of this institution, as a kind of target.
#[derive(Clone)]
pub struct PaymentDecisions {
    /// The consents.
    pub consents: Arc<dyn PaymentConsents>,
    /// Where decisions are committed.
    pub decisions: Arc<dyn PaymentConsentDecisions>,
    /// The core, which knows the accounts.
    pub connector: Arc<dyn ConsentConnector>,
    /// Public ids of accounts.
    pub pseudonyms: Arc<dyn Pseudonyms>,
    /// Rules of the institution.
    pub rules: PaymentRules,
}
