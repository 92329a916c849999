//! The ports that payments work through.

use std::sync::Arc;

use ponte_authorization::ports::Pseudonyms;
use ponte_payment::connector::PaymentConnector;
use ponte_payment::ports::{PaymentConsentIndex, PaymentConsents, PaymentQueue, Payments};
use ponte_ports::{Clock, History, Ids};

use crate::settings::Settings;

/// Ports and settings of this function.
#[derive(Clone)]
pub struct Ports {
    /// The payment consents.
    pub consents: Arc<dyn PaymentConsents>,
    /// The payment consents by their customer and deadline.
    pub index: Arc<dyn PaymentConsentIndex>,
    /// The payments.
    pub payments: Arc<dyn Payments>,
    /// The core that moves the money.
    pub connector: Arc<dyn PaymentConnector>,
    /// The queue of the worker.
    pub queue: Arc<dyn PaymentQueue>,
    /// Audit rows of consents and payments.
    pub history: Arc<dyn History>,
    /// Public ids of customers.
    pub pseudonyms: Arc<dyn Pseudonyms>,
    /// The time, for what no call orders.
    pub clock: Arc<dyn Clock>,
    /// Ids of commits and workers.
    pub ids: Arc<dyn Ids>,
    /// Settings of the institution.
    pub settings: Settings,
}
