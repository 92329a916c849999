//! The client of the payment connector: one request an operation, within its time budget and past its breaker, and never twice where it
//! may have had an effect.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use ponte_authorization::message_signer::MessageSigner;
use ponte_fapi::jwk::KeySet;
use ponte_payment::connector::{
    BookPage, CallContext, Capability, ConnectorFault, ConsentConnector, ConsentRefused, CoreCancellation,
    DebtorAccount, Dedupe, Found, PaymentConnector, PaymentRefused, PaymentStage,
};
use ponte_payment::consent::{ConsentRejectionCode, Debtor, PaymentConsent};
use ponte_payment::payment::{CoreReport, CoreStatus, Payment, Rejection, RejectionCode};
use ponte_payment::wire::PaymentItem;
use ponte_ports::rotation::Rotating;
use ponte_ports::{Clock, Ids, PortError};
use ponte_values::{Cpf, Date, InstitutionId, InteractionId, Moment};
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::answer::{self, WHAT};
use super::codes::{CodeMeans, Stage, meaning};
use super::operations::{BOOKS, CANCELLATION, DISCOVERY, FIND, Operation, PAYMENTS, VALIDATION};
use super::request::{Meta, Request};
use super::signed::{AnswerFault, RequestClaims, Said};
use super::statuses::{AnswerSays, says};
use crate::institution::{Asked, Breaker, Heard, Media, Names, Question, Reply, Unanswered, Way};

/// Whose breaker the reconciliation has: no client asks for it.
const RECONCILIATION: &str = "reconciliation";

/// The two sides of a call, as the claims name them.
#[derive(Clone, Debug)]
pub struct Party {
    /// The institution, `iss` of requests.
    pub brand: InstitutionId,
    /// Base of the connector: its URL, the ARN of its function or the URL of its request queue. `aud` is this and the path.
    pub address: String,
}

/// The payment connector of an institution.
pub struct CoreConnector {
    way: Way,
    party: Party,
    /// Asked for at each call: a new key counts without a deployment.
    signer: MessageSigner,
    keys: Rotating<KeySet>,
    capability: Capability,
    breaker: Breaker,
    ids: Arc<dyn Ids>,
    clock: Arc<dyn Clock>,
    /// Time of every operation in tests of silence.
    #[cfg(test)]
    patience: Option<Duration>,
}

/// An answer that counts: signed, and to this request.
enum Answered {
    Data(Box<RawValue>),
    /// What the code means at the stage asked; `None` of one that nobody knows.
    Error(Option<CodeMeans>, String),
}

/// What is asked for, by whom and how long.
#[derive(Clone, Copy)]
struct Call<'a> {
    operation: Operation,
    stage: Option<Stage>,
    client: &'a str,
    context: CallContext,
    /// The connector does nothing with the request after that.
    not_after: Option<Moment>,
}

impl CoreConnector {
    /// The connector at the end of this way, asked in the name of `party`.
    #[must_use]
    pub fn new(
        way: Way,
        party: Party,
        (signer, keys): (impl Into<MessageSigner>, impl Into<Rotating<KeySet>>),
        capability: Capability,
        breaker: Breaker,
        (ids, clock): (Arc<dyn Ids>, Arc<dyn Clock>),
    ) -> Self {
        Self {
            way,
            party,
            signer: signer.into(),
            keys: keys.into(),
            capability,
            breaker,
            ids,
            clock,
            #[cfg(test)]
            patience: None,
        }
    }

    fn meta(&self, correlation: InteractionId) -> Meta {
        Meta::new(correlation.to_string(), &self.party.brand)
    }

    /// The whole time of an operation.
    #[cfg_attr(not(test), expect(clippy::unused_self, reason = "tests of silence have a time of their own"))]
    fn whole(&self, operation: Operation) -> Duration {
        #[cfg(test)]
        if let Some(patience) = self.patience {
            return patience;
        }
        operation.budget
    }

    /// An answer that counts, or whether the request may have arrived.
    async fn call(&self, call: Call<'_>, request: &Request<'_>) -> Result<Answered, ConnectorFault> {
        let Call { operation, context, .. } = call;
        let end = Instant::now() + context.left;
        let whole = self.whole(operation);
        let budget = || whole.min(end.saturating_duration_since(Instant::now()));
        let asked = Asked {
            what: WHAT,
            operation: operation.breaker,
            client: call.client,
            has_time: budget() == whole,
        };
        let cut = AtomicBool::new(false);
        let made = async {
            let left = budget();
            cut.store(left < whole, Ordering::Relaxed);
            self.send(call, request, left).await
        };
        let heard = |outcome: &Result<Answered, ConnectorFault>| match outcome {
            Err(ConnectorFault::Unknown(error)) if error.is_timeout() => {
                if cut.load(Ordering::Relaxed) {
                    Heard::Nothing
                } else {
                    Heard::Silence
                }
            }
            _ => Heard::Answer,
        };
        // Whoever is turned away by the breaker has sent nothing.
        self.breaker.guard(asked, made, heard).await.unwrap_or_else(|held| Err(ConnectorFault::NotSent(held)))
    }

    async fn send(
        &self,
        call: Call<'_>,
        request: &Request<'_>,
        left: Duration,
    ) -> Result<Answered, ConnectorFault> {
        let Call { operation, context, .. } = call;
        if left.is_zero() {
            return Err(ConnectorFault::NotSent(PortError::timeout(WHAT, "no time left to ask")));
        }
        let now = self.clock.now();
        let (jti, aud) = (self.ids.uuid(), format!("{}{}", self.party.address, operation.path));
        let until = call.not_after.map_or(now.plus(left), |not_after| not_after.max(now.plus(left)));
        let claims = RequestClaims::new(self.party.brand.to_string(), aud, jti, (now, until));
        let signer = self.signer.at(now).await;
        let token = claims.sign(&signer, request);
        let token = token.map_err(|error| ConnectorFault::NotSent(PortError::new(WHAT, error)))?;
        let body = Bytes::from(token);
        let correlation = context.correlation.to_string();
        let question = Question {
            what: WHAT,
            operation: operation.path,
            body: &body,
            media: Media::Jwt,
            credential: None,
            names: Some(Names { request: &claims.jti, correlation: &correlation }),
            resend: operation.resend(),
            until: Instant::now() + left,
        };
        let reply = self.way.0.carry(question).await.map_err(|unanswered| match unanswered {
            Unanswered::NotSent(error) => ConnectorFault::NotSent(error),
            Unanswered::Unknown(error) => ConnectorFault::Unknown(error),
        })?;
        self.judged(call.stage, &claims, reply).await
    }

    /// What an answer says. Whatever is not signed says nothing.
    async fn judged(
        &self,
        stage: Option<Stage>,
        claims: &RequestClaims,
        reply: Reply,
    ) -> Result<Answered, ConnectorFault> {
        let Reply { status, wait, body } = reply;
        let silent = || ConnectorFault::Unknown(unsigned(status, wait));
        let says = says(status);
        match says {
            AnswerSays::Data | AnswerSays::Refusal | AnswerSays::NotFound => {}
            // A proxy says 503 too: only the connector signs it.
            AnswerSays::NotExecuted if !body.is_empty() => {}
            AnswerSays::NotExecuted | AnswerSays::Busy | AnswerSays::Silence | AnswerSays::Nothing => {
                return Err(silent());
            }
        }
        let said = match self.opened(claims, &body).await {
            Ok(said) => said,
            Err(_) if says == AnswerSays::NotExecuted => return Err(silent()),
            Err(fault) => {
                // The metric filter of the template counts the field `alarm`.
                tracing::error!(
                    alarm = "PaymentConnectorKeys",
                    status,
                    reason = fault.to_string(),
                    "an answer of the payment connector does not verify, it counts as none"
                );
                return Err(ConnectorFault::Unknown(PortError::unusable(WHAT, fault)));
            }
        };
        let (code, detail) = match (says, said) {
            (AnswerSays::Data, Said::Data(data)) => {
                let empty = || RawValue::from_string("{}".to_owned());
                let data = data.map_or_else(empty, Ok);
                return data.map(Answered::Data).map_err(|_| silent());
            }
            (AnswerSays::Data, Said::Error { .. }) | (_, Said::Data(_)) => return Err(silent()),
            (_, Said::Error { code, detail }) => (code, detail),
        };
        let means = stage.and_then(|stage| meaning(stage, &code));
        match (says, means) {
            (AnswerSays::Refusal | AnswerSays::NotExecuted, Some(CodeMeans::NotExecuted)) => {
                let error = PortError::overloaded(WHAT, format!("status {status} {code}"));
                Err(ConnectorFault::NotSent(error.after(wait)))
            }
            (AnswerSays::Refusal, Some(CodeMeans::NotFound)) => Err(silent()),
            (AnswerSays::Refusal, _) | (AnswerSays::NotFound, Some(CodeMeans::NotFound)) => {
                Ok(Answered::Error(means, answer::detail(&detail)))
            }
            _ => Err(silent()),
        }
    }

    async fn opened(&self, claims: &RequestClaims, body: &[u8]) -> Result<Said, AnswerFault> {
        let now = self.clock.now();
        let keys = self.keys.at(now).await;
        match claims.open(body, &keys, now) {
            Err(AnswerFault::UnknownKey) => {
                // The core may have a new key since the last look at the set.
                let newer = self.keys.refresh(now).await;
                claims.open(body, &newer, now)
            }
            opened => opened,
        }
    }
}

/// What a status means that nobody signed; of the money it says nothing.
fn unsigned(status: u16, wait: Option<Duration>) -> PortError {
    let text = format!("status {status}");
    match says(status) {
        AnswerSays::Busy | AnswerSays::NotExecuted => PortError::overloaded(WHAT, text).after(wait),
        AnswerSays::Silence => PortError::timeout(WHAT, text),
        AnswerSays::Data | AnswerSays::Refusal | AnswerSays::NotFound | AnswerSays::Nothing => {
            PortError::new(WHAT, text)
        }
    }
}

/// An answer that the operation does not have.
fn unexpected() -> ConnectorFault {
    ConnectorFault::Unknown(PortError::unusable(WHAT, "a refusal that this operation does not have"))
}

fn client_of(consent: &PaymentConsent) -> &str {
    consent.organisation.as_str()
}

#[async_trait]
impl ConsentConnector for CoreConnector {
    async fn discover(
        &self,
        consent: &PaymentConsent,
        context: CallContext,
    ) -> Result<Vec<DebtorAccount>, ConnectorFault> {
        let request = Request::discovery(&self.party.brand, self.meta(context.correlation), consent);
        let call =
            Call { operation: DISCOVERY, stage: None, client: client_of(consent), context, not_after: None };
        match self.call(call, &request).await? {
            Answered::Data(data) => answer::accounts(&data).map_err(ConnectorFault::Unknown),
            Answered::Error(..) => Err(unexpected()),
        }
    }

    async fn validate_consent(
        &self,
        consent: &PaymentConsent,
        debtor: &Debtor,
        context: CallContext,
    ) -> Result<Result<(), ConsentRefused>, ConnectorFault> {
        let meta = self.meta(context.correlation);
        let request = Request::validation(&self.party.brand, meta, (consent, debtor), None);
        let stage = Some(Stage::PostConsent);
        let call =
            Call { operation: VALIDATION, stage, client: client_of(consent), context, not_after: None };
        match self.call(call, &request).await? {
            Answered::Data(_) => Ok(Ok(())),
            Answered::Error(means, detail) => {
                let code = match means {
                    Some(CodeMeans::ConsentRejected(code)) => code,
                    _ => ConsentRejectionCode::NaoInformado,
                };
                Ok(Err(ConsentRefused { code, detail: Some(detail).filter(|detail| !detail.is_empty()) }))
            }
        }
    }
}

#[async_trait]
impl PaymentConnector for CoreConnector {
    fn capability(&self) -> Capability {
        self.capability
    }

    async fn validate_payment(
        &self,
        stage: PaymentStage,
        consent: &PaymentConsent,
        debtor: &Debtor,
        item: &PaymentItem,
        context: CallContext,
    ) -> Result<Result<(), PaymentRefused>, ConnectorFault> {
        let meta = self.meta(context.correlation);
        let request = Request::validation(&self.party.brand, meta, (consent, debtor), Some((stage, item)));
        let stage = Some(match stage {
            PaymentStage::PostPayment => Stage::PostPayment,
            PaymentStage::Settlement => Stage::Settlement,
        });
        let call =
            Call { operation: VALIDATION, stage, client: client_of(consent), context, not_after: None };
        match self.call(call, &request).await? {
            Answered::Data(_) => Ok(Ok(())),
            Answered::Error(means, detail) => Ok(Err(PaymentRefused { code: refusal(means), detail })),
        }
    }

    async fn pay(
        &self,
        consent: &PaymentConsent,
        payment: &Payment,
        not_after: Moment,
        context: CallContext,
    ) -> Result<CoreReport, ConnectorFault> {
        let meta = self.meta(context.correlation);
        let request = Request::payment(&self.party.brand, meta, (consent, payment), not_after);
        let call = Call {
            operation: PAYMENTS,
            stage: Some(Stage::Payments),
            client: client_of(consent),
            context,
            not_after: Some(not_after),
        };
        match self.call(call, &request).await? {
            Answered::Data(data) => answer::report(&data, payment).map_err(ConnectorFault::Unknown),
            Answered::Error(Some(CodeMeans::KeyUsed), _) => {
                let text = "our key stands for something else at the core";
                Err(ConnectorFault::Unknown(PortError::unusable(WHAT, text)))
            }
            Answered::Error(means, detail) => {
                let status = CoreStatus::Rejected(Rejection { code: refusal(means), detail });
                Ok(CoreReport { status, core_id: None })
            }
        }
    }

    async fn find(
        &self,
        consent: &PaymentConsent,
        payment: &Payment,
        context: CallContext,
    ) -> Result<Found, ConnectorFault> {
        if self.capability.dedupe == Dedupe::None && payment.core_id.is_none() {
            return Ok(Found::CannotAsk);
        }
        let meta = self.meta(context.correlation);
        let request = Request::find(&self.party.brand, meta, (consent, payment));
        let call = Call {
            operation: FIND,
            stage: Some(Stage::Find),
            client: client_of(consent),
            context,
            not_after: None,
        };
        match self.call(call, &request).await? {
            Answered::Data(data) => {
                answer::report(&data, payment).map(Found::Known).map_err(ConnectorFault::Unknown)
            }
            Answered::Error(Some(CodeMeans::NotFound), _) => Ok(Found::Unknown),
            Answered::Error(Some(CodeMeans::CannotAsk), _) => Ok(Found::CannotAsk),
            Answered::Error(..) => Err(unexpected()),
        }
    }

    async fn cancel(
        &self,
        consent: &PaymentConsent,
        payment: &Payment,
        by: &Cpf,
        context: CallContext,
    ) -> Result<CoreCancellation, ConnectorFault> {
        let meta = self.meta(context.correlation);
        let request = Request::cancellation(&self.party.brand, meta, (consent, payment), by);
        let call = Call {
            operation: CANCELLATION,
            stage: Some(Stage::Cancellation),
            client: client_of(consent),
            context,
            not_after: None,
        };
        match self.call(call, &request).await? {
            Answered::Data(data) => answer::report(&data, payment)
                .map(CoreCancellation::Reported)
                .map_err(ConnectorFault::Unknown),
            Answered::Error(Some(CodeMeans::NotCancellable), _) => Ok(CoreCancellation::Refused),
            Answered::Error(..) => Err(unexpected()),
        }
    }

    async fn books(
        &self,
        day: Date,
        cursor: Option<&str>,
        context: CallContext,
    ) -> Result<BookPage, ConnectorFault> {
        let request = Request::books(self.meta(context.correlation), day, cursor);
        let call = Call { operation: BOOKS, stage: None, client: RECONCILIATION, context, not_after: None };
        match self.call(call, &request).await? {
            Answered::Data(data) => answer::books(&data).map_err(ConnectorFault::Unknown),
            Answered::Error(..) => Err(unexpected()),
        }
    }
}

/// The code of a refusal; one that nobody knows is told as such.
fn refusal(means: Option<CodeMeans>) -> RejectionCode {
    match means {
        Some(CodeMeans::PaymentRejected(code)) => code,
        _ => RejectionCode::NaoInformado,
    }
}

#[cfg(test)]
mod tests;
