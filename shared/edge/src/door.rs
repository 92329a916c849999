//! The HTTP door of a function: route, guard, handler, answer, one log line, one report.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use futures_util::FutureExt;
use ponte_authorization::api_key::ApiScope;
use ponte_catalog::Row;
use ponte_metrics::ports::HeldReports;
use ponte_ports::{Clock, Ids, Outbox};
use ponte_values::{InteractionId, Moment, OrganisationId};

use crate::admitted::{Admitted, Caller};
use crate::answer::Answer;
use crate::guard::Guard;
use crate::key_guard::Managers;
use crate::refusal::Refusal;
use crate::report::{self, Access};
use crate::request::Request;
use crate::route::{self, Found, Kind, Route};

/// What every door needs from outside.
#[derive(Clone)]
pub struct Desk {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Fresh ids.
    pub ids: Arc<dyn Ids>,
    /// Where reports are left.
    pub outbox: Arc<dyn Outbox>,
    /// This institution's organisation.
    pub organisation: OrganisationId,
    /// Scheme and host in the links of answers, without a slash at the end.
    pub base_url: String,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// What is served but to open endpoints.
const JSON: &str = "application/json";

type Outcome = Pin<Box<dyn Future<Output = Result<Answer, Refusal>> + Send>>;
type Handler<P> = Box<dyn Fn(Arc<P>, Admitted) -> Outcome + Send + Sync>;

/// The operations of a function over its ports `P`.
pub struct Door<P> {
    desk: Desk,
    guard: Option<Guard>,
    managers: Option<Managers>,
    ports: Arc<P>,
    routes: Vec<(Route, Handler<P>)>,
    held: Option<Arc<dyn HeldReports>>,
}

/// Anything that answers HTTP events.
#[async_trait]
pub trait Serve: Send + Sync {
    /// Answers one.
    async fn serve(&self, event: ApiGatewayV2httpRequest) -> ApiGatewayV2httpResponse;
}

impl<P: Send + Sync + 'static> Door<P> {
    /// A door without operations. Rows of the catalog need a guard.
    pub fn new(desk: Desk, guard: Option<Guard>, ports: P) -> Self {
        Self { desk, guard, managers: None, ports: Arc::new(ports), routes: Vec::new(), held: None }
    }

    /// Lets the institution's own callers in to managed routes.
    #[must_use]
    pub fn managers(self, managers: Managers) -> Self {
        Self { managers: Some(managers), ..self }
    }

    /// Serves a row of the catalog.
    #[must_use]
    pub fn row<F, R>(self, row: &'static Row, handler: F) -> Self
    where
        F: Fn(Arc<P>, Admitted) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Answer, Refusal>> + Send + 'static,
    {
        let route = Route { method: row.method.as_str(), template: row.template, kind: Kind::Row(row) };
        self.route(route, handler)
    }

    /// Serves an endpoint outside the catalog; its handler checks who calls. `consumes` is the media type of the body.
    #[must_use]
    pub fn open<F, R>(
        self,
        method: &'static str,
        template: &'static str,
        consumes: Option<&'static str>,
        handler: F,
    ) -> Self
    where
        F: Fn(Arc<P>, Admitted) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Answer, Refusal>> + Send + 'static,
    {
        self.route(Route { method, template, kind: Kind::Open { consumes, report: None } }, handler)
    }

    /// Serves an endpoint for the institution's own callers, whose key has any of these scopes. On another host than
    /// that of [`Managers`] there is no such route. `consumes` is the media type of the body.
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
        F: Fn(Arc<P>, Admitted) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Answer, Refusal>> + Send + 'static,
    {
        self.route(Route { method, template, kind: Kind::Managed { any_of, consumes } }, handler)
    }

    /// Reports calls of the route added last under this endpoint name (M35), when they carry an interaction id.
    #[must_use]
    pub fn reported(mut self, endpoint: &'static str) -> Self {
        if let Some((Route { kind: Kind::Open { report, .. }, .. }, _)) = self.routes.last_mut() {
            *report = Some(endpoint);
        }
        self
    }

    /// Lets the reports of created consents wait here for what the institution says of the customer (M38).
    #[must_use]
    pub fn holding(self, reports: Arc<dyn HeldReports>) -> Self {
        Self { held: Some(reports), ..self }
    }

    fn route<F, R>(mut self, route: Route, handler: F) -> Self
    where
        F: Fn(Arc<P>, Admitted) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Answer, Refusal>> + Send + 'static,
    {
        self.routes.push((route, Box::new(move |ports, call| Box::pin(caught(handler(ports, call))))));
        self
    }

    /// From request to answer.
    async fn answer(
        &self,
        request: Request,
        interaction: Option<InteractionId>,
        fresh: InteractionId,
    ) -> Handled {
        let managed = self.managers.as_ref().is_some_and(|managers| managers.serves(&request));
        let routes = self.routes.iter().map(|(route, _)| route).enumerate();
        let routes = routes.filter(|(_, route)| managed || !matches!(route.kind, Kind::Managed { .. }));
        let (index, ids) = match route::find(routes, &request.method, &request.path) {
            Found::Route(index, ids) => (index, ids),
            Found::OtherMethod => return Handled::refused(Refusal::no_method()),
            Found::Nothing => return Handled::refused(Refusal::no_route()),
        };
        let (route, handler) = &self.routes[index];
        let mut done = Handled::at(route);
        let request = request.with_ids(ids);
        let id = interaction.unwrap_or(fresh);
        done.outcome = match self.admit(route, request, interaction, id, &mut done.known).await {
            Ok(call) => handler(Arc::clone(&self.ports), call).await,
            Err(refusal) => Err(refusal),
        };
        done
    }

    async fn admit(
        &self,
        route: &Route,
        request: Request,
        interaction: Option<InteractionId>,
        id: InteractionId,
        known: &mut Known,
    ) -> Result<Admitted, Refusal> {
        let now = self.desk.clock.now();
        let consumes = match route.kind {
            Kind::Row(row) => row.body.then_some(JSON),
            Kind::Open { consumes, .. } | Kind::Managed { consumes, .. } => consumes,
        };
        let mut desk = self.desk.clone();
        let (row, caller) = match route.kind {
            Kind::Row(row) => {
                if interaction.is_none() {
                    return Err(Refusal::no_interaction());
                }
                let guard = self.guard.as_ref().ok_or_else(Refusal::internal)?;
                let caller = guard.admit(row, &request, now).await?;
                if let Caller::Client(client) | Caller::Customer(client, _) = &caller {
                    known.client = Some(client.organisation.clone());
                }
                (Some(row), caller)
            }
            Kind::Open { .. } => (None, Caller::Unknown),
            Kind::Managed { any_of, .. } => {
                let managers = self.managers.as_ref().ok_or_else(Refusal::internal)?;
                let manager = managers.admit(any_of, &request, now, &mut known.access).await?;
                managers.url().clone_into(&mut desk.base_url);
                (None, Caller::Manager(manager))
            }
        };
        if !matches!(route.kind, Kind::Open { .. }) && !request.accepts(JSON) {
            return Err(Refusal::not_acceptable());
        }
        if consumes.is_some_and(|wanted| request.content_type().as_deref() != Some(wanted)) {
            return Err(Refusal::unsupported_type());
        }
        let call = Admitted { request, interaction: id, now, caller, desk, row };
        if row.is_some_and(|row| row.customer_headers) {
            call.customer()?;
        }
        Ok(call)
    }
}

/// A handler that panics is a fault of this call alone: answered, logged and reported like any other (M15).
async fn caught(outcome: impl Future<Output = Result<Answer, Refusal>> + Send) -> Result<Answer, Refusal> {
    AssertUnwindSafe(outcome).catch_unwind().await.unwrap_or_else(|_| Err(Refusal::internal()))
}

/// Who stands behind a call, for its log line and its report.
#[derive(Default)]
struct Known {
    client: Option<OrganisationId>,
    access: Access,
}

/// What came of a call, with what its report needs.
struct Handled {
    outcome: Result<Answer, Refusal>,
    route: &'static str,
    version: Option<&'static str>,
    endpoint: Option<&'static str>,
    always_reported: bool,
    known: Known,
}

impl Handled {
    fn refused(refusal: Refusal) -> Self {
        Self {
            outcome: Err(refusal),
            route: "none",
            version: None,
            endpoint: None,
            always_reported: false,
            known: Known::default(),
        }
    }

    fn at(route: &Route) -> Self {
        let (version, endpoint, always_reported) = match route.kind {
            Kind::Row(row) => (Some(row.api.version), Some(row.template), true),
            Kind::Open { report, .. } => (None, report, false),
            Kind::Managed { .. } => (None, None, false),
        };
        Self {
            route: route.template,
            version,
            endpoint,
            always_reported,
            ..Self::refused(Refusal::internal())
        }
    }
}

#[async_trait]
impl<P: Send + Sync + 'static> Serve for Door<P> {
    async fn serve(&self, event: ApiGatewayV2httpRequest) -> ApiGatewayV2httpResponse {
        let arrived = Moment::from_millis(event.request_context.time_epoch);
        let method = event.request_context.http.method.to_string();
        let certificate = report::certificate_of(&event);
        let given = |name: &str| {
            let value = event.headers.get(name).and_then(|value| value.to_str().ok());
            value.and_then(|text| InteractionId::parse(text).ok())
        };
        let interaction = given("x-fapi-interaction-id");
        // Callers of the institution's own know their calls by this one.
        let correlation = given("x-correlation-id").map(Ok);
        let Ok(fresh) = correlation.unwrap_or_else(|| InteractionId::parse(&self.desk.ids.uuid())) else {
            return Refusal::internal().into_answer(arrived).into_event();
        };
        let handled = match Request::read(event) {
            // A panic is a fault of this call alone: it gets the Open Finance error body, the environment lives on.
            Ok(request) => AssertUnwindSafe(self.answer(request, interaction, fresh))
                .catch_unwind()
                .await
                .unwrap_or_else(|_| Handled::refused(Refusal::internal())),
            Err(refusal) => Handled::refused(refusal),
        };
        let now = self.desk.clock.now();
        let id = interaction.unwrap_or(fresh);
        let mut answer = handled.outcome.unwrap_or_else(|refusal| refusal.into_answer(now));
        answer = answer.header("x-fapi-interaction-id", id.to_string());
        if let Some(version) = handled.version {
            answer = answer.header("x-v", version.to_owned());
        }
        let client = answer.client().cloned().or(handled.known.client);
        let line =
            report::Line { route: handled.route, method: &method, interaction: id, arrived, answered: now };
        line.log(answer.status(), client.as_ref(), &handled.known.access);
        if let Some(endpoint) = handled.endpoint.filter(|_| handled.always_reported || interaction.is_some())
        {
            let client = client.or_else(|| report::organisation_of(certificate.as_deref()));
            let held = self.held.as_deref().zip(answer.consent());
            line.report(&self.desk, endpoint, answer.status(), client, held).await;
        }
        answer.into_event()
    }
}

#[cfg(test)]
mod tests;
