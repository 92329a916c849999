//! SQS: `rustack-sqs`, in memory.

use std::net::SocketAddr;
use std::sync::Arc;

use rustack_sqs_core::config::SqsConfig;
use rustack_sqs_core::handler::RustackSqsHandler;
use rustack_sqs_core::provider::RustackSqs;
use rustack_sqs_http::service::{SqsHttpConfig, SqsHttpService};

use crate::template::{ACCOUNT, REGION};

/// The service; queue URLs start with the address of the common endpoint.
pub(super) fn service(endpoint: SocketAddr) -> SqsHttpService<RustackSqsHandler> {
    let config = SqsConfig {
        skip_signature_validation: true,
        default_region: REGION.to_owned(),
        account_id: ACCOUNT.to_owned(),
        host: endpoint.ip().to_string(),
        port: endpoint.port(),
    };
    let handler = RustackSqsHandler::new(Arc::new(RustackSqs::new(config)));
    let http = SqsHttpConfig {
        skip_signature_validation: true,
        region: REGION.to_owned(),
        credential_provider: None,
    };
    SqsHttpService::new(Arc::new(handler), http)
}
