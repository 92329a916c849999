//! The trait of handlers for HTTP events.

use async_trait::async_trait;
use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};

/// A handler of HTTP events; the [`Router`](crate::Router) is one.
#[async_trait]
pub trait Serve: Send + Sync {
    /// Answers one event. A fault becomes an error body, so there is always an answer.
    async fn serve(&self, event: ApiGatewayV2httpRequest) -> ApiGatewayV2httpResponse;
}
