//! The contract of the ports: what the real adapter and the one fake of each must both hold.
//!
//! A function per promise, over empty stores; it panics at the promise that is broken. The fakes are held to them here,
//! the tables in the tests of `store`, the clock and the ids of the machine in those of `cloud`.
//!
//! To add a port: a file here with its promises, taken from the words of the trait, and a call of each in both places.

pub mod api_keys;
pub mod attempts;
pub mod audit_chain;
pub mod blocks;
pub mod breakers;
pub mod call_counts;
pub mod certificates;
pub mod commits;
pub mod discovered;
pub mod environment;
pub mod extensions;
pub mod handoffs;
pub mod history;
pub mod index;
pub mod interactions;
pub mod message_ids;
pub mod operations;
pub mod outbox;
pub mod payment_consents;
pub mod payments;
pub mod quality;
pub mod secrets;

use async_trait::async_trait;
use ponte_authorization::ports::{Handoffs, InteractionChanges, Interactions};
use ponte_data_consent::ports::{ConsentDecisions, ConsentIndex, Consents, Extensions};
use ponte_payment::ports::{PaymentConsentDecisions, PaymentConsentIndex, PaymentConsents, Payments};
use ponte_ports::outbox::{Notice, NoticeKind};
use ponte_ports::{History, StatusChanges, Trail, Trails};

use crate::examples::{now, row};

/// The ports of one store of consents and interactions, empty at first.
#[derive(Clone, Copy)]
pub struct Stores<'a> {
    /// Consents.
    pub consents: &'a dyn Consents,
    /// Consents changed together with an interaction.
    pub decisions: &'a dyn ConsentDecisions,
    /// Renewals of the consents.
    pub extensions: &'a dyn Extensions,
    /// Consents by customer and by due time.
    pub index: &'a dyn ConsentIndex,
    /// Audit rows of the changes.
    pub history: &'a dyn History,
    /// The same by their time.
    pub status_changes: &'a dyn StatusChanges,
    /// Trails that change nothing else.
    pub trails: &'a dyn Trails,
    /// Interactions.
    pub interactions: &'a dyn Interactions,
    /// Their changes.
    pub changes: &'a dyn InteractionChanges,
    /// Their short codes.
    pub handoffs: &'a dyn Handoffs,
    /// What no port of these shows.
    pub rows: &'a dyn StoredRows,
}

/// The ports of one store of payments, with the interactions beside, empty at first.
#[derive(Clone, Copy)]
pub struct PaymentStores<'a> {
    /// Payment consents.
    pub consents: &'a dyn PaymentConsents,
    /// Payment consents changed together with an interaction.
    pub decisions: &'a dyn PaymentConsentDecisions,
    /// Payment consents by customer and by due time.
    pub index: &'a dyn PaymentConsentIndex,
    /// Payments and the keys of their requests.
    pub payments: &'a dyn Payments,
    /// Interactions.
    pub interactions: &'a dyn Interactions,
    /// What no port of these shows.
    pub rows: &'a dyn StoredRows,
}

/// How many rows lie in a store.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RowCount {
    /// Audit rows.
    pub audit: usize,
    /// Reports.
    pub reports: usize,
    /// Notices.
    pub notices: usize,
}

/// A look into a store past its ports.
#[async_trait]
pub trait StoredRows: Send + Sync {
    /// Rows in it now.
    async fn count(&self) -> RowCount;
}

impl RowCount {
    /// The count after one more trail was written.
    fn with(self, trail: &Trail) -> Self {
        Self {
            audit: self.audit + trail.audit.len(),
            reports: self.reports + trail.outbox.len(),
            notices: self.notices + trail.notices.len(),
        }
    }
}

/// A trail with a report and a notice of its own besides.
fn full(trail: Trail) -> Trail {
    let name = trail.id.clone();
    let (id, body) = (format!("notice-{name}"), "{}".to_owned());
    let mut trail = trail.reporting([row(&format!("report-{name}"), now())]);
    trail.notices.push(Notice { id, at: now(), kind: NoticeKind::Status, body });
    trail
}

#[cfg(test)]
mod tests;
