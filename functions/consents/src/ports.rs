//! The ports that the operations on data consents work through.

use std::sync::Arc;

use ponte_authorization::ports::Pseudonyms;
use ponte_data_consent::ports::{ConsentIndex, Consents, DiscoveredResources, Extensions, Institution};
use ponte_ports::History;

use crate::settings::Settings;

/// Ports and settings of this function.
pub struct Ports {
    /// The consents.
    pub consents: Arc<dyn Consents>,
    /// Their renewals.
    pub extensions: Arc<dyn Extensions>,
    /// The consents by their customer.
    pub index: Arc<dyn ConsentIndex>,
    /// Products that they share and no customer chose.
    pub discovered: Arc<dyn DiscoveredResources>,
    /// Their audit rows.
    pub history: Arc<dyn History>,
    /// The institution's systems.
    pub institution: Arc<dyn Institution>,
    /// Public ids of customers and products.
    pub pseudonyms: Arc<dyn Pseudonyms>,
    /// Settings of the institution.
    pub settings: Settings,
}
