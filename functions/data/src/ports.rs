//! The ports of the data APIs: the institution's systems, and the ids that leave in the place of its own.

use std::sync::Arc;

use ponte_data_consent::ports::{Institution, Pseudonyms};

/// Ports of the operations.
pub struct Ports {
    /// The institution's systems.
    pub institution: Arc<dyn Institution>,
    /// Public ids of records.
    pub pseudonyms: Arc<dyn Pseudonyms>,
}
