//! The one endpoint in front of the services; the header `X-Amz-Target` decides which of them gets a call.

use std::convert::Infallible;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::uri::{Authority, Scheme};
use http::{Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::service::{Service, service_fn};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustack_sqs_core::handler::RustackSqsHandler;
use rustack_sqs_http::service::SqsHttpService;
use tokio::net::TcpListener;

use super::secrets::Secrets;
use crate::serve::{self, Serving};

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
    forward: Client<HttpConnector, Incoming>,
}

impl Endpoint {
    pub(super) fn serve(self, listener: TcpListener) -> Serving {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let forward = Client::builder(TokioExecutor::new()).build(connector);
        let dispatcher = Arc::new(Dispatcher { endpoint: self, forward });
        serve::serve(
            listener,
            service_fn(move |request| {
                let dispatcher = Arc::clone(&dispatcher);
                async move { Ok::<_, Infallible>(dispatcher.answer(request).await) }
            }),
        )
    }
}

impl Dispatcher {
    async fn answer(&self, request: Request<Incoming>) -> Response<AnyBody> {
        let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
        let target = target.unwrap_or_default().to_owned();
        let (service, operation) = target.split_once('.').unwrap_or_default();
        let answer = match service {
            "DynamoDB_20120810" | "DynamoDBStreams_20120810" => self.to_dynamodb(request).await,
            "AmazonSQS" => {
                let Ok(response) = self.endpoint.queues.call(request).await;
                Ok(response.map(any_body))
            }
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
        answer.unwrap_or_else(|error| {
            tracing::error!(%error, service, "the AWS endpoint failed");
            fault(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "see the log of ponte")
        })
    }

    async fn to_dynamodb(&self, mut request: Request<Incoming>) -> Result<Response<AnyBody>, AnyError> {
        let mut parts = request.uri().clone().into_parts();
        parts.scheme = Some(Scheme::HTTP);
        parts.authority = Some(Authority::try_from(self.endpoint.dynamodb.to_string())?);
        *request.uri_mut() = http::Uri::from_parts(parts)?;
        Ok(self.forward.request(request).await?.map(any_body))
    }
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
