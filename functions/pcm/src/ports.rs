//! What the function reaches the world through.

use std::sync::Arc;

use ponte_catalog::pcm::EndpointList;
use ponte_metrics::ports::{Backlog, Ledger, Platform, Settlements, Tickets};
use ponte_ports::{Clock, Ids, Pauses};

/// The ports of `pcm`.
#[derive(Clone)]
pub struct Ports {
    /// The outbox.
    pub backlog: Arc<dyn Backlog>,
    /// The queue.
    pub tickets: Arc<dyn Tickets>,
    /// What the worker writes down.
    pub settlements: Arc<dyn Settlements>,
    /// What an operator reads and moves.
    pub ledger: Arc<dyn Ledger>,
    /// The metrics platform.
    pub platform: Arc<dyn Platform>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids, and chance.
    pub ids: Arc<dyn Ids>,
    /// Waiting.
    pub pauses: Arc<dyn Pauses>,
    /// The endpoints the platform accepts.
    pub endpoints: &'static EndpointList,
}

impl Ports {
    /// A share of one, from 0 to 255 of 255, by chance.
    pub(crate) fn chance(&self) -> u8 {
        self.ids.uuid().get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(u8::MAX)
    }
}
