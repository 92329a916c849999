//! The ports that the steps of an interaction work through.

use std::sync::Arc;

use ponte_authorization::ports::{Handoffs, Interactions};
use ponte_data_consent::ports::{Consents, Institution, Pseudonyms};

use crate::commands::ChannelKeys;
use crate::settings::Settings;

/// Ports and settings of this function.
pub struct Ports {
    /// The consents.
    pub consents: Arc<dyn Consents>,
    /// The interactions in progress.
    pub interactions: Arc<dyn Interactions>,
    /// Their short codes.
    pub handoffs: Arc<dyn Handoffs>,
    /// The institution's systems.
    pub institution: Arc<dyn Institution>,
    /// Public ids of customers and products.
    pub pseudonyms: Arc<dyn Pseudonyms>,
    /// Keys of the institution's back end; none switches the command loop off.
    pub channel_keys: Option<ChannelKeys>,
    /// What differs between institutions.
    pub settings: Settings,
}
