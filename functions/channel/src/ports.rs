//! The ports that the steps of an interaction work through.

use std::sync::Arc;

use ponte_authorization::ports::Pseudonyms;
use ponte_authorization::ports::{
    Attempts, Customers, Handoffs, InteractionChanges, Interactions, SignedCalls, Tickets,
};
use ponte_edge::TokenBlocks;

use crate::channel_keys::ChannelKeys;
use crate::settings::Settings;
use crate::target::DecisionTargets;

/// Ports and settings of this function.
pub struct Ports {
    /// Targets that customers decide on here, a source for each kind.
    pub targets: Vec<Arc<dyn DecisionTargets>>,
    /// The interactions in progress.
    pub interactions: Arc<dyn Interactions>,
    /// Their changes.
    pub changes: Arc<dyn InteractionChanges>,
    /// Their short codes.
    pub handoffs: Arc<dyn Handoffs>,
    /// Attempts that are limited: short codes, logins, lists of products, yeses.
    pub attempts: Arc<dyn Attempts>,
    /// Used ids of the calls that the institution's back end signed.
    pub signed_calls: Arc<dyn SignedCalls>,
    /// The clients that are shut out.
    pub blocks: TokenBlocks,
    /// The customers of the institution.
    pub customers: Arc<dyn Customers>,
    /// The tickets that take browsers back.
    pub tickets: Arc<dyn Tickets>,
    /// Public ids of customers.
    pub pseudonyms: Arc<dyn Pseudonyms>,
    /// Keys of the institution's back end; `None` switches the command loop off.
    pub channel_keys: Option<ChannelKeys>,
    /// Settings of the institution.
    pub settings: Settings,
}
