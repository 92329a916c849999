//! The one endpoint in front of the services; the header `X-Amz-Target` decides which of them gets a call. Tests order
//! faults of the store from it, as they do from the servers of the sandbox.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::response::Parts;
use http::uri::{Authority, Scheme};
use http::{Method, Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Collected, Full, Limited};
use hyper::body::{Body, Incoming};
use hyper::service::{Service, service_fn};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use ponte_web::faults::{Closed, Fault, Faults, StatusFault};
use rustack_sqs_core::handler::RustackSqsHandler;
use rustack_sqs_http::service::SqsHttpService;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::Mutex;

use super::secrets::Secrets;
use super::senders::{self, Senders};
use crate::serve::{self, Serving};

/// Largest call of DynamoDB, 16 MB of a batch.
const LARGEST: usize = 17 * 1024 * 1024;

type AnyError = Box<dyn Error + Send + Sync>;
type AnyBody = UnsyncBoxBody<Bytes, AnyError>;

/// The services by name.
pub(super) struct Endpoint {
    pub(super) dynamodb: SocketAddr,
    pub(super) queues: SqsHttpService<RustackSqsHandler>,
    pub(super) secrets: Secrets,
}

struct Dispatcher {
    endpoint: Endpoint,
    forward: Client<HttpConnector, AnyBody>,
    faults: Faults,
    senders: Mutex<Senders>,
}

/// The part of a call that faults are chosen by.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Call {
    table_name: String,
}

impl Endpoint {
    pub(super) fn serve(self, listener: TcpListener) -> Serving {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let forward = Client::builder(TokioExecutor::new()).build(connector);
        let (faults, senders) = (Faults::default(), Mutex::default());
        let dispatcher = Arc::new(Dispatcher { endpoint: self, forward, faults, senders });
        serve::serve(
            listener,
            service_fn(move |request| {
                let dispatcher = Arc::clone(&dispatcher);
                async move { dispatcher.answer(request).await }
            }),
        )
    }
}

impl Dispatcher {
    async fn answer(&self, request: Request<Incoming>) -> Result<Response<AnyBody>, Closed> {
        if request.uri().path() == "/sandbox/faults" {
            return Ok(self.control_faults(request).await);
        }
        let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
        let target = target.unwrap_or_default().to_owned();
        let (service, operation) = target.split_once('.').unwrap_or_default();
        let answer = match service {
            "DynamoDB_20120810" if !self.faults.is_empty() => {
                return self.to_dynamodb_with_faults(operation, request).await;
            }
            "DynamoDB_20120810" | "DynamoDBStreams_20120810" => self.to_dynamodb(request.map(any_body)).await,
            "AmazonSQS" => self.to_queues(operation, request).await,
            "secretsmanager" => {
                let response = self.endpoint.secrets.answer(operation, request).await;
                response.map(|response| response.map(any_body)).map_err(AnyError::from)
            }
            _ => Ok(fault(
                StatusCode::BAD_REQUEST,
                "UnknownOperationException",
                "X-Amz-Target names no local service",
            )),
        };
        Ok(answer.unwrap_or_else(|error| failed(&error, service)))
    }

    async fn to_queues(
        &self,
        operation: &str,
        request: Request<Incoming>,
    ) -> Result<Response<AnyBody>, AnyError> {
        match operation {
            "SendMessage" | "SendMessageBatch" => {
                let by = senders::access_key(request.headers()).unwrap_or_default();
                // Held over the send: nobody receives a message before its sender is known.
                let mut senders = self.senders.lock().await;
                let Ok(response) = self.endpoint.queues.call(request).await;
                let (parts, body) = collected(response).await?;
                senders.sent(&by, &body);
                Ok(Response::from_parts(parts, any_body(Full::new(body))))
            }
            "ReceiveMessage" => {
                let Ok(response) = self.endpoint.queues.call(request).await;
                let (mut parts, body) = collected(response).await?;
                let body = self.senders.lock().await.named(body);
                // Another text has another length.
                parts.headers.remove(CONTENT_LENGTH);
                Ok(Response::from_parts(parts, any_body(Full::new(body))))
            }
            _ => {
                let Ok(response) = self.endpoint.queues.call(request).await;
                Ok(response.map(any_body))
            }
        }
    }

    async fn to_dynamodb(&self, mut request: Request<AnyBody>) -> Result<Response<AnyBody>, AnyError> {
        let mut parts = request.uri().clone().into_parts();
        parts.scheme = Some(Scheme::HTTP);
        parts.authority = Some(Authority::try_from(self.endpoint.dynamodb.to_string())?);
        *request.uri_mut() = http::Uri::from_parts(parts)?;
        Ok(self.forward.request(request).await?.map(any_body))
    }

    /// The path of a call, for the faults, is `/<operation>/<table>`; a call about several tables names none.
    async fn to_dynamodb_with_faults(
        &self,
        operation: &str,
        request: Request<Incoming>,
    ) -> Result<Response<AnyBody>, Closed> {
        let (parts, body) = request.into_parts();
        let body = Limited::new(body, LARGEST).collect().await.map_err(|_| Closed)?.to_bytes();
        let call: Call = serde_json::from_slice(&body).unwrap_or_default();
        let struck = self.faults.strike(parts.method.as_str(), &format!("/{operation}/{}", call.table_name));
        let request = Request::from_parts(parts, any_body(Full::new(body)));
        let answer = async {
            self.to_dynamodb(request).await.unwrap_or_else(|error| failed(&error, "DynamoDB_20120810"))
        };
        let Some(effect) = struck else { return Ok(answer.await) };
        let instead = |ordered: StatusFault| {
            serve::json(ordered.status, ordered.body.unwrap_or_default()).map(any_body)
        };
        // A client of AWS reads the body by its own rules, so another one is ordered with a status.
        effect.apply(answer, instead, |answer, _| answer).await
    }

    /// `GET`, `POST` and `DELETE /sandbox/faults`.
    async fn control_faults(&self, request: Request<Incoming>) -> Response<AnyBody> {
        let (parts, body) = request.into_parts();
        match parts.method {
            Method::GET => {}
            Method::DELETE => self.faults.clear(),
            Method::POST => {
                let body = Limited::new(body, LARGEST).collect().await.map(Collected::to_bytes);
                match serde_json::from_slice::<Fault>(&body.unwrap_or_default()) {
                    Ok(ordered) => self.faults.add(ordered),
                    Err(error) => {
                        return fault(StatusCode::BAD_REQUEST, "ValidationException", &error.to_string());
                    }
                }
            }
            _ => return fault(StatusCode::METHOD_NOT_ALLOWED, "ValidationException", "GET, POST or DELETE"),
        }
        let list = serde_json::json!({ "faults": self.faults.list() });
        serve::json(StatusCode::OK, list.to_string()).map(any_body)
    }
}

fn failed(error: &AnyError, service: &str) -> Response<AnyBody> {
    tracing::error!(%error, service, "the AWS endpoint failed");
    fault(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "see the log of ponte")
}

/// An answer with its whole body.
async fn collected<B>(response: Response<B>) -> Result<(Parts, Bytes), AnyError>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<AnyError>,
{
    let (parts, body) = response.into_parts();
    Ok((parts, body.collect().await.map_err(Into::into)?.to_bytes()))
}

fn any_body<B>(body: B) -> AnyBody
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<AnyError>,
{
    body.map_err(Into::into).boxed_unsync()
}

fn fault(status: StatusCode, kind: &str, message: &str) -> Response<AnyBody> {
    let body = serde_json::json!({ "__type": kind, "message": message }).to_string();
    serve::json(status, body).map(|body: Full<Bytes>| any_body(body))
}
