//! The ports of the data APIs: the institution's systems, what they discovered, the ids that leave in the place of its own, and what
//! is wrong with its records.

use std::sync::Arc;

use ponte_authorization::ports::Pseudonyms;
use ponte_data_consent::ports::{DiscoveredResources, Institution};
use ponte_ports::Quality;

/// Ports of the operations.
pub struct Ports {
    /// The institution's systems.
    pub institution: Arc<dyn Institution>,
    /// Products that no customer chose, as they were discovered.
    pub discovered: Arc<dyn DiscoveredResources>,
    /// Public ids of products and records.
    pub pseudonyms: Arc<dyn Pseudonyms>,
    /// Counts of what breaks the standard.
    pub quality: Arc<dyn Quality>,
    /// Whether records that break it are refused.
    pub strict: bool,
}
