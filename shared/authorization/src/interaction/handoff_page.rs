//! Handoff: a browser shows a code, the customer decides on a phone, the browser goes back to the client.
//!
//! Every browser that arrives may show a page with a code of its own; it is known by the secret of its arrival. The phone
//! that reads a code binds the interaction to the page that showed it: from then on there is no other, and the redirect
//! back goes to the browser with that secret ([`HandoffPage`]), once; the phone that decides gets none. The phone has a secret
//! of its own, which the answer to its reading carried: nobody else goes on, whatever ids and codes he knows (T59).

use std::time::Duration;

use ponte_values::Moment;
use serde::Serialize;

use super::answer::CustomerAnswer;
use super::decision::{Decision, Outcome};
use super::fault::InteractionFault;
use super::handoff::{Handoff, Phone, Progress};
use super::session::Interaction;
use super::stage::{Stage, Waiting};

/// Most pages of an interaction that show a short code; further ones show the QR code, which needs nothing stored.
const PAGES_MAX: u8 = 5;

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
    /// Once more, because the answer was lost: to be stored, and the secret of the former is void.
    Again(Interaction),
    /// Nothing changes: the code was read before, there is no page, or the customer has logged in.
    Unchanged(Interaction),
}

/// The phone that reads a code.
#[derive(Clone, Debug)]
pub struct CodeReader {
    /// SHA-256 of the secret that the answer carries, base64url.
    pub secret_hash: String,
    /// Whether the institution's back end signed the call.
    pub signed: bool,
}

/// An interaction together with the page that handed it off: a proof that the caller knows the secret of the page.
#[derive(Clone, Debug)]
pub struct HandoffPage {
    interaction: Interaction,
    page: String,
    progress: Progress,
}

impl Interaction {
    /// Whether a page handed the interaction off: the phone that decides then gets no redirect.
    #[must_use]
    pub const fn is_handed_off(&self) -> bool {
        self.handoff.is_some()
    }

    /// Whether a phone read a code, and was told the secret that every step through this arrival needs from then on.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        self.phone().is_some()
    }

    /// Whether this is the hash of the secret of the phone that read the code.
    #[must_use]
    pub fn is_phone(&self, secret_hash: &str) -> bool {
        self.phone().is_some_and(|phone| phone.secret_hash == secret_hash)
    }

    fn phone(&self) -> Option<&Phone> {
        self.handoff.as_ref()?.phone.as_ref()
    }

    /// Whether the customer gave up at the page.
    #[must_use]
    pub fn was_aborted(&self) -> bool {
        self.handoff.as_ref().is_some_and(|handoff| handoff.progress == Progress::Aborted)
    }

    /// A page shows a short code, before a login, so that nobody hands off an interaction that somebody else began.
    /// `None` once so many did that another shows none.
    pub fn hand_off(self, now: Moment) -> Result<Option<Self>, InteractionFault> {
        match self.at(now) {
            Waiting::Login if self.handoff.is_none() && self.pages >= PAGES_MAX => Ok(None),
            Waiting::Login if self.handoff.is_none() => {
                Ok(Some(Self { pages: self.pages + 1, version: self.version + 1, ..self }))
            }
            Waiting::Expired => Err(InteractionFault::InvalidSession),
            _ => Err(InteractionFault::OutOfOrder),
        }
    }

    /// A phone that read the code of the page of this reference, or the id in its QR code, takes the interaction over with a
    /// secret of its own. Until the login the same code is good for another secret three times in a minute, because the answer may
    /// have been lost (T61): whoever knows it then might as well have been first. Signed by the institution it is good ten times
    /// in all, until the login.
    /// Nothing changes where no page shows one.
    #[must_use]
    pub fn take_over(self, page: &str, reader: CodeReader, now: Moment) -> Takeover {
        let CodeReader { secret_hash, signed } = reader;
        match (self.at(now), &self.handoff) {
            (Waiting::Login, None) if self.pages > 0 || self.arrival_key.is_some() => {
                let page_hash = page.to_owned();
                let handoff = Handoff {
                    page_hash,
                    progress: Progress::Taken,
                    phone: Some(Phone::first(secret_hash, now)),
                };
                Takeover::First(self.handed_to(handoff))
            }
            // Opened by a release that bound an interaction to its first page.
            (Waiting::Login | Waiting::Decision(_), Some(shown)) if shown.progress == Progress::Shown => {
                let handoff = Handoff {
                    progress: Progress::Taken,
                    phone: Some(Phone::first(secret_hash, now)),
                    ..shown.clone()
                };
                Takeover::First(self.handed_to(handoff))
            }
            (Waiting::Login, Some(known)) if known.page_hash == page => {
                match known.phone.as_ref().and_then(|phone| phone.again(secret_hash, signed, now)) {
                    Some(phone) => {
                        let handoff = Handoff { phone: Some(phone), ..known.clone() };
                        Takeover::Again(self.handed_to(handoff))
                    }
                    None => Takeover::Unchanged(self),
                }
            }
            _ => Takeover::Unchanged(self),
        }
    }

    fn handed_to(self, handoff: Handoff) -> Self {
        Self { handoff: Some(handoff), version: self.version + 1, ..self }
    }

    /// The interaction with its page, for a caller who has shown the secret of this page.
    ///
    /// # Errors
    /// [`InteractionFault::InvalidSession`] once a phone read the code of another page, or the customer did without one.
    pub fn with_page(self, page: &str) -> Result<HandoffPage, InteractionFault> {
        let progress = match (&self.handoff, &self.arrival) {
            (Some(handoff), _) if handoff.page_hash == page => handoff.progress,
            (None, None) => Progress::Shown,
            _ => return Err(InteractionFault::InvalidSession),
        };
        Ok(HandoffPage { interaction: self, page: page.to_owned(), progress })
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
        let ticketed = self.interaction.change_to(Stage::Decided(Decision { outcome, ticket_hash }));
        Ok(Interaction { decided_at: Some(now), ..ticketed })
    }

    /// Whether this is the ticket that the page fetched and the browser has not brought back: it may be asked for again (T61).
    #[must_use]
    pub fn has_ticket(&self, ticket_hash: &str, now: Moment) -> bool {
        self.progress != Progress::Aborted && self.interaction.awaits_ticket(ticket_hash, now)
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
        let phone = aborted.handoff.take().and_then(|handoff| handoff.phone);
        aborted.handoff = Some(Handoff { page_hash: self.page, progress: Progress::Aborted, phone });
        aborted.decided_at = Some(now);
        Ok(aborted.answered(CustomerAnswer::GaveUp))
    }
}
