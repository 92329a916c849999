//! The end of the consents of removed clients (T60): rejected by this institution for INTERNAL_SECURITY_REASON, each with
//! its audit row and notices in one transaction.
//!
//! Tokens of a removed client open nothing already; this lets its customers see that nothing is shared any more. A round
//! reads all consents, so its pages are spread over the minutes; how far it is stands in the store.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{StreamExt as _, future, stream};
use ponte_authorization::removed_client::SETTLED;
use ponte_data_consent::consent::{ConsentFault, InstitutionReason};
use ponte_data_consent::ports::{ConsentScan, Consents, Removals};
use ponte_data_consent::removal::{MOST_CLIENTS, PageOutcome, Place, RemovalRound};
use ponte_edge::Tick;
use ponte_ports::audit::Actor;
use ponte_ports::{Clock, CommitFault, Ids, Pauses, PortError, chain};
use ponte_values::{ConsentId, Moment};

/// No page and no consent is begun after this time of a sweep, so that it ends before the function's timeout (28 s).
const BUDGET: Duration = Duration::from_secs(20);
/// Wait between two pages of a part: four parts of 128 read units each are less than half of what a partition gives.
const PACE: Duration = Duration::from_millis(100);
/// Consents of a page that are ended side by side.
const SIDE_BY_SIDE: usize = 4;
/// How often a consent is decided on again because somebody else changed it in between.
const ATTEMPTS: u8 = 4;

/// Ends the consents of removed clients.
pub struct RemovedClients {
    /// Which clients were removed, and how far the round is.
    pub removals: Arc<dyn Removals>,
    /// All consents, to find theirs.
    pub scan: Arc<dyn ConsentScan>,
    /// The consents.
    pub consents: Arc<dyn Consents>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Pauses between pages.
    pub pauses: Arc<dyn Pauses>,
    /// Ids of the commits.
    pub ids: Arc<dyn Ids>,
}

/// What came of a consent.
enum Ended {
    Now,
    /// It was over, gone or another client's.
    NothingToDo,
    Failed,
    /// No time was left to try.
    Untried,
}

#[async_trait]
impl Tick for RemovedClients {
    /// Goes on with the round under way, or begins one; the next sweep goes on where this one ends.
    async fn tick(&self) -> Result<(), PortError> {
        let until = self.clock.now().plus(BUDGET);
        while self.clock.now() < until {
            let Some(round) = self.begun().await? else { return Ok(()) };
            match self.go_on(round, until).await {
                // Others may have been removed meanwhile.
                Ok(true) => {}
                // The time is over, nothing can be read, or another sweep is at it.
                Ok(false) | Err(CommitFault::Conflict) => return Ok(()),
                Err(CommitFault::Port(error)) => return Err(error),
            }
        }
        Ok(())
    }
}

impl RemovedClients {
    /// The round under way; a new one if clients wait, and none if nobody does.
    async fn begun(&self) -> Result<Option<RemovalRound>, PortError> {
        if let Some(round) = self.removals.round().await? {
            return Ok(Some(round));
        }
        let waiting = self.removals.waiting(self.clock.now().minus(SETTLED), MOST_CLIENTS).await?;
        if waiting.is_empty() {
            return Ok(None);
        }
        let round = RemovalRound::begin(waiting);
        match self.removals.advance(&round).await {
            Ok(()) => Ok(Some(round)),
            Err(CommitFault::Conflict) => Ok(None),
            Err(CommitFault::Port(error)) => Err(error),
        }
    }

    /// Reads page after page of all parts; false if the round is not over when the time is, or no page can be passed.
    async fn go_on(&self, mut round: RemovalRound, until: Moment) -> Result<bool, CommitFault> {
        // Parts whose page did not pass: the next sweep tries it again, a minute later.
        let mut halted = Vec::new();
        while self.clock.now() < until {
            let mut places = round.places();
            places.retain(|place| !halted.contains(&place.segment));
            if places.is_empty() {
                break;
            }
            let outcomes = future::join_all(places.iter().map(|place| self.page(&round, place, until))).await;
            let before = round.clone();
            for (place, outcome) in places.iter().zip(outcomes) {
                if !matches!(outcome, PageOutcome::Passed(_)) {
                    halted.push(place.segment);
                }
                round = round.after(place.segment, outcome);
            }
            if round != before {
                round = round.step();
                self.removals.advance(&round).await?;
            }
            self.pauses.pause(PACE).await;
        }
        if round.is_over() {
            self.removals.finish(&round).await?;
            tracing::info!(clients = round.removals.len(), "consents of removed clients ended");
        }
        Ok(round.is_over())
    }

    /// Ends what is on a page.
    async fn page(&self, round: &RemovalRound, place: &Place, until: Moment) -> PageOutcome {
        let clients: Vec<_> = round.removals.iter().map(|removal| &removal.client).collect();
        let page = match self.scan.of_clients(&clients, place).await {
            Ok(page) => page,
            Err(error) => {
                let cause = chain(&error);
                tracing::error!(cause, "a page of consents not read");
                return PageOutcome::Interrupted;
            }
        };
        let mut ends = Vec::with_capacity(page.ids.len());
        for id in &page.ids {
            ends.push(self.end(round, id, until));
        }
        let ends: Vec<Ended> = stream::iter(ends).buffer_unordered(SIDE_BY_SIDE).collect().await;
        let ended = ends.iter().filter(|end| matches!(end, Ended::Now)).count();
        if ended > 0 {
            tracing::info!(segment = place.segment, ended, "consents of removed clients");
        }
        if ends.iter().any(|end| matches!(end, Ended::Untried)) {
            PageOutcome::Interrupted
        } else if ends.iter().any(|end| matches!(end, Ended::Failed)) {
            PageOutcome::Failed(page.next)
        } else {
            PageOutcome::Passed(page.next)
        }
    }

    async fn end(&self, round: &RemovalRound, id: &ConsentId, until: Moment) -> Ended {
        if self.clock.now() >= until {
            return Ended::Untried;
        }
        match self.withdraw(round, id).await {
            Ok(true) => Ended::Now,
            Ok(false) => Ended::NothingToDo,
            Err(error) => {
                let cause = chain(&error);
                tracing::error!(consent = id.as_str(), cause, "consent of a removed client not ended");
                Ended::Failed
            }
        }
    }

    /// Ends a consent as it is stored now; false if there is nothing to end.
    async fn withdraw(&self, round: &RemovalRound, id: &ConsentId) -> Result<bool, PortError> {
        for _ in 0..ATTEMPTS {
            let stored = self.consents.find(id).await?;
            let Some(consent) = stored.filter(|consent| round.concerns(consent)) else { return Ok(false) };
            let now = self.clock.now();
            let change = match consent.withdraw(InstitutionReason::Security, Actor::Ponte, now) {
                Ok(change) => change,
                Err(ConsentFault::AlreadyRejected) => return Ok(false),
                Err(fault) => {
                    return Err(PortError::new("consent of a removed client", format!("{fault:?}")));
                }
            };
            match self.consents.commit(change.commit(self.ids.uuid(), None)).await {
                Ok(()) => return Ok(true),
                Err(CommitFault::Conflict) => {}
                Err(CommitFault::Port(error)) => return Err(error),
            }
        }
        Err(PortError::new("consent of a removed client", "changed by others at every try"))
    }
}
