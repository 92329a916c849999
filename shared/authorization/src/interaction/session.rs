//! An interaction as stored: one session of the customer, from the authorization request to the redirect back.

use std::time::Duration;

use ponte_ports::StoredForm;
use ponte_values::{ClientId, Moment};
use serde::{Deserialize, Serialize};

use super::answer::CustomerAnswer;
use super::arrival::{self, ArrivalId, Arrivals};
use super::assurance::Assurance;
use super::decision::{ChannelSession, Decision, Login, Outcome};
use super::fault::InteractionFault;
use super::handoff::Handoff;
use super::stage::{Stage, Waiting};
use crate::registration_answer::REPEATABLE;
use crate::target::Target;

/// How long the customer may take from the authorization request to the decision.
pub const SESSION_LIMIT: Duration = Duration::from_mins(10);
/// How long the way back to the client is open at least, from the decision on, and again from when a page fetched its
/// ticket: a decision in the last second leaves nobody behind (T61).
pub const WAY_BACK: Duration = Duration::from_mins(2);
/// How long anything of an interaction counts at most: session, decision, ticket of a page, and the redirect once more.
pub const INTERACTION_LIMIT: Duration = Duration::from_mins(15);

/// An interaction: the session of a customer, from the authorization request to the redirect back.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Interaction {
    /// Id under which it is stored, made from the `request_uri` ([`super::interaction_id`]).
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
    /// Key of the codes in the ids of its arrivals; interactions of releases before there was one go on without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) arrival_key: Option<String>,
    /// The page that hands the interaction to a phone, if it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) handoff: Option<Handoff>,
    /// How many pages showed a short code so far.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) pages: u8,
    /// Reference of the arrival through which the customer logged in, or gave up before a login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) arrival: Option<String>,
    /// SHA-256 of the secret that the answer to the last login carried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) session_hash: Option<String>,
    /// Whether the customer's arrival was reported: when it began, or with the login of an earlier session of it, as releases
    /// before did.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) arrival_reported: bool,
    /// What the customer answered, once that is decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) answer: Option<CustomerAnswer>,
    /// When that was, or when the page fetched its ticket for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) decided_at: Option<Moment>,
    /// How the browser was sent back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) returned: Option<Return>,
    pub(super) stage: Stage,
    /// The stored form this value was read from; the store fills it in, and keeps what only a later release knows (D8).
    #[serde(skip)]
    pub stored: StoredForm,
}

/// A browser that was sent back to the client.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Return {
    /// SHA-256 of the secret of its ticket, base64url.
    ticket_hash: String,
    /// Where it was sent, encrypted for the authorization server: the code is in it.
    sealed_redirect: String,
    /// SHA-256 of the secret of the browser that brought an app's ticket, if it takes cookies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    browser_hash: Option<String>,
    at: Moment,
}

/// The data of a new interaction.
#[derive(Clone, Debug)]
pub struct NewInteraction {
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
    /// Key of the codes in the ids of its arrivals: 256 fresh random bits as text.
    pub arrival_key: String,
}

impl Interaction {
    /// Begins an interaction.
    #[must_use]
    pub fn start(new: NewInteraction, now: Moment) -> Self {
        Self {
            id: arrival::interaction_id(&new.request_uri),
            target: new.target,
            linked: new.linked,
            assurance: new.assurance,
            client: new.client,
            client_name: new.client_name,
            redirect_uri: new.redirect_uri,
            request_uri: new.request_uri,
            started_at: now,
            version: 1,
            arrival_key: Some(new.arrival_key),
            handoff: None,
            pages: 0,
            arrival: None,
            session_hash: None,
            arrival_reported: false,
            answer: None,
            decided_at: None,
            returned: None,
            stage: Stage::AwaitingLogin,
            stored: StoredForm::default(),
        }
    }

    /// The same with the customer's arrival reported: no later step does it again (M40).
    #[must_use]
    pub fn reporting_its_arrival(self) -> Self {
        Self { arrival_reported: true, ..self }
    }

    /// The customer comes again after the session ended undecided: it starts anew, and what it reported stays reported.
    /// One of a release before ids of arrivals had codes gets this fresh key for them: nobody shall invent an arrival at it any
    /// more. `None` while the session lasts.
    #[must_use]
    pub fn begin_again(&self, fresh_key: &str, now: Moment) -> Option<Self> {
        let Waiting::Expired = self.at(now) else { return None };
        let known = self.clone();
        Some(Self {
            started_at: now,
            version: self.version + 1,
            arrival_key: self.arrival_key.clone().or_else(|| Some(fresh_key.to_owned())),
            handoff: None,
            pages: 0,
            arrival: None,
            session_hash: None,
            answer: None,
            decided_at: None,
            returned: None,
            arrival_reported: self.arrival_reported || !matches!(self.stage, Stage::AwaitingLogin),
            stage: Stage::AwaitingLogin,
            ..known
        })
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

    /// When the session ends: ten minutes after it began, and not before the way back was open for its time.
    #[must_use]
    pub fn expires_at(&self) -> Moment {
        let way_back = self.decided_at.map(|at| at.plus(WAY_BACK));
        let repeated = self.returned.as_ref().map(|returned| returned.at.plus(REPEATABLE));
        let session = self.started_at.plus(SESSION_LIMIT);
        [way_back, repeated].into_iter().flatten().fold(session, Moment::max)
    }

    /// When nothing of it counts any more, whatever happens meanwhile.
    #[must_use]
    pub fn over_at(&self) -> Moment {
        self.started_at.plus(INTERACTION_LIMIT)
    }

    /// The arrivals of browsers and apps at it.
    #[must_use]
    pub fn arrivals(&self) -> Arrivals<'_> {
        Arrivals { interaction: &self.id, request_uri: &self.request_uri, key: self.arrival_key.as_deref() }
    }

    /// Whether a step through `arrival` is not the customer's, who is known to come through another one: she logged in
    /// there, gave up there, or her phone took the interaction over from the page there.
    #[must_use]
    pub fn is_through_another(&self, arrival: &ArrivalId) -> bool {
        let Some(reference) = arrival.reference() else { return false };
        let known = self.handoff.as_ref().map(|handoff| handoff.page_hash.as_str());
        known.or(self.arrival.as_deref()).is_some_and(|known| known != reference)
    }

    /// Whether a login has opened it to the holder of a secret.
    #[must_use]
    pub const fn has_session(&self) -> bool {
        self.session_hash.is_some()
    }

    /// Whether this is the hash of the secret that the answer to the last login carried.
    #[must_use]
    pub fn is_session(&self, secret_hash: &str) -> bool {
        self.session_hash.as_deref() == Some(secret_hash)
    }

    /// The reference of the browser that must bring the ticket back; `None` where an app goes on in a browser that never
    /// arrived, and for an interaction of a release before there were arrivals.
    #[must_use]
    pub fn returning_browser(&self) -> Option<&str> {
        self.arrival.as_deref().filter(|reference| !arrival::is_app(reference))
    }

    /// Whether the customer's arrival was reported to the metrics platform (M40); later sessions do not report it again.
    #[must_use]
    pub const fn arrival_reported(&self) -> bool {
        self.arrival_reported
    }

    /// The customer gives up before a login, through this arrival.
    #[must_use]
    pub fn arrived_by(self, arrival: &ArrivalId) -> Self {
        let known = self.arrival.clone().or_else(|| arrival.reference().map(str::to_owned));
        Self { arrival: known, ..self }
    }

    /// The institution authenticated the customer the consent names. Logging in again before deciding is allowed (C05); the
    /// secret of the former login opens nothing from then on, and its browser is not the one that comes back.
    pub fn log_in(self, login: Login, session: ChannelSession) -> Result<Self, InteractionFault> {
        match self.at(login.at) {
            Waiting::Login | Waiting::Decision(_) if login.assurance < self.assurance => {
                Err(InteractionFault::WeakLogin)
            }
            Waiting::Login | Waiting::Decision(_) => {
                let ChannelSession { secret_hash, arrival } = session;
                // A customer who turns to another browser leaves the page and the phone behind.
                let is_page = |handoff: &Handoff| arrival.as_ref().is_none_or(|it| *it == handoff.page_hash);
                let handoff = self.handoff.clone().filter(is_page);
                let opened = Self { handoff, arrival, session_hash: Some(secret_hash), ..self };
                Ok(opened.change_to(Stage::AwaitingDecision(login)))
            }
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
        Ok(self.decide(outcome, ticket_hash, now))
    }

    /// The customer refused, or is not the one the consent names; possible before a login too. The ticket as in
    /// [`Self::grant`].
    pub fn deny(self, ticket_hash: String, now: Moment) -> Result<Self, InteractionFault> {
        match self.at(now) {
            Waiting::Login | Waiting::Decision(_) => Ok(self.decide(Outcome::Denied, ticket_hash, now)),
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

    /// The same, with what it was that the customer answered.
    #[must_use]
    pub fn answered(self, answer: CustomerAnswer) -> Self {
        Self { answer: Some(answer), ..self }
    }

    /// Whether it was decided by this answer, which is taken once and may be asked for again until all is over (T61).
    #[must_use]
    pub fn has_answered(&self, answer: &CustomerAnswer, now: Moment) -> bool {
        let decided = matches!(self.at(now), Waiting::Page(_) | Waiting::Browser(_) | Waiting::Nothing);
        decided && now < self.expires_at() && self.answer.as_ref() == Some(answer)
    }

    /// Whether its customer decided, or somebody in her place, at whatever time.
    #[must_use]
    pub const fn is_decided(&self) -> bool {
        matches!(self.stage, Stage::AwaitingPage(_) | Stage::Decided(_) | Stage::Completed)
    }

    /// Whether a browser is awaited with this ticket.
    #[must_use]
    pub fn awaits_ticket(&self, ticket_hash: &str, now: Moment) -> bool {
        matches!(self.at(now), Waiting::Browser(decision) if decision.ticket_hash == ticket_hash)
    }

    /// Whether a browser was sent back with this ticket, within a minute.
    #[must_use]
    pub fn has_returned(&self, ticket_hash: &str, now: Moment) -> bool {
        let returned = self.returned.as_ref();
        returned.is_some_and(|it| it.ticket_hash == ticket_hash && now <= it.at.plus(REPEATABLE))
    }

    /// The same after its end, with the redirect that ended it, encrypted for whoever asks again with the same ticket; for an app's
    /// ticket in the browser with the secret behind `browser_hash`.
    #[must_use]
    pub fn returned(
        self,
        ticket_hash: String,
        sealed_redirect: String,
        browser_hash: Option<String>,
        now: Moment,
    ) -> Self {
        Self { returned: Some(Return { ticket_hash, sealed_redirect, browser_hash, at: now }), ..self }
    }

    /// The redirect of a browser that comes again with this ticket within a minute (T61). For an app's ticket, which any browser
    /// may bring, it must be among those with secrets behind `browsers`.
    #[must_use]
    pub fn returns_again(&self, ticket_hash: &str, browsers: &[String], now: Moment) -> Option<&str> {
        let returned = self.returned.as_ref().filter(|_| self.has_returned(ticket_hash, now))?;
        let same = self.returning_browser().is_some()
            || returned.browser_hash.as_ref().is_some_and(|browser| browsers.contains(browser));
        same.then_some(returned.sealed_redirect.as_str())
    }

    fn decide(self, outcome: Outcome, ticket_hash: String, now: Moment) -> Self {
        let stage = match &self.handoff {
            Some(_) => Stage::AwaitingPage(outcome),
            None => Stage::Decided(Decision { outcome, ticket_hash }),
        };
        Self { decided_at: Some(now), ..self.change_to(stage) }
    }

    pub(super) fn change_to(self, stage: Stage) -> Self {
        Self { stage, version: self.version + 1, ..self }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
const fn is_zero(value: &u8) -> bool {
    *value == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
const fn is_false(value: &bool) -> bool {
    !*value
}
