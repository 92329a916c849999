//! Interactions: read one, start one, commit a change of one.

use async_trait::async_trait;
use ponte_ports::outbox::OutboxRow;
use ponte_ports::{CommitFault, PortError, Trail};
use ponte_values::{ConsentId, Moment};

use crate::interaction::Interaction;

/// A change of an interaction alone.
///
/// Version 1 must not exist yet; any other must be stored with `version - 1`.
#[derive(Clone, Debug)]
pub struct InteractionCommit {
    /// The interaction after the change.
    pub interaction: Interaction,
    /// Audit rows, reports and notices written with it.
    pub trail: Trail,
}

/// The interactions in progress.
#[async_trait]
pub trait Interactions: Send + Sync {
    /// Reads one, strongly consistent.
    async fn find(&self, id: &str) -> Result<Option<Interaction>, PortError>;
    /// Stores a new one with the report of the customer's arrival (M40), in one transaction, unless there is one under its
    /// id; then gives that one and changes nothing.
    async fn start(
        &self,
        interaction: &Interaction,
        arrival: Option<&OutboxRow>,
    ) -> Result<Option<Interaction>, PortError>;
    /// Stores one that began again, over the version before it; false if that is not stored any more.
    async fn begin_again(&self, interaction: &Interaction) -> Result<bool, PortError>;
}

/// The arrivals that were reported to the metrics platform (M40), for the function that takes steps from others.
#[async_trait]
pub trait ReportedArrivals: Send + Sync {
    /// Id of the report of the last arrival to decide on this consent; `None` if none was reported within a day.
    async fn arrival_at(&self, consent: &ConsentId) -> Result<Option<String>, PortError>;
}

/// Changes of interactions, for the function in which customers decide.
#[async_trait]
pub trait InteractionChanges: Send + Sync {
    /// Commits a change, in one `TransactWriteItems`.
    async fn commit(&self, commit: InteractionCommit) -> Result<(), CommitFault>;
}

/// The tickets that take browsers back: never stored, made anew whenever the answer they stand in is asked for again.
pub trait Tickets: Send + Sync {
    /// The secret of the ticket of one session of an interaction, 256 bits in base64url; nobody makes it without the key.
    fn secret(&self, interaction: &str, began: Moment) -> String;
}

/// Ids of signed calls of the institution's back end, each good for one use.
#[async_trait]
pub trait SignedCalls: Send + Sync {
    /// Remembers the id of a call from `now` until `until`. False if it was used before by another call than `owner`.
    async fn claim(&self, jti: &str, now: Moment, until: Moment, owner: &str) -> Result<bool, PortError>;
}
