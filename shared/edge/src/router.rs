//! The HTTP router of a function: route, endpoint, answer, one log line, one report.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use ponte_authorization::api_key::ApiScope;
use ponte_authorization::message_signer::MessageSigner;
use ponte_catalog::Row;
use ponte_metrics::ports::HeldReports;
use ponte_ports::{Authority, PortError};
use ponte_refusals::Refusal;
use ponte_values::{InteractionId, Moment, OrganisationId, Page, PageCaps};

use crate::answer::Answer;
use crate::app::StartError;
use crate::call::{Call, ClientCall, CustomerCall, ManagerCall, OpenCall};
use crate::call_limits::CallLimits;
use crate::context::Context;
use crate::deadline::{Deadline, WHOLE};
use crate::endpoint::{
    ClientEndpoint, CustomerEndpoint, Endpoint, Guards, ManagerEndpoint, OpenEndpoint, Outcome,
    SignedClientEndpoint, SignedCustomerEndpoint,
};
use crate::event::HttpEvent;
use crate::guard::Guard;
use crate::key_guard::Managers;
use crate::known_parameters::KnownParameters;
use crate::pagination_key::PaginationKeys;
use crate::report::{self, KnownCaller};
use crate::request::Request;
use crate::route::{self, Found, Head, Route, RouteKind};
use crate::serve::Serve;
use crate::signed_answers;
use crate::signed_call::SignedCall;
use crate::signed_requests::SignedRequests;

/// What stands for the template of a call that found no route.
const NO_ROUTE: &str = "none";

/// Bytes of an answer as an event, the most that Lambda takes: 6 MB and a little.
const EVENT_MAX: usize = 6_291_556;

/// The operations of a function over its ports `P`.
pub struct Router<P> {
    context: Context,
    guards: Guards,
    ports: Arc<P>,
    routes: Vec<(Route, Box<dyn Endpoint<P>>)>,
    held: Option<Arc<dyn HeldReports>>,
    /// Signs the answers of rows whose API is signed.
    signer: Option<MessageSigner>,
    page_caps: PageCaps,
    /// The answer to a refused call.
    refused: fn(Refusal, Moment, &'static str) -> Answer,
    /// Time of a call, from its arrival to its answer.
    whole: Duration,
}

impl<P: Send + Sync + 'static> Router<P> {
    /// A router without operations. Rows of the catalog need a guard.
    pub fn new(context: Context, guard: Option<Guard>, ports: P) -> Self {
        let guards = Guards { tokens: guard, managers: None, limits: None, pagination: None, messages: None };
        let refused = |refusal: Refusal, now, _: &'static str| Answer::refused(&refusal, now);
        Self {
            context,
            guards,
            ports: Arc::new(ports),
            routes: Vec::new(),
            held: None,
            signer: None,
            page_caps: PageCaps::default(),
            refused,
            whole: WHOLE,
        }
    }

    /// Answers every refused call in another form than that of Open Finance (C50): whatever becomes of a call before it
    /// reaches its handler, instead of it or after it, has the body that callers of these operations read. The form hears the
    /// template of the route.
    #[must_use]
    pub fn refusing(self, refused: fn(Refusal, Moment, &'static str) -> Answer) -> Self {
        Self { refused, ..self }
    }

    /// Opens managed routes to the institution's own callers.
    #[must_use]
    pub fn managers(mut self, managers: Managers) -> Self {
        self.guards.managers = Some(managers);
        self
    }

    /// Counts the calls of rows, and refuses those above the limits of their row and of the institution.
    #[must_use]
    pub fn limiting(mut self, limits: CallLimits) -> Self {
        self.guards.limits = Some(limits);
        self
    }

    /// Gives the lists of rows that go on by `pagination-key` these keys.
    #[must_use]
    pub fn paging(mut self, keys: PaginationKeys) -> Self {
        self.guards.pagination = Some(keys);
        self
    }

    /// Opens the signed bodies of rows, and signs their answers. Rows of a signed API need it.
    #[must_use]
    pub fn signing(mut self, requests: SignedRequests, answers: MessageSigner) -> Self {
        self.guards.messages = Some(requests);
        self.signer = Some(answers);
        self
    }

    /// Serves pages of no more records than these, of the rows that are served so far (C52).
    ///
    /// # Errors
    /// A cap for what is no list of this function, or below the smallest page of its file.
    pub fn capping(self, page_caps: PageCaps) -> Result<Self, StartError> {
        for (operation, most) in page_caps.iter() {
            let smallest = self.routes.iter().find_map(|(route, _)| match route.kind {
                RouteKind::Row(row) if row.operation == operation => row.smallest_page,
                _ => None,
            });
            if !smallest.is_some_and(|smallest| (smallest..=Page::MAX_SIZE).contains(&most)) {
                return Err(format!("a page of {operation} cannot have {most} records at most").into());
            }
        }
        Ok(Self { page_caps, ..self })
    }

    /// Holds the reports of created targets until the institution has answered about the customer (M38).
    #[must_use]
    pub fn holding(self, reports: Arc<dyn HeldReports>) -> Self {
        Self { held: Some(reports), ..self }
    }

    /// Serves a row of the catalog that clients call in their own name.
    #[must_use]
    pub fn client<F, R>(self, row: &'static Row, handler: F) -> Self
    where
        F: Fn(Arc<P>, ClientCall) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome> + Send + 'static,
    {
        self.route(Route::of(row), ClientEndpoint { row, handler })
    }

    /// Serves a row of the catalog with a signed body that clients call in their own name.
    #[must_use]
    pub fn signed_client<F, R>(self, row: &'static Row, handler: F) -> Self
    where
        F: Fn(Arc<P>, SignedCall<ClientCall>) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome> + Send + 'static,
    {
        self.route(Route::of(row), SignedClientEndpoint { row, handler })
    }

    /// Serves a row of the catalog with a signed body that clients call for a customer; `authority` proves the target of the row.
    #[must_use]
    pub fn signed_customer<A, F, R>(self, row: &'static Row, authority: &Arc<A>, handler: F) -> Self
    where
        A: Authority + 'static,
        F: Fn(Arc<P>, SignedCall<CustomerCall<A::Proof>>) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome> + Send + 'static,
    {
        let authority = Arc::clone(authority);
        self.route(Route::of(row), SignedCustomerEndpoint { row, authority, handler })
    }

    /// Serves a row of the catalog that clients call for a customer; `authority` proves the target of the row.
    #[must_use]
    pub fn customer<A, F, R>(self, row: &'static Row, authority: &Arc<A>, handler: F) -> Self
    where
        A: Authority + 'static,
        F: Fn(Arc<P>, CustomerCall<A::Proof>) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome> + Send + 'static,
    {
        let authority = Arc::clone(authority);
        self.route(Route::of(row), CustomerEndpoint { row, authority, handler })
    }

    /// Serves an endpoint outside the catalog; its handler checks who calls. `consumes` is the media type of the body. HEAD at a GET
    /// is answered without calling the handler, unless the route says [`head_as_get`](Self::head_as_get).
    #[must_use]
    pub fn open<F, R>(
        self,
        method: &'static str,
        template: &'static str,
        consumes: Option<&'static str>,
        handler: F,
    ) -> Self
    where
        F: Fn(Arc<P>, OpenCall) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome> + Send + 'static,
    {
        let route = Route { method, template, kind: RouteKind::Open { report: None, head: Head::Untouched } };
        self.route(route, OpenEndpoint { consumes, handler })
    }

    /// Serves an endpoint for the institution's own callers, whose key has any of these scopes. On another host than
    /// that of [`Managers`] there is no such route. `consumes` is the media type of the body. A query parameter is 400 unless the
    /// route says [`taking`](Self::taking).
    #[must_use]
    pub fn managed<F, R>(
        self,
        method: &'static str,
        template: &'static str,
        any_of: &'static [ApiScope],
        consumes: Option<&'static str>,
        handler: F,
    ) -> Self
    where
        F: Fn(Arc<P>, ManagerCall) -> R + Send + Sync + 'static,
        R: Future<Output = Outcome> + Send + 'static,
    {
        let route = Route { method, template, kind: RouteKind::Managed(KnownParameters::default()) };
        self.route(route, ManagerEndpoint { any_of, consumes, handler })
    }

    /// Query parameters of the managed route added last: those that come once at most, and those whose values are a list.
    #[must_use]
    pub fn taking(mut self, once: &'static [&'static str], repeated: &'static [&'static str]) -> Self {
        if let Some((Route { kind: RouteKind::Managed(known), .. }, _)) = self.routes.last_mut() {
            *known = KnownParameters { once, repeated };
        }
        self
    }

    /// Reports calls of the route added last under this endpoint name (M35), when they carry an interaction id.
    #[must_use]
    pub fn reported(mut self, endpoint: &'static str) -> Self {
        if let Some((Route { kind: RouteKind::Open { report, .. }, .. }, _)) = self.routes.last_mut() {
            *report = Some(endpoint);
        }
        self
    }

    /// Answers HEAD on the GET route added last like GET, without the body: for documents that a look at changes nothing.
    #[must_use]
    pub fn head_as_get(mut self) -> Self {
        if let Some((Route { kind: RouteKind::Open { head, .. }, .. }, _)) = self.routes.last_mut() {
            *head = Head::AsGet;
        }
        self
    }

    fn route(mut self, route: Route, endpoint: impl Endpoint<P> + 'static) -> Self {
        self.routes.push((route, Box::new(endpoint)));
        self
    }

    /// Answers a call. A panic is a fault of this call alone: it gets the Open Finance error body, and the environment
    /// lives on.
    async fn handle(
        &self,
        request: Request,
        now: Moment,
        interaction: Option<InteractionId>,
        fresh: InteractionId,
    ) -> Handled {
        AssertUnwindSafe(self.answer(request, now, interaction, fresh))
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Handled::refused(Refusal::internal()))
    }

    /// From request to answer.
    async fn answer(
        &self,
        request: Request,
        now: Moment,
        interaction: Option<InteractionId>,
        fresh: InteractionId,
    ) -> Handled {
        let managed = self.guards.managers.as_ref().is_some_and(|managers| managers.serves(&request));
        let routes = self.routes.iter().map(|(route, _)| route).enumerate();
        let routes = routes.filter(|(_, route)| managed || !matches!(route.kind, RouteKind::Managed(_)));
        let is_head = request.method == "HEAD";
        let (index, ids) = match route::find(routes, &request.method, &request.path) {
            Found::Route(index, ids) => (index, ids),
            Found::OtherMethod(methods) => return self.astray(&request.path, Refusal::no_method(&methods)),
            Found::Nothing => return self.astray(&request.path, Refusal::no_route()),
        };
        let (route, endpoint) = &self.routes[index];
        let mut done = Handled::at(route);
        if is_head {
            // Nobody was served: there is nothing to report.
            done.endpoint = None;
            if matches!(route.kind, RouteKind::Open { head: Head::Untouched, .. }) {
                done.outcome = Ok(Answer::untouched());
                return done;
            }
        }
        let (row, parameters) = match route.kind {
            RouteKind::Row(row) => (Some(row), None),
            RouteKind::Managed(known) => (None, Some(known)),
            RouteKind::Open { .. } => (None, None),
        };
        if row.is_some() && interaction.is_none() {
            done.outcome = Err(Refusal::no_interaction());
            return done;
        }
        let deadline = Deadline::of(self.whole, request.arrived, now);
        let call = Call {
            request: request.with_ids(ids),
            interaction: interaction.unwrap_or(fresh),
            now,
            deadline,
            context: self.context.clone(),
            template: route.template,
            row,
            parameters,
            page_cap: row.and_then(|row| self.page_caps.of(row.operation)),
            pagination: None,
        };
        let served = endpoint.serve(Arc::clone(&self.ports), call, &self.guards, &mut done.known);
        let outcome = deadline.limit(served).await.unwrap_or_else(|| Err(late()));
        done.outcome = outcome.map_err(|refusal| match row {
            Some(row) => refusal.within(row.codes),
            None => refusal,
        });
        done
    }
}

impl<P> Router<P> {
    /// A call that found no endpoint; under the base of an API that is served here it still has its version (C54).
    fn astray(&self, path: &str, refusal: Refusal) -> Handled {
        let api = route::api_of(self.routes.iter().map(|(route, _)| route), path);
        Handled { version: api.map(|api| api.version), ..Handled::refused(refusal) }
    }
}

impl<P> Router<P> {
    /// An answer of a signed API as it leaves.
    async fn signed(
        &self,
        answer: Answer,
        client: Option<&OrganisationId>,
        now: Moment,
    ) -> Result<Answer, Refusal> {
        if !signed_answers::is_signed(&answer) {
            return Ok(answer);
        }
        let (Some(signer), Some(client)) = (&self.signer, client) else {
            tracing::error!("an answer that nobody can sign, or for nobody");
            return Err(Refusal::internal());
        };
        signed_answers::signed(answer, signer, &self.context, client, now).await
    }
}

/// The refusal of a call that was not done by its deadline.
fn late() -> Refusal {
    PortError::timeout("call", "not done by its deadline").into()
}

/// A handled call: its outcome, and the facts for its record.
struct Handled {
    outcome: Result<Answer, Refusal>,
    route: &'static str,
    version: Option<&'static str>,
    /// Status codes of its file.
    codes: &'static [u16],
    /// Whether its bodies are signed.
    signed: bool,
    endpoint: Option<&'static str>,
    always_reported: bool,
    known: KnownCaller,
}

impl Handled {
    fn refused(refusal: Refusal) -> Self {
        Self {
            outcome: Err(refusal),
            route: NO_ROUTE,
            version: None,
            codes: &[],
            signed: false,
            endpoint: None,
            always_reported: false,
            known: KnownCaller::default(),
        }
    }

    fn at(route: &Route) -> Self {
        let (version, endpoint, always_reported) = match route.kind {
            // A report that the platform does not list would be discarded (M13).
            RouteKind::Row(row) => (Some(row.api.version), row.api.listed.then_some(row.template), true),
            RouteKind::Open { report, .. } => (None, report, false),
            RouteKind::Managed(_) => (None, None, false),
        };
        let (codes, signed) = match route.kind {
            RouteKind::Row(row) => (row.codes, row.api.signed),
            _ => (&[][..], false),
        };
        Self {
            route: route.template,
            version,
            codes,
            signed,
            endpoint,
            always_reported,
            ..Self::refused(Refusal::internal())
        }
    }
}

#[async_trait]
impl<P: Send + Sync + 'static> Serve for Router<P> {
    async fn serve(&self, event: HttpEvent) -> Answer {
        let began = self.context.clock.now();
        let right_now = event.now;
        let arrived = event.arrived.unwrap_or(began);
        let method = logged(&event.method);
        let certificate = event.certificate.clone();
        let given = |name: &str| event.headers.get(name).and_then(|value| InteractionId::parse(value).ok());
        let interaction = given("x-fapi-interaction-id");
        // The institution's own callers correlate their calls by this one.
        let correlation = given("x-correlation-id").map(Ok);
        let Ok(fresh) = correlation.unwrap_or_else(|| InteractionId::parse(&self.context.ids.uuid())) else {
            return (self.refused)(Refusal::internal(), arrived, NO_ROUTE);
        };
        let handled =
            self.handle(Request::read(event, began), right_now.unwrap_or(began), interaction, fresh).await;
        let now = self.context.clock.now();
        let now = right_now.map_or(now, |right| right.plus(now.since(began)));
        let id = interaction.unwrap_or(fresh);
        let complete = |answer: Answer| {
            let answer = if method == "HEAD" { answer.without_body() } else { answer };
            let answer = answer.header("x-fapi-interaction-id", id.to_string());
            match handled.version {
                Some(version) => answer.header("x-v", version.to_owned()),
                None => answer,
            }
        };
        let route = handled.route;
        let refused = |refusal: Refusal| (self.refused)(refusal, now, route);
        let answer = handled.outcome.unwrap_or_else(refused);
        let answer = if handled.signed {
            self.signed(answer, handled.known.client.as_ref(), now).await.unwrap_or_else(refused)
        } else {
            answer
        };
        let mut answer = complete(answer);
        let client = answer.client().cloned().or(handled.known.client);
        if answer.is_larger_than(EVENT_MAX) {
            tracing::error!(route = handled.route, "answer above the limit of the gateway");
            answer = complete(refused(Refusal::answer_too_large()));
        }
        // Counted last, when nothing more can become of the answer but that it is one too many.
        let served = (200..300).contains(&answer.status());
        if let (true, Some(limits), Some(month)) = (served, &self.guards.limits, &handled.known.month)
            && let Err(reached) = limits.count_month(month).await
        {
            answer = complete(refused(Refusal::from(reached).within(handled.codes)));
        }
        let record =
            report::CallRecord { route: handled.route, method, interaction: id, arrived, answered: now };
        record.log(answer.status(), client.as_ref(), &handled.known.access);
        if let Some(endpoint) = handled.endpoint.filter(|_| handled.always_reported || interaction.is_some())
        {
            let client = client.or_else(|| report::organisation_of(certificate.as_deref()));
            let held = self.held.as_deref().zip(answer.created_target());
            record.report(&self.context, endpoint, answer.status(), client, held).await;
        }
        answer
    }
}

/// A method as log and report name it: callers make up others of any length (RFC 9110 section 9.1), and nothing of those is
/// repeated.
fn logged(method: &str) -> &'static str {
    const KNOWN: [&str; 8] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"];
    KNOWN.into_iter().find(|known| *known == method).unwrap_or("other")
}

#[cfg(test)]
mod tests;
