//! DynamoDB calls without the SDK: hundreds of them in a debug build within a blink.

use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// The local services look at who signs, not at the signature.
const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=local/20260101/sa-east-1/dynamodb/aws4_request, \
                             SignedHeaders=host;x-amz-date, Signature=0";

/// A caller of one endpoint on pooled connections.
pub(super) struct Wire {
    client: Client<HttpConnector, Full<Bytes>>,
    endpoint_url: String,
}

impl Wire {
    pub(super) fn new(endpoint_url: String) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self { client: Client::builder(TokioExecutor::new()).build(connector), endpoint_url }
    }

    /// Status and JSON of one call.
    pub(super) fn call(
        &self,
        operation: &str,
        input: &Value,
    ) -> impl Future<Output = Result<(u16, Value), String>> + Send + use<> {
        let request = Request::post(&self.endpoint_url)
            .header(header::CONTENT_TYPE, "application/x-amz-json-1.0")
            .header(header::AUTHORIZATION, AUTHORIZATION)
            .header("x-amz-date", "20260101T000000Z")
            .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
            .body(Full::new(Bytes::from(input.to_string())));
        let client = self.client.clone();
        async move {
            let response = client.request(request.map_err(|error| error.to_string())?).await;
            let response = response.map_err(|error| error.to_string())?;
            let status = response.status().as_u16();
            let body = response.into_body().collect().await.map_err(|error| error.to_string())?.to_bytes();
            Ok((status, serde_json::from_slice(&body).map_err(|error| error.to_string())?))
        }
    }
}
