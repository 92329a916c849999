//! The context of a function's calls: clock, ids, outbox, organisation and base URL.

use std::fmt;
use std::sync::Arc;

use ponte_ports::{Clock, Ids, Outbox};
use ponte_values::OrganisationId;

/// Ports and settings that every router needs.
#[derive(Clone)]
pub struct Context {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The source of fresh ids and secrets.
    pub ids: Arc<dyn Ids>,
    /// The outbox for reports.
    pub outbox: Arc<dyn Outbox>,
    /// This institution's organisation.
    pub organisation: OrganisationId,
    /// Scheme and host in the links of answers, without a slash at the end.
    pub base_url: String,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}
