//! Endpoints by who may call them: each checks its caller, types the call, and runs its handler.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use ponte_authorization::api_key::ApiScope;
use ponte_catalog::{Access, Row};
use ponte_ports::authority::Authority;
use ponte_refusals::{MalformedRequest, Refusal};

use crate::answer::Answer;
use crate::call::{Call, ClientCall, CustomerCall, ManagerCall, OpenCall};
use crate::guard::Guard;
use crate::key_guard::Managers;
use crate::report::KnownCaller;

/// Media type of every body but those of open endpoints.
const JSON: &str = "application/json";

/// The outcome of a call.
pub(crate) type Outcome = Result<Answer, Refusal>;

/// The checks of callers that a function has.
pub(crate) struct Guards {
    pub(crate) tokens: Option<Guard>,
    pub(crate) managers: Option<Managers>,
}

/// One endpoint over the ports `P` of its function.
#[async_trait]
pub(crate) trait Endpoint<P>: Send + Sync {
    /// Checks who calls, notes it in `known`, and answers.
    async fn serve(&self, ports: Arc<P>, call: Call, guards: &Guards, known: &mut KnownCaller) -> Outcome;
}

/// A row of the catalog that clients call in their own name.
pub(crate) struct ClientEndpoint<F> {
    pub(crate) row: &'static Row,
    pub(crate) handler: F,
}

/// A row of the catalog that clients call for a customer; `authority` knows what the customer authorised.
pub(crate) struct CustomerEndpoint<A, F> {
    pub(crate) row: &'static Row,
    pub(crate) authority: Arc<A>,
    pub(crate) handler: F,
}

/// An endpoint for the institution's own callers, whose key has any of these scopes.
pub(crate) struct ManagerEndpoint<F> {
    pub(crate) any_of: &'static [ApiScope],
    pub(crate) consumes: Option<&'static str>,
    pub(crate) handler: F,
}

/// An endpoint outside the catalog, whose handler checks who calls.
pub(crate) struct OpenEndpoint<F> {
    pub(crate) consumes: Option<&'static str>,
    pub(crate) handler: F,
}

#[async_trait]
impl<P, F, R> Endpoint<P> for ClientEndpoint<F>
where
    P: Send + Sync + 'static,
    F: Fn(Arc<P>, ClientCall) -> R + Send + Sync,
    R: Future<Output = Outcome> + Send,
{
    async fn serve(&self, ports: Arc<P>, call: Call, guards: &Guards, known: &mut KnownCaller) -> Outcome {
        let (Some(guard), Access::Client(scope)) = (&guards.tokens, self.row.access) else {
            return Err(Refusal::internal());
        };
        let client = guard.client(scope, &call.request, call.now).await?;
        known.client = Some(client.organisation.clone());
        call.check_headers(self.row)?;
        catch_panic((self.handler)(ports, ClientCall { call, client, row: self.row })).await
    }
}

#[async_trait]
impl<P, A, F, R> Endpoint<P> for CustomerEndpoint<A, F>
where
    P: Send + Sync + 'static,
    A: Authority,
    F: Fn(Arc<P>, CustomerCall<A::Proof>) -> R + Send + Sync,
    R: Future<Output = Outcome> + Send,
{
    async fn serve(&self, ports: Arc<P>, call: Call, guards: &Guards, known: &mut KnownCaller) -> Outcome {
        let (Some(guard), Access::Customer(access)) = (&guards.tokens, &self.row.access) else {
            return Err(Refusal::internal());
        };
        let (client, proof) = guard.customer(access, &*self.authority, &call.request, call.now).await?;
        known.client = Some(client.organisation.clone());
        call.check_headers(self.row)?;
        catch_panic((self.handler)(ports, CustomerCall { call, client, row: self.row, proof })).await
    }
}

#[async_trait]
impl<P, F, R> Endpoint<P> for ManagerEndpoint<F>
where
    P: Send + Sync + 'static,
    F: Fn(Arc<P>, ManagerCall) -> R + Send + Sync,
    R: Future<Output = Outcome> + Send,
{
    async fn serve(
        &self,
        ports: Arc<P>,
        mut call: Call,
        guards: &Guards,
        known: &mut KnownCaller,
    ) -> Outcome {
        let managers = guards.managers.as_ref().ok_or_else(Refusal::internal)?;
        let manager = managers.admit(self.any_of, &call.request, call.now, &mut known.access).await?;
        managers.url().clone_into(&mut call.context.base_url);
        call.accepts_json()?;
        call.consumes(self.consumes)?;
        catch_panic((self.handler)(ports, ManagerCall { call, manager })).await
    }
}

#[async_trait]
impl<P, F, R> Endpoint<P> for OpenEndpoint<F>
where
    P: Send + Sync + 'static,
    F: Fn(Arc<P>, OpenCall) -> R + Send + Sync,
    R: Future<Output = Outcome> + Send,
{
    async fn serve(&self, ports: Arc<P>, call: Call, _: &Guards, _: &mut KnownCaller) -> Outcome {
        call.consumes(self.consumes)?;
        catch_panic((self.handler)(ports, OpenCall { call })).await
    }
}

impl Call {
    /// Refuses a call whose headers are not those of its row (C32, C54), or whose body is no text.
    fn check_headers(&self, row: &Row) -> Result<(), Refusal> {
        self.accepts_json()?;
        self.consumes(row.body.then_some(JSON))?;
        if row.customer_headers {
            self.customer()?;
        }
        Ok(())
    }

    fn accepts_json(&self) -> Result<(), Refusal> {
        if self.request.accepts(JSON) { Ok(()) } else { Err(Refusal::not_acceptable()) }
    }

    fn consumes(&self, media_type: Option<&'static str>) -> Result<(), Refusal> {
        if !self.request.has_readable_body() {
            return Err(MalformedRequest::Body.into());
        }
        let other = media_type.is_some_and(|wanted| self.request.content_type().as_deref() != Some(wanted));
        if other { Err(Refusal::unsupported_type()) } else { Ok(()) }
    }
}

/// A handler that panics is a fault of this call alone: answered, logged and reported like any other (M15).
async fn catch_panic(outcome: impl Future<Output = Outcome> + Send) -> Outcome {
    AssertUnwindSafe(outcome).catch_unwind().await.unwrap_or_else(|_| Err(Refusal::internal()))
}
