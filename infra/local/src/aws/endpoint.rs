//! The services behind one endpoint; the header `X-Amz-Target` decides which of them gets a call.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::response::Parts;
use http::uri::{Authority, Scheme};
use http::{Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::service::Service;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustack_sqs_core::handler::RustackSqsHandler;
use rustack_sqs_http::service::SqsHttpService;
use tokio::sync::Mutex;

use super::deployed::{self, Deployed};
use super::secrets::Secrets;
use super::senders::{self, Senders};
use crate::serve;

pub(super) type AnyError = Box<dyn Error + Send + Sync>;
pub(super) type AnyBody = UnsyncBoxBody<Bytes, AnyError>;

/// The services by name.
pub(super) struct Endpoint {
    pub(super) deployed: Arc<OnceLock<Deployed>>,
    pub(super) dynamodb: SocketAddr,
    pub(super) queues: SqsHttpService<RustackSqsHandler>,
    pub(super) secrets: Secrets,
}

/// Hands every call to its service.
pub(super) struct Dispatcher {
    endpoint: Endpoint,
    forward: Client<HttpConnector, AnyBody>,
    senders: Mutex<Senders>,
}

/// A client for services on loopback.
pub(super) fn forwarding() -> Client<HttpConnector, AnyBody> {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    Client::builder(TokioExecutor::new()).build(connector)
}

impl Endpoint {
    pub(super) fn dispatcher(self) -> Dispatcher {
        Dispatcher { endpoint: self, forward: forwarding(), senders: Mutex::default() }
    }
}

impl Dispatcher {
    pub(super) async fn answer(&self, request: Request<Incoming>) -> Response<AnyBody> {
        let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
        let target = target.unwrap_or_default().to_owned();
        let (service, operation) = target.split_once('.').unwrap_or_default();
        let answer = match service {
            "DynamoDB_20120810" | "DynamoDBStreams_20120810" => self.to_dynamodb(request.map(any_body)).await,
            "AmazonSQS" => self.to_queues(operation, request).await,
            "secretsmanager" => {
                let response = self.endpoint.secrets.answer(operation, request).await;
                response.map(|response| response.map(any_body)).map_err(AnyError::from)
            }
            // CloudFormation and Lambda have other protocols.
            "" => {
                let response = deployed::answer(self.endpoint.deployed.get(), request).await;
                Ok(response.map(any_body))
            }
            _ => Ok(fault(
                StatusCode::BAD_REQUEST,
                "UnknownOperationException",
                "X-Amz-Target names no local service",
            )),
        };
        answer.unwrap_or_else(|error| failed(&error, service))
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

    async fn to_dynamodb(&self, request: Request<AnyBody>) -> Result<Response<AnyBody>, AnyError> {
        forwarded(&self.forward, self.endpoint.dynamodb, request).await
    }
}

/// The answer of the service at `address`.
pub(super) async fn forwarded(
    client: &Client<HttpConnector, AnyBody>,
    address: SocketAddr,
    mut request: Request<AnyBody>,
) -> Result<Response<AnyBody>, AnyError> {
    let mut parts = request.uri().clone().into_parts();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(Authority::try_from(address.to_string())?);
    *request.uri_mut() = http::Uri::from_parts(parts)?;
    Ok(client.request(request).await?.map(any_body))
}

pub(super) fn failed(error: &AnyError, service: &str) -> Response<AnyBody> {
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

pub(super) fn any_body<B>(body: B) -> AnyBody
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<AnyError>,
{
    body.map_err(Into::into).boxed_unsync()
}

pub(super) fn fault(status: StatusCode, kind: &str, message: &str) -> Response<AnyBody> {
    let body = serde_json::json!({ "__type": kind, "message": message }).to_string();
    serve::json(status, body).map(|body: Full<Bytes>| any_body(body))
}
