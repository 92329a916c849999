//! The ports of `pcm`: outbox, queue, ledger, metrics platform, and the time.

use std::sync::Arc;

use ponte_authorization::ports::ReportedArrivals;
use ponte_catalog::pcm::EndpointList;
use ponte_metrics::ports::{Backlog, Ledger, Platform, Settlements, Tickets};
use ponte_ports::{Clock, Ids, Operations, Pauses, Quality};

/// Ports of the operations.
#[derive(Clone)]
pub struct Ports {
    /// The outbox.
    pub backlog: Arc<dyn Backlog>,
    /// The queue.
    pub tickets: Arc<dyn Tickets>,
    /// Claims and verdicts of the worker.
    pub settlements: Arc<dyn Settlements>,
    /// Archive, ledger and parked rows, for operators.
    pub ledger: Arc<dyn Ledger>,
    /// The arrivals that were reported when customers came.
    pub arrivals: Arc<dyn ReportedArrivals>,
    /// The metrics platform.
    pub platform: Arc<dyn Platform>,
    /// What operators ordered by queue, of all functions.
    pub operations: Arc<dyn Operations>,
    /// What was found in the institution's records.
    pub quality: Arc<dyn Quality>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids, and chance.
    pub ids: Arc<dyn Ids>,
    /// WaitingReports.
    pub pauses: Arc<dyn Pauses>,
    /// The endpoints the platform accepts.
    pub endpoints: &'static EndpointList,
}
