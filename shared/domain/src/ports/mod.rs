//! The port traits, one per noun; each has exactly one adapter, the AWS one. Break a port by decorating it.

mod api_keys;
mod consents;
mod environment;
mod grants;
mod handoffs;
mod history;
mod institution;
mod participants;
mod reports;
mod secrets;
mod stock;

use std::error::Error;
use std::fmt::{self, Write as _};

pub use api_keys::ApiKeys;
pub use consents::{
    Commit, CommitFault, ConsentIndex, ConsentPage, Consents, Extensions, Holder, IndexFault, Interactions,
    Listing, Order,
};
pub use environment::{Clock, Ids, Pauses, Pseudonyms};
pub use grants::{Clients, Directory, Grants, Targets};
pub use handoffs::Handoffs;
pub use history::{History, HistoryPage};
pub use institution::{Customer, Discovered, Institution, InstitutionFault, Records, RecordsRequest};
pub use participants::{Answered, CallFault, Info, OutgoingCall, Participants};
pub use reports::{
    Backlog, HeldReports, Later, Ledger, Outbox, Parked, Part, Platform, PlatformAnswer, Settlement,
    Settlements, Stretch, Tickets, Verdict, Waiting,
};
pub use secrets::{Alarm, Alarms, SecretVersion, SecretVersions};
pub use stock::ConsentStock;

/// Something behind a port did not work. Opaque to the rules: 504 after a timeout, else 500; logged once at the edge.
#[derive(Debug)]
pub struct PortError {
    what: &'static str,
    timeout: bool,
    source: Box<dyn Error + Send + Sync>,
}

impl PortError {
    /// A failure of `what`, for instance "consents table".
    pub fn new(what: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { what, timeout: false, source: source.into() }
    }

    /// `what` did not answer in time.
    pub fn timeout(what: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { what, timeout: true, source: source.into() }
    }

    /// Whether time ran out.
    #[must_use]
    pub const fn is_timeout(&self) -> bool {
        self.timeout
    }
}

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.what, if self.timeout { "did not answer in time" } else { "failed" })
    }
}

impl Error for PortError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}

/// An error and all its causes in one line, for a log or an alarm.
#[must_use]
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}
