//! An interaction as stored: one session of the customer, from the authorization request to the redirect back.

use std::time::Duration;

use ponte_ports::StoredForm;
use ponte_values::{ClientId, Moment};
use serde::{Deserialize, Serialize};

use super::assurance::Assurance;
use super::decision::{Decision, Login, Outcome};
use super::fault::InteractionFault;
use super::handoff::Handoff;
use super::stage::{Stage, Waiting};
use crate::target::Target;

/// How long the customer may take from the authorization request to the decision.
pub const SESSION_LIMIT: Duration = Duration::from_mins(10);

/// An interaction: the session of a customer, from the authorization request to the redirect back.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Interaction {
    /// Unguessable id, known to the channel.
    pub id: String,
    /// Target that the customer decides on.
    pub target: Target,
    /// The data consent decided on with it, in the optimised journey (S51).
    pub linked: Option<Target>,
    /// The weakest login that will do (S15).
    pub assurance: Assurance,
    /// The client that asks.
    pub client: ClientId,
    /// Name of the client, shown to the customer.
    pub client_name: String,
    /// Registered redirect URI the customer goes back to.
    pub redirect_uri: String,
    /// The pushed request this interaction belongs to; consumed at its end (S05).
    pub request_uri: String,
    /// When the interaction began.
    pub started_at: Moment,
    /// Number of changes so far; the store's condition for the next one.
    pub version: u64,
    /// The page that hands the interaction to a phone, if it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) handoff: Option<Handoff>,
    pub(super) stage: Stage,
    /// The stored form this value was read from; the store fills it in, and keeps what only a later release knows (D8).
    #[serde(skip)]
    pub stored: StoredForm,
}

/// The data of a new interaction.
#[derive(Clone, Debug)]
pub struct NewInteraction {
    /// Unguessable id.
    pub id: String,
    /// Target to decide on.
    pub target: Target,
    /// The data consent to decide on with it (S51).
    pub linked: Option<Target>,
    /// The weakest login that will do.
    pub assurance: Assurance,
    /// The client that asks.
    pub client: ClientId,
    /// Its name.
    pub client_name: String,
    /// Where the customer goes back to.
    pub redirect_uri: String,
    /// The pushed request.
    pub request_uri: String,
}

impl Interaction {
    /// Begins an interaction.
    #[must_use]
    pub fn start(new: NewInteraction, now: Moment) -> Self {
        Self {
            id: new.id,
            target: new.target,
            linked: new.linked,
            assurance: new.assurance,
            client: new.client,
            client_name: new.client_name,
            redirect_uri: new.redirect_uri,
            request_uri: new.request_uri,
            started_at: now,
            version: 1,
            handoff: None,
            stage: Stage::AwaitingLogin,
            stored: StoredForm::default(),
        }
    }

    /// The step that the interaction waits for at `now`.
    #[must_use]
    pub fn at(&self, now: Moment) -> Waiting<'_> {
        let open = now < self.expires_at();
        match &self.stage {
            Stage::AwaitingLogin if open => Waiting::Login,
            Stage::AwaitingDecision(login) if open => Waiting::Decision(login),
            Stage::AwaitingPage(outcome) if open => Waiting::Page(outcome),
            Stage::Decided(decision) if open => Waiting::Browser(decision),
            Stage::Completed => Waiting::Nothing,
            _ => Waiting::Expired,
        }
    }

    /// When the session ends.
    #[must_use]
    pub fn expires_at(&self) -> Moment {
        self.started_at.plus(SESSION_LIMIT)
    }

    /// The institution authenticated the customer the consent names. Logging in again before deciding is allowed (C05).
    pub fn log_in(self, login: Login) -> Result<Self, InteractionFault> {
        match self.at(login.at) {
            Waiting::Login | Waiting::Decision(_) if login.assurance < self.assurance => {
                Err(InteractionFault::WeakLogin)
            }
            Waiting::Login | Waiting::Decision(_) => Ok(self.change_to(Stage::AwaitingDecision(login))),
            Waiting::Expired => Err(InteractionFault::InvalidSession),
            Waiting::Page(_) | Waiting::Browser(_) | Waiting::Nothing => Err(InteractionFault::OutOfOrder),
        }
    }

    /// The customer authorised, after a login. The ticket is for the browser in which the customer decided; after a
    /// handoff it is dropped, because the page fetches one of its own ([`super::HandoffPage::finish`]).
    pub fn grant(self, ticket_hash: String, now: Moment) -> Result<Self, InteractionFault> {
        let outcome = match self.at(now) {
            Waiting::Decision(login) => {
                let Login { subject, at, assurance } = login.clone();
                Outcome::Granted { subject, authenticated_at: at, assurance }
            }
            Waiting::Expired => return Err(InteractionFault::InvalidSession),
            _ => return Err(InteractionFault::OutOfOrder),
        };
        Ok(self.decide(outcome, ticket_hash))
    }

    /// The customer refused, or is not the one the consent names; possible before a login too. The ticket as in
    /// [`Self::grant`].
    pub fn deny(self, ticket_hash: String, now: Moment) -> Result<Self, InteractionFault> {
        match self.at(now) {
            Waiting::Login | Waiting::Decision(_) => Ok(self.decide(Outcome::Denied, ticket_hash)),
            Waiting::Expired => Err(InteractionFault::InvalidSession),
            _ => Err(InteractionFault::OutOfOrder),
        }
    }

    /// The browser came back with the ticket: the interaction is over, once.
    pub fn complete(self, ticket_hash: &str, now: Moment) -> Result<(Self, Outcome), InteractionFault> {
        let outcome = match self.at(now) {
            Waiting::Browser(decision) if decision.ticket_hash == ticket_hash => decision.outcome.clone(),
            Waiting::Browser(_) => return Err(InteractionFault::WrongTicket),
            Waiting::Nothing => return Err(InteractionFault::OutOfOrder),
            _ => return Err(InteractionFault::InvalidSession),
        };
        Ok((self.change_to(Stage::Completed), outcome))
    }

    fn decide(self, outcome: Outcome, ticket_hash: String) -> Self {
        let stage = match &self.handoff {
            Some(_) => Stage::AwaitingPage(outcome),
            None => Stage::Decided(Decision { outcome, ticket_hash }),
        };
        self.change_to(stage)
    }

    pub(super) fn change_to(self, stage: Stage) -> Self {
        Self { stage, version: self.version + 1, ..self }
    }
}
