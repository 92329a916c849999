//! Handoff: a browser shows a code, the customer decides on a phone, the browser goes back to the client.
//!
//! The page that shows the code holds a secret, of which only the hash is stored. The redirect back goes to the browser
//! with that secret ([`HandoffPage`]), once; the phone that decides gets none.

use std::time::Duration;

use ponte_values::Moment;
use serde::Serialize;

use super::decision::{Decision, Outcome};
use super::fault::InteractionFault;
use super::handoff::{Handoff, Progress};
use super::session::Interaction;
use super::stage::{Stage, Waiting};

/// The status that the page shows at a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PageStatus {
    /// The code, which no phone has read.
    Ready,
    /// That the customer goes on at the phone.
    Read,
    /// That the customer decided: the page may fetch its ticket.
    Completed,
    /// Nothing more: the ticket was fetched.
    Finished,
    /// That the customer gave up here.
    Aborted,
    /// That the time is over.
    TimedOut,
}

/// The result of a phone that reads the code.
#[derive(Debug)]
pub enum Takeover {
    /// The first time: to be stored.
    First(Interaction),
    /// Nothing changes: the code was read before, there is no page, or the customer has decided.
    Unchanged(Interaction),
}

/// An interaction together with the page that handed it off: a proof that the caller knows the secret of the page.
#[derive(Clone, Debug)]
pub struct HandoffPage {
    interaction: Interaction,
    progress: Progress,
}

impl Interaction {
    /// Whether a page handed the interaction off: the phone that decides then gets no redirect.
    #[must_use]
    pub const fn is_handed_off(&self) -> bool {
        self.handoff.is_some()
    }

    /// Whether the customer gave up at the page.
    #[must_use]
    pub fn was_aborted(&self) -> bool {
        self.handoff.as_ref().is_some_and(|handoff| handoff.progress == Progress::Aborted)
    }

    /// Opens the page that shows the code: one page for an interaction, and none after a login, so that nobody hands off
    /// an interaction that somebody else began.
    pub fn hand_off(self, page_hash: String, now: Moment) -> Result<Self, InteractionFault> {
        match self.at(now) {
            Waiting::Login if self.handoff.is_none() => {
                let handoff = Some(Handoff { page_hash, progress: Progress::Shown });
                Ok(Self { handoff, version: self.version + 1, ..self })
            }
            Waiting::Expired => Err(InteractionFault::InvalidSession),
            _ => Err(InteractionFault::OutOfOrder),
        }
    }

    /// A phone read the code.
    #[must_use]
    pub fn take_over(self, now: Moment) -> Takeover {
        let open = matches!(self.at(now), Waiting::Login | Waiting::Decision(_));
        match self.handoff.clone() {
            Some(handoff) if open && handoff.progress == Progress::Shown => {
                let handoff = Some(Handoff { progress: Progress::Taken, ..handoff });
                Takeover::First(Self { handoff, version: self.version + 1, ..self })
            }
            _ => Takeover::Unchanged(self),
        }
    }

    /// The interaction with its page, for a caller who knows the secret.
    ///
    /// # Errors
    /// [`InteractionFault::InvalidSession`] for another secret, and for an interaction without a page.
    pub fn with_page(self, page_hash: &str) -> Result<HandoffPage, InteractionFault> {
        match &self.handoff {
            Some(handoff) if handoff.page_hash == page_hash => {
                Ok(HandoffPage { progress: handoff.progress, interaction: self })
            }
            _ => Err(InteractionFault::InvalidSession),
        }
    }
}

impl HandoffPage {
    /// The status that the page shows at `now`.
    #[must_use]
    pub fn status(&self, now: Moment) -> PageStatus {
        match (self.interaction.at(now), self.progress) {
            (_, Progress::Aborted) => PageStatus::Aborted,
            (Waiting::Login, Progress::Shown) => PageStatus::Ready,
            (Waiting::Login | Waiting::Decision(_), _) => PageStatus::Read,
            (Waiting::Page(_), _) => PageStatus::Completed,
            (Waiting::Browser(_) | Waiting::Nothing, _) => PageStatus::Finished,
            (Waiting::Expired, _) => PageStatus::TimedOut,
        }
    }

    /// How long the session lasts.
    #[must_use]
    pub fn remaining(&self, now: Moment) -> Duration {
        let left = self.interaction.expires_at().millis() - now.millis();
        Duration::from_millis(u64::try_from(left).unwrap_or(0))
    }

    /// The page fetches its ticket, after the decision and once.
    pub fn finish(self, ticket_hash: String, now: Moment) -> Result<Interaction, InteractionFault> {
        let outcome = match self.interaction.at(now) {
            Waiting::Page(outcome) => outcome.clone(),
            Waiting::Expired => return Err(InteractionFault::InvalidSession),
            _ => return Err(InteractionFault::OutOfOrder),
        };
        Ok(self.interaction.change_to(Stage::Decided(Decision { outcome, ticket_hash })))
    }

    /// The customer gives up at the page, which goes back with this ticket; out of order after a decision.
    pub fn abort(self, ticket_hash: String, now: Moment) -> Result<Interaction, InteractionFault> {
        match self.interaction.at(now) {
            Waiting::Login | Waiting::Decision(_) => {}
            Waiting::Expired => return Err(InteractionFault::InvalidSession),
            _ => return Err(InteractionFault::OutOfOrder),
        }
        let mut aborted =
            self.interaction.change_to(Stage::Decided(Decision { outcome: Outcome::Denied, ticket_hash }));
        if let Some(handoff) = &mut aborted.handoff {
            handoff.progress = Progress::Aborted;
        }
        Ok(aborted)
    }
}
