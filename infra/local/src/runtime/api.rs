//! The Lambda Runtime API of one execution environment: `next`, `response`, `error` and `init/error`.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};

use super::outcome::Outcome;
use crate::clock;
use crate::serve::{self, Serving};

/// Largest answer of a synchronous invocation: 6 MB and a little, as Lambda counts.
pub(crate) const MAX_PAYLOAD: usize = 6_291_556;
const PREFIX: &str = "/2018-06-01/runtime/";

/// One invocation on its way to the process.
pub(super) struct Job {
    pub(super) request_id: String,
    pub(super) event: Bytes,
    /// What a direct invocation says besides its event, JSON.
    pub(super) client_context: Option<String>,
    /// Told when the process has taken the work: only now its time runs.
    pub(super) taken: oneshot::Sender<()>,
    pub(super) answer: oneshot::Sender<Outcome>,
}

/// State behind the routes.
pub(super) struct Api {
    function_arn: String,
    timeout: Duration,
    jobs: tokio::sync::Mutex<mpsc::Receiver<Job>>,
    current: Mutex<Option<(String, oneshot::Sender<Outcome>)>>,
    /// Whether the process waits for work.
    asking: watch::Sender<bool>,
    /// Told when the process asks for work for the first time.
    ready: Mutex<Option<oneshot::Sender<()>>>,
    init_error: Mutex<Option<String>>,
}

/// Error report of the runtime.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ErrorReport {
    error_type: String,
    error_message: String,
}

impl Api {
    pub(super) fn new(
        function_arn: String,
        timeout: Duration,
        jobs: mpsc::Receiver<Job>,
        ready: oneshot::Sender<()>,
    ) -> Arc<Self> {
        Arc::new(Self {
            function_arn,
            timeout,
            jobs: tokio::sync::Mutex::new(jobs),
            current: Mutex::new(None),
            asking: watch::Sender::new(false),
            ready: Mutex::new(Some(ready)),
            init_error: Mutex::new(None),
        })
    }

    pub(super) fn serve(self: &Arc<Self>, listener: TcpListener) -> Serving {
        let api = Arc::clone(self);
        serve::serve(
            listener,
            service_fn(move |request| {
                let api = Arc::clone(&api);
                async move { Ok::<_, Infallible>(api.answer(request).await) }
            }),
        )
    }

    /// Waits until the process asks for work.
    pub(super) async fn asked(&self) {
        // The sender is ours, so it is there.
        let _ = self.asking.subscribe().wait_for(|asking| *asking).await;
    }

    /// Error that the process reported when it failed to start.
    pub(super) fn init_error(&self) -> Option<String> {
        lock(&self.init_error).clone()
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let path = request.uri().path().to_owned();
        let Some(route) = path.strip_prefix(PREFIX) else {
            return refusal(StatusCode::NOT_FOUND, "UnknownPath");
        };
        match (request.method().clone(), route) {
            (Method::GET, "invocation/next") => self.next().await,
            (Method::POST, "init/error") => {
                let report = read(request).await.map(|body| report(&body)).unwrap_or_default();
                *lock(&self.init_error) = Some(format!("{}: {}", report.error_type, report.error_message));
                accepted()
            }
            (Method::POST, _) => {
                match route.strip_prefix("invocation/").and_then(|rest| rest.split_once('/')) {
                    Some((id, "response")) => self.response(id, request).await,
                    Some((id, "error")) => self.error(id, request).await,
                    _ => refusal(StatusCode::NOT_FOUND, "UnknownPath"),
                }
            }
            _ => refusal(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed"),
        }
    }

    async fn next(&self) -> Response<Full<Bytes>> {
        if let Some(ready) = lock(&self.ready).take() {
            let _ = ready.send(());
        }
        self.asking.send_replace(true);
        let job = self.jobs.lock().await.recv().await;
        self.asking.send_replace(false);
        let Some(job) = job else {
            return refusal(StatusCode::FORBIDDEN, "ShuttingDown");
        };
        let timeout = u64::try_from(self.timeout.as_millis()).unwrap_or(u64::MAX);
        let deadline = clock::epoch_millis().saturating_add(timeout);
        let mut response = serve::json(StatusCode::OK, job.event);
        let headers = response.headers_mut();
        let always = [
            ("lambda-runtime-aws-request-id", job.request_id.clone()),
            ("lambda-runtime-deadline-ms", deadline.to_string()),
            ("lambda-runtime-invoked-function-arn", self.function_arn.clone()),
            ("lambda-runtime-trace-id", trace_id(deadline)),
        ];
        let context = job.client_context.map(|context| ("lambda-runtime-client-context", context));
        for (name, value) in always.into_iter().chain(context) {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        // A runtime that asks again without having answered loses the old invocation here.
        *lock(&self.current) = Some((job.request_id, job.answer));
        let _ = job.taken.send(());
        response
    }

    async fn response(&self, id: &str, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let Some(answer) = self.take(id) else { return refusal(StatusCode::BAD_REQUEST, "InvalidRequestID") };
        if let Some(body) = read(request).await {
            let _ = answer.send(Outcome::Answered(body));
            return accepted();
        }
        let message =
            format!("Response payload size exceeded maximum allowed payload size ({MAX_PAYLOAD} bytes).");
        let _ = answer.send(Outcome::failed("Function.ResponseSizeTooLarge", message));
        refusal(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge")
    }

    async fn error(&self, id: &str, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let Some(answer) = self.take(id) else { return refusal(StatusCode::BAD_REQUEST, "InvalidRequestID") };
        let report = read(request).await.map(|body| report(&body)).unwrap_or_default();
        let _ = answer.send(Outcome::failed(&report.error_type, report.error_message));
        accepted()
    }

    fn take(&self, id: &str) -> Option<oneshot::Sender<Outcome>> {
        let mut current = lock(&self.current);
        if current.as_ref().is_some_and(|(running, _)| running == id) {
            return current.take().map(|(_, answer)| answer);
        }
        None
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn read(request: Request<Incoming>) -> Option<Bytes> {
    let body = Limited::new(request.into_body(), MAX_PAYLOAD).collect().await.ok()?;
    Some(body.to_bytes())
}

fn report(body: &[u8]) -> ErrorReport {
    serde_json::from_slice(body).unwrap_or_default()
}

/// `Root=1-<seconds, hex>-<96 bits, hex>`, as X-Ray writes it.
fn trace_id(millis: u64) -> String {
    let random = clock::request_id().simple().to_string();
    format!("Root=1-{:08x}-{};Sampled=0", millis / 1_000, random.get(..24).unwrap_or_default())
}

fn accepted() -> Response<Full<Bytes>> {
    serve::json(StatusCode::ACCEPTED, r#"{"status":"OK"}"#)
}

fn refusal(status: StatusCode, kind: &str) -> Response<Full<Bytes>> {
    serve::json(status, format!(r#"{{"errorMessage":"{kind}","errorType":"{kind}"}}"#))
}
