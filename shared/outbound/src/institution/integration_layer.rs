//! The client of the integration layer: one question per operation, within its time budget and past its breaker.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use ponte_authorization::ports::{Customer, Customers};
use ponte_data_consent::account_holder::AccountHolderAnswer;
use ponte_data_consent::consent::Consent;
use ponte_data_consent::ports::{
    DiscoveredProduct, Institution, ListedResource, Records, RecordsRequest, ResourcesRequest,
};
use ponte_ports::rotation::Rotating;
use ponte_ports::{Clock, InstitutionFault, PortError};
use ponte_values::{InstitutionId, InteractionId, LayerTimes, OrganisationId, ResourceKind, SecretText};
use serde::Serialize;
use tokio::time::Instant;

use super::answer::{self, WHAT};
use super::breaker::{Asked, Breaker, Heard};
use super::request;
use super::statuses::{Means, meaning};
use super::way::{Media, Question, Reply, Way};
use crate::failure;
use crate::http::Resend;

/// The one operation that may have an effect: a token may be good for one use.
const DECRYPT: &str = "/authentication/decrypt";

const UNAUTHORIZED: u16 = 401;

/// What a schedule leaves an answer besides its budget.
const SPARE: Duration = Duration::from_secs(1);

/// How long an answer may take.
#[derive(Clone, Copy)]
struct Time {
    /// The budget of the operation.
    whole: Duration,
    /// When the call that asks must have its answer.
    end: Instant,
}

impl Time {
    fn of(whole: Duration, left: Duration) -> Self {
        Self { whole, end: Instant::now() + left }
    }

    /// What is there of it now.
    fn budget(self) -> Duration {
        self.whole.min(self.end.saturating_duration_since(Instant::now()))
    }
}

/// The integration layer of an institution.
pub struct IntegrationLayer {
    way: Way,
    /// Asked for at each call: a new one counts without a deployment.
    credential: Rotating<SecretText>,
    clock: Arc<dyn Clock>,
    brand: InstitutionId,
    breaker: Breaker,
    budgets: LayerTimes,
}

impl IntegrationLayer {
    /// The layer at the end of this way, asked with `credential`, in the name of `brand`.
    #[must_use]
    pub fn new(
        way: Way,
        credential: impl Into<Rotating<SecretText>>,
        brand: InstitutionId,
        breaker: Breaker,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let budgets = LayerTimes::CONTRACT;
        Self { way, credential: credential.into(), clock, brand, breaker, budgets }
    }

    /// The body of a 200, or what another status means; at once, if the operation is held back.
    async fn call<T: Serialize + Sync>(
        &self,
        (operation, client): (&'static str, &str),
        request: &T,
        time: Time,
    ) -> Result<Vec<u8>, InstitutionFault> {
        let asked = Asked { what: WHAT, operation, client, has_time: time.budget() == time.whole };
        // The time that the breaker took counts too, so whether it is cut is known when the question goes out.
        let cut = AtomicBool::new(false);
        let call = async {
            let budget = time.budget();
            cut.store(budget < time.whole, Ordering::Relaxed);
            self.post(operation, request, budget).await
        };
        let heard = |outcome: &Result<_, _>| {
            if !is_silent(outcome) {
                Heard::Answer
            } else if cut.load(Ordering::Relaxed) {
                // The call was late itself: the layer did not have the time that it may take.
                Heard::Nothing
            } else {
                Heard::Silence
            }
        };
        self.breaker.guard(asked, call, heard).await?
    }

    async fn post<T: Serialize + Sync>(
        &self,
        operation: &str,
        request: &T,
        budget: Duration,
    ) -> Result<Vec<u8>, InstitutionFault> {
        let body = serde_json::to_vec(request).map_err(|error| failure::json(WHAT, &error))?;
        let body = Bytes::from(body);
        // Whatever only reads may be asked twice.
        let resend = if operation == DECRYPT { Resend::Unreached } else { Resend::Always };
        let until = Instant::now() + budget;
        let credential = self.credential.at(self.clock.now()).await;
        let question = Question {
            what: WHAT,
            operation,
            body: &body,
            media: Media::Json,
            credential: Some(&credential),
            names: None,
            resend,
            until,
        };
        let mut reply = self.way.0.carry(question).await?;
        if reply.status == UNAUTHORIZED {
            // The credential may have been replaced since the last look at its secret.
            let newer = self.credential.refresh(self.clock.now()).await;
            if !Arc::ptr_eq(&newer, &credential) {
                reply = self.way.0.carry(Question { credential: Some(&newer), ..question }).await?;
            }
        }
        answered(reply)
    }
}

/// The body of an answer, or what another status means.
fn answered(reply: Reply) -> Result<Vec<u8>, InstitutionFault> {
    let Reply { status, wait, body } = reply;
    let text = format!("status {status}");
    Err(match meaning(status) {
        Means::Answer => return Ok(body),
        Means::NotReady => InstitutionFault::NotReady(wait),
        Means::Unknown => InstitutionFault::NotFound,
        Means::Limited(limit) => InstitutionFault::Limited(limit, wait),
        Means::Overloaded => PortError::overloaded(WHAT, text).after(wait).into(),
        Means::Silence => PortError::timeout(WHAT, text).into(),
        Means::Fault => PortError::new(WHAT, text).into(),
        Means::Refused => match answer::refusal(&body) {
            Some(code) => InstitutionFault::Refused(code),
            None => PortError::new(WHAT, text).into(),
        },
    })
}

/// An answer that is there at once, or not at all: only a discovery may take its time.
fn at_once(fault: InstitutionFault) -> InstitutionFault {
    match fault {
        InstitutionFault::NotReady(_) => PortError::new(WHAT, "status 202").into(),
        other => other,
    }
}

/// Whose question it is: all software of an organisation is one client to the breaker.
fn client_of(consent: &Consent) -> &str {
    consent.organisation.as_str()
}

/// Whether a call had no answer in time, or a proxy before the layer had none (504). An answer, whatever it says, holds
/// nobody up, and neither does a connection that is refused.
fn is_silent<T>(outcome: &Result<T, InstitutionFault>) -> bool {
    matches!(outcome, Err(InstitutionFault::Port(error)) if error.is_timeout())
}

#[async_trait]
impl Customers for IntegrationLayer {
    async fn identify(
        &self,
        access_token: &str,
        organisation: &OrganisationId,
        left: Duration,
    ) -> Result<Customer, InstitutionFault> {
        let request = request::Identify { access_token };
        let time = Time::of(self.budgets.identify, left);
        match self.call((DECRYPT, organisation.as_str()), &request, time).await {
            Ok(body) => Ok(answer::customer(&body)?),
            Err(InstitutionFault::Refused(code)) if code == "TOKEN_INVALIDO" => {
                Err(InstitutionFault::NotFound)
            }
            Err(fault) => Err(at_once(fault)),
        }
    }
}

#[async_trait]
impl Institution for IntegrationLayer {
    async fn discover(
        &self,
        kind: ResourceKind,
        consent: &Consent,
        correlation: InteractionId,
        left: Duration,
    ) -> Result<Vec<DiscoveredProduct>, InstitutionFault> {
        let correlation = correlation.to_string();
        let request = request::Data::discovery(&self.brand, &correlation, consent);
        let time = Time::of(self.budgets.discover, left);
        let body = self.call((kind.discovery(), client_of(consent)), &request, time).await?;
        Ok(answer::discovered(&body)?)
    }

    async fn resources(
        &self,
        request: ResourcesRequest<'_>,
    ) -> Result<Vec<ListedResource>, InstitutionFault> {
        let ResourcesRequest { kind, consent, budget, left, .. } = request;
        let correlation = request.correlation.to_string();
        let data = request::Data::discovery(&self.brand, &correlation, consent);
        let body = self.call((kind.discovery(), client_of(consent)), &data, Time::of(budget, left)).await?;
        Ok(answer::listed(&body)?)
    }

    async fn records(&self, request: RecordsRequest<'_>) -> Result<Records, InstitutionFault> {
        let correlation = request.correlation.to_string();
        let data = request::Data::records(&self.brand, &correlation, &request);
        let time = Time::of(request.budget, request.left);
        let body = self.call((request.operation, client_of(request.consent)), &data, time).await;
        Ok(Records { body: body.map_err(at_once)? })
    }

    async fn check_account_holder(
        &self,
        consent: &Consent,
        correlation: InteractionId,
    ) -> Result<AccountHolderAnswer, InstitutionFault> {
        let correlation = correlation.to_string();
        let request = request::AccountHolderCheck::of(&self.brand, &correlation, consent);
        // Asked by a schedule, which begins nothing that it has no time for.
        let time = Time::of(self.budgets.check, self.budgets.check + SPARE);
        let body = self.call(("/check-account-holder", client_of(consent)), &request, time).await;
        let body = body.map_err(at_once)?;
        Ok(answer::account_holder(&body)?)
    }
}

#[cfg(test)]
mod tests;
