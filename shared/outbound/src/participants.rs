//! Other institutions, called over mTLS with our own certificate; every call leaves a CLIENT report (M10, M11, M14).
//!
//! The time of a report is taken immediately before the call goes out (connecting belongs to it, where no connection
//! is open), its span ends with the head of the answer. Reading the body counts no more.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ponte_fapi::token_id::Pepper;
use ponte_metrics::outbox::LostReport;
use ponte_metrics::ports::{CallFault, OutgoingCall, ParticipantResponse, Participants};
use ponte_metrics::report::additional::{CallEnd, error_code};
use ponte_metrics::report::client::PATIENCE;
use ponte_metrics::report::{CallOutcome, ClientFacts, ClientReport, ReportFault};
use ponte_ports::rotation::Rotating;
use ponte_ports::{Clock, Ids, Outbox, PortError, chain};
use ponte_values::{InteractionId, Invalid, Moment, OrganisationId, SoftwareStatementId, TokenId};
use reqwest::{Method, RequestBuilder, Response};
use tokio::time::{Instant, timeout};

use crate::http::Client;
use crate::{failure, http};

const WHAT: &str = "another institution";
/// Largest answer that is read: a page of a thousand records fits many times.
const LIMIT: usize = 16 * 1024 * 1024;
const INTERACTION: &str = "x-fapi-interaction-id";
/// How long the answer waits for its report to be stored.
const STORE_PATIENCE: Duration = Duration::from_millis(600);

/// This institution as the caller.
#[derive(Clone, Debug)]
pub struct Caller {
    /// This institution.
    pub organisation: OrganisationId,
    /// Its software statement.
    pub statement: SoftwareStatementId,
}

/// The institutions of the ecosystem, behind their servers.
pub struct Institutions {
    client: Rotating<Client>,
    caller: Caller,
    pepper: Pepper,
    context: ReportContext,
    patience: Duration,
}

/// Ports that reports are written with.
#[derive(Clone)]
pub struct ReportContext {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Fresh ids.
    pub ids: Arc<dyn Ids>,
    /// Where reports are left.
    pub outbox: Arc<dyn Outbox>,
}

/// When a call went out and how long its answer took.
struct Timing {
    sent: Moment,
    span: Duration,
}

impl Institutions {
    /// Calls over `client`, which shows our certificate, as `caller`.
    #[must_use]
    pub fn new(
        client: impl Into<Rotating<Client>>,
        caller: Caller,
        pepper: Pepper,
        context: ReportContext,
    ) -> Self {
        Self { client: client.into(), caller, pepper, context, patience: PATIENCE }
    }

    /// The request; an address or a header that cannot be sent is no call.
    fn request(client: &reqwest::Client, call: &mut OutgoingCall<'_>) -> Result<RequestBuilder, CallFault> {
        let method = Method::from_bytes(call.method.as_bytes())
            .map_err(|error| CallFault::Unreachable(PortError::new(WHAT, error)))?;
        let mut request = client.request(method, call.url);
        if let Some(interaction) = call.interaction {
            request = request.header(INTERACTION, interaction.to_string());
        }
        if let Some(token) = call.token {
            request = request.bearer_auth(token.expose());
        }
        for (name, value) in call.headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = call.body.take() {
            request = request.body(body);
        }
        Ok(request)
    }

    /// The head of the answer within our patience.
    async fn exchange(&self, request: RequestBuilder) -> (Timing, Result<Response, CallFault>) {
        let sent = self.context.clock.now();
        let started = Instant::now();
        let head = timeout(self.patience, request.send()).await;
        let span = started.elapsed();
        let head = match head {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(no_answer(error)),
            Err(_) => Err(CallFault::GaveUp),
        };
        (Timing { sent, span }, head)
    }

    /// The call as it is reported.
    fn made(
        &self,
        call: &OutgoingCall<'_>,
        timing: &Timing,
        outcome: CallOutcome,
        answer: Option<&ParticipantResponse>,
    ) -> Result<ClientReport, ReportFault> {
        let token = call.token.and_then(|token| self.token_id(token.expose()).ok());
        let code = answer.filter(|answer| answer.status >= 400).and_then(|answer| error_code(&answer.body));
        let ended = CallEnd { status: outcome.status(), error_code: code.as_deref(), token: token.as_ref() };
        // A server that was told no id says its own, and reports it.
        let told = || InteractionId::parse(answer?.header(INTERACTION)?).ok();
        ClientReport::of(ClientFacts {
            interaction: call.interaction.or_else(told),
            endpoint: call.endpoint,
            method: call.method,
            outcome,
            url: call.url,
            sent: timing.sent,
            span: timing.span,
            client: self.caller.organisation.clone(),
            statement: self.caller.statement.clone(),
            server: call.server.clone(),
            correlation: call.correlation,
            info: (call.info)(&ended, answer),
        })
    }

    /// Leaves the report in the outbox. One the store did not take is logged whole: it carries no personal data, and a
    /// command of `pcm` puts it into the outbox from there (T64).
    async fn report(
        &self,
        call: &OutgoingCall<'_>,
        timing: &Timing,
        outcome: CallOutcome,
        answer: Option<&ParticipantResponse>,
    ) {
        let made = match self.made(call, timing, outcome, answer) {
            Ok(made) => made,
            Err(fault) => {
                let status = outcome.status();
                tracing::error!(endpoint = call.endpoint, status, ?fault, "call not reportable");
                return;
            }
        };
        match made.into_row(self.context.ids.uuid(), timing.sent) {
            Ok(row) => {
                let stored = timeout(STORE_PATIENCE, self.context.outbox.add(&row)).await;
                if let Err(error) =
                    stored.unwrap_or_else(|late| Err(PortError::timeout("outbox table", late)))
                {
                    let lost_report = LostReport::of(&row).text();
                    tracing::error!(chain = chain(&error), lost_report, "report not stored");
                }
            }
            Err(error) => tracing::error!(chain = chain(&error), "report not written"),
        }
    }
}

#[async_trait]
impl Participants for Institutions {
    async fn send(&self, mut call: OutgoingCall<'_>) -> Result<ParticipantResponse, CallFault> {
        let client = self.client.at(self.context.clock.now()).await;
        let request = Self::request(&client.connections(), &mut call)?;
        let (timing, head) = self.exchange(request).await;
        let response = match head {
            Ok(response) => response,
            Err(fault) => {
                // Every call is reported once, so it is the caller who sends it again.
                client.renew();
                match fault {
                    CallFault::GaveUp => self.report(&call, &timing, CallOutcome::GaveUp, None).await,
                    // There is no status to report.
                    CallFault::Broken(_) => {
                        let interaction = call.interaction.map(|id| id.to_string());
                        tracing::warn!(
                            endpoint = call.endpoint,
                            interaction,
                            "call without an answer, not reported"
                        );
                    }
                    CallFault::Unreachable(_) => {}
                }
                return Err(fault);
            }
        };
        let mut answer = head_of(&response);
        let body = timeout(self.patience, http::bounded(WHAT, response, LIMIT)).await;
        let body = body.unwrap_or_else(|_| Err(PortError::timeout(WHAT, "the body did not end")));
        if let Ok(body) = &body {
            answer.body.clone_from(body);
        }
        self.report(&call, &timing, CallOutcome::Answered(answer.status), Some(&answer)).await;
        body.map(|_| answer).map_err(CallFault::Broken)
    }

    fn token_id(&self, token: &str) -> Result<TokenId, Invalid> {
        self.pepper.token_id(token)
    }
}

/// Status and headers; a header that is no text is left out.
fn head_of(response: &Response) -> ParticipantResponse {
    let text = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    ParticipantResponse {
        status: response.status().as_u16(),
        headers: response.headers().iter().filter_map(text).collect(),
        body: Vec::new(),
    }
}

/// Whether the call went out at all decides what may be done next.
fn no_answer(error: reqwest::Error) -> CallFault {
    let unmade = error.is_connect() || error.is_builder();
    let error = failure::http(WHAT, error);
    if unmade { CallFault::Unreachable(error) } else { CallFault::Broken(error) }
}

#[cfg(test)]
mod tests;
