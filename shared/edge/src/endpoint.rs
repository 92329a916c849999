//! Endpoints by who may call them: each checks its caller, types the call, and runs its handler.

use std::future::Future;
use std::ops::Deref;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use futures_util::future;
use ponte_authorization::api_key::ApiScope;
use ponte_catalog::{Access, Row};
use ponte_ports::authority::Authority;
use ponte_ports::limits::LimitReached;
use ponte_refusals::{MalformedRequest, Refusal};
use ponte_values::{ConsentId, Moment};

use crate::access_token::AccessTokenFault;
use crate::answer::Answer;
use crate::call::{Call, ClientCall, CustomerCall, ManagerCall, OpenCall};
use crate::call_limits::{CallLimits, MonthCall, Uncounted, Whose, monthly};
use crate::caller::Client;
use crate::guard::Guard;
use crate::key_guard::Managers;
use crate::pagination_key::{List, PaginationKey, PaginationKeys};
use crate::report::KnownCaller;
use crate::signed_call::SignedCall;
use crate::signed_requests::SignedRequests;

/// Media type of every body but signed ones and those of open endpoints.
const JSON: &str = "application/json";
/// Media type of signed bodies (S60).
const JWT: &str = "application/jwt";

/// The outcome of a call.
pub(crate) type Outcome = Result<Answer, Refusal>;

/// The checks of callers that a function has.
pub(crate) struct Guards {
    pub(crate) tokens: Option<Guard>,
    pub(crate) managers: Option<Managers>,
    pub(crate) limits: Option<CallLimits>,
    pub(crate) pagination: Option<PaginationKeys>,
    pub(crate) messages: Option<SignedRequests>,
}

impl Guards {
    /// Lets a call of a client of ours in, but for what the shared counts are yet to say of it.
    fn admit(&self, row: &Row, client: &Client, now: Moment) -> Result<Vec<Uncounted>, LimitReached> {
        self.limits.as_ref().map_or(Ok(Vec::new()), |limits| limits.admit(row, client, now))
    }

    /// Opens the signed body of a call.
    async fn open<C: Deref<Target = Call> + Send>(
        &self,
        call: C,
        client: &Client,
    ) -> Result<SignedCall<C>, Refusal> {
        let messages = self.messages.as_ref().ok_or_else(Refusal::internal)?;
        let message = messages.open(&call, client).await?;
        Ok(SignedCall::new(call, message))
    }

    /// Adds calls to the shared counts; what they say of the last one.
    async fn count(&self, uncounted: Vec<Uncounted>) -> Result<(), LimitReached> {
        match &self.limits {
            Some(limits) if !uncounted.is_empty() => limits.count(uncounted).await,
            _ => Ok(()),
        }
    }

    /// The key of the list that a call for a customer is about (C53); `None` for a row without one.
    fn list_key(
        &self,
        row: &'static Row,
        call: &Call,
        client: &Client,
        target: &ConsentId,
    ) -> Option<PaginationKey> {
        let keys = self.pagination.as_ref().filter(|_| row.pagination_key)?;
        Some(keys.of(&List { row, client, target, request: &call.request }, call.now))
    }

    /// Lets a call in by its month: what it counts among when its answer is ready (L06), `None` if nowhere. The key of its list is
    /// there before, because a page by a good one was counted.
    fn admit_to_month(
        &self,
        row: &Row,
        call: &Call,
        whose: &Whose<'_>,
    ) -> Result<Option<MonthCall>, LimitReached> {
        let Some(limits) = &self.limits else { return Ok(None) };
        let month = limits.a_month(row).and_then(|limit| monthly(row, call, whose, limit));
        month.as_ref().map_or(Ok(()), |month| limits.check_month(month))?;
        Ok(month)
    }
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

/// The same with a signed body.
pub(crate) struct SignedClientEndpoint<F> {
    pub(crate) row: &'static Row,
    pub(crate) handler: F,
}

/// A row of the catalog that clients call for a customer; `authority` knows what the customer authorised.
pub(crate) struct CustomerEndpoint<A, F> {
    pub(crate) row: &'static Row,
    pub(crate) authority: Arc<A>,
    pub(crate) handler: F,
}

/// The same with a signed body.
pub(crate) struct SignedCustomerEndpoint<A, F> {
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
        unsigned(self.row)?;
        client_call(self.row, call, guards, known, |call| (self.handler)(ports, call)).await
    }
}

#[async_trait]
impl<P, F, R> Endpoint<P> for SignedClientEndpoint<F>
where
    P: Send + Sync + 'static,
    F: Fn(Arc<P>, SignedCall<ClientCall>) -> R + Send + Sync,
    R: Future<Output = Outcome> + Send,
{
    async fn serve(&self, ports: Arc<P>, call: Call, guards: &Guards, known: &mut KnownCaller) -> Outcome {
        signed(self.row)?;
        let opened = |call: ClientCall| async move {
            let client = call.client.clone();
            (self.handler)(ports, guards.open(call, &client).await?).await
        };
        client_call(self.row, call, guards, known, opened).await
    }
}

/// A call of a client in its own name, once its token, its counts and its headers are checked.
async fn client_call<R: Future<Output = Outcome> + Send>(
    row: &'static Row,
    call: Call,
    guards: &Guards,
    known: &mut KnownCaller,
    handler: impl FnOnce(ClientCall) -> R + Send,
) -> Outcome {
    let (Some(guard), Access::Client(scope)) = (&guards.tokens, row.access) else {
        return Err(Refusal::internal());
    };
    let token = guard.current_token(&call.request, call.now).await?;
    let client = token.of_client(scope, other_grant(row))?;
    known.client = Some(client.organisation.clone());
    let uncounted = guards.admit(row, &client, call.now)?;
    let work = async {
        call.check_headers(row)?;
        catch_panic(handler(ClientCall { call, client, row })).await
    };
    // Nothing is read before it, so that the counts are told beside the work: one too many is served, and no more.
    future::join(work, guards.count(uncounted)).await.0
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
        unsigned(self.row)?;
        customer_call(self.row, &*self.authority, call, guards, known, |call| (self.handler)(ports, call))
            .await
    }
}

#[async_trait]
impl<P, A, F, R> Endpoint<P> for SignedCustomerEndpoint<A, F>
where
    P: Send + Sync + 'static,
    A: Authority,
    F: Fn(Arc<P>, SignedCall<CustomerCall<A::Proof>>) -> R + Send + Sync,
    R: Future<Output = Outcome> + Send,
{
    async fn serve(&self, ports: Arc<P>, call: Call, guards: &Guards, known: &mut KnownCaller) -> Outcome {
        signed(self.row)?;
        let opened = |call: CustomerCall<A::Proof>| async move {
            let client = call.client.clone();
            (self.handler)(ports, guards.open(call, &client).await?).await
        };
        customer_call(self.row, &*self.authority, call, guards, known, opened).await
    }
}

/// A call of a client for a customer, once its token, its counts, its target and its headers are checked.
async fn customer_call<A: Authority, R: Future<Output = Outcome> + Send>(
    row: &'static Row,
    authority: &A,
    mut call: Call,
    guards: &Guards,
    known: &mut KnownCaller,
    handler: impl FnOnce(CustomerCall<A::Proof>) -> R + Send,
) -> Outcome {
    let (Some(guard), Access::Customer(access)) = (&guards.tokens, &row.access) else {
        return Err(Refusal::internal());
    };
    let token = guard.current_token(&call.request, call.now).await?;
    known.client = Some(token.client().organisation.clone());
    if !token.is_customers() {
        return Err(other_grant(row).into());
    }
    let uncounted = guards.admit(row, token.client(), call.now)?;
    let proof = guard.proof(access, authority, &token, &call.request, call.now);
    let (proof, counted) = future::join(proof, guards.count(uncounted)).await;
    counted?;
    let proof = proof?;
    call.check_headers(row)?;
    let target = token.target(access.target).ok_or(AccessTokenFault::Scope)?;
    call.pagination = guards.list_key(row, &call, token.client(), target);
    let whose = Whose { client: token.client(), customer: token.subject(), target };
    known.month = guards.admit_to_month(row, &call, &whose)?;
    let client = token.into_client();
    catch_panic(handler(CustomerCall { call, client, row, proof })).await
}

/// What a good token of the other grant gets, a customer's where a client is due or the other way round: in payments it is no token
/// at all (P03), elsewhere it lacks the scope.
const fn other_grant(row: &Row) -> AccessTokenFault {
    if row.api.signed { AccessTokenFault::Unauthenticated } else { AccessTokenFault::Scope }
}

/// Whether the body of a row is a signed message. Its handler gets it opened, or there is no handler: nobody shall forget to.
const fn takes_message(row: &Row) -> bool {
    row.api.signed && row.body
}

fn unsigned(row: &Row) -> Result<(), Refusal> {
    if takes_message(row) { Err(Refusal::internal()) } else { Ok(()) }
}

fn signed(row: &Row) -> Result<(), Refusal> {
    if takes_message(row) { Ok(()) } else { Err(Refusal::internal()) }
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
        call.parameters.unwrap_or_default().check(&call.request)?;
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
        // Who takes JSON alone gets the refusals that way, and a signed answer as it is (P37).
        if !(row.api.signed && self.request.accepts(JWT)) {
            self.accepts_json()?;
        }
        self.consumes(row.body.then_some(if row.api.signed { JWT } else { JSON }))?;
        if row.customer_headers {
            self.customer()?;
        }
        if row.idempotent {
            self.idempotency_key()?;
        }
        Ok(())
    }

    fn accepts_json(&self) -> Result<(), Refusal> {
        if self.request.accepts(JSON) { Ok(()) } else { Err(Refusal::not_acceptable()) }
    }

    fn consumes(&self, media_type: Option<&'static str>) -> Result<(), Refusal> {
        // Files print 415 where there is a body to send.
        if self.request.has_coded_body() && (media_type.is_some() || self.row.is_none()) {
            return Err(Refusal::unsupported_coding());
        }
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

#[cfg(test)]
mod tests {
    use ponte_catalog::{Meta, Reach};
    use serde_json::json;

    use super::*;
    use crate::sample;

    static READING: Row = sample::row(Meta::Time, &[], Reach::None);
    static WRITING: Row =
        Row { body: true, customer_headers: true, ..sample::row(Meta::Time, &[], Reach::None) };

    #[test]
    fn c32_c54_the_headers_of_a_row_are_asked_for_and_no_others() {
        let whole = json!({
            "accept": "application/json", "content-type": "application/json", "x-fapi-customer-ip-address": "203.0.113.7",
            "x-customer-user-agent": "Mozilla/5.0",
        });
        for (row, header, value, status) in [
            (&WRITING, "accept", "application/json", None),
            (&WRITING, "accept", "text/html", Some(406)),
            (&WRITING, "content-type", "text/plain", Some(415)),
            (&WRITING, "content-encoding", "gzip", Some(415)),
            (&WRITING, "content-encoding", "identity", None),
            (&READING, "content-encoding", "gzip", None),
            (&WRITING, "x-fapi-customer-ip-address", "", Some(400)),
            (&WRITING, "x-customer-user-agent", "", Some(400)),
            (&READING, "accept", "text/html", Some(406)),
            (&READING, "content-type", "text/plain", None),
            (&READING, "x-customer-user-agent", "", None),
        ] {
            let mut headers = whole.clone();
            headers[header] = value.into();
            let call = sample::of(Some(row), sample::request("", &headers, "{}"));
            let refused = call.check_headers(row).err().map(|refusal| refusal.status());
            assert_eq!(refused, status, "{header}: {value}");
        }
    }
}
