//! The ports that decisions on data consents work through.

use std::sync::Arc;
use std::time::Duration;

use ponte_authorization::ports::Pseudonyms;
use ponte_data_consent::ports::{ConsentDecisions, Consents, Institution};

/// The data consents of this institution, as a kind of target.
#[derive(Clone)]
pub struct DataSharing {
    /// The consents.
    pub consents: Arc<dyn Consents>,
    /// Where decisions are committed.
    pub decisions: Arc<dyn ConsentDecisions>,
    /// The institution's systems, which know the products.
    pub institution: Arc<dyn Institution>,
    /// Public ids of products.
    pub pseudonyms: Arc<dyn Pseudonyms>,
    /// How long the other approvers of a product have (C60).
    pub approval_term: Duration,
}
