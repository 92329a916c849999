//! Answering HTTP events.

use async_trait::async_trait;
use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};

/// Anything that answers HTTP events.
#[async_trait]
pub trait Serve: Send + Sync {
    /// Answers one.
    async fn serve(&self, event: ApiGatewayV2httpRequest) -> ApiGatewayV2httpResponse;
}
