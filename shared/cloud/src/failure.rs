//! From the errors of SDKs and decoders to [`PortError`]: the cause, never the data.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use ponte_ports::{PortError, chain};

/// The error of an SDK call to `what`. Only the service's code and message are kept: its error types hold whole items.
pub fn aws<E, R>(what: &'static str, error: &SdkError<E, R>) -> PortError
where
    E: ProvideErrorMetadata,
{
    match error {
        SdkError::TimeoutError(_) => PortError::timeout(what, "no answer before the deadline"),
        SdkError::DispatchFailure(failure) => {
            let text = failure
                .as_connector_error()
                .map_or_else(|| "the request was not sent".to_owned(), |connector| chain(connector));
            if failure.is_timeout() { PortError::timeout(what, text) } else { PortError::new(what, text) }
        }
        SdkError::ServiceError(service) => {
            let (code, message) = (service.err().code(), service.err().message());
            let text = format!("{}: {}", code.unwrap_or("unknown error"), message.unwrap_or("no message"));
            if code.is_some_and(is_throttling) {
                PortError::overloaded(what, text)
            } else {
                PortError::new(what, text)
            }
        }
        SdkError::ResponseError(_) => PortError::new(what, "the answer is not readable"),
        _ => PortError::new(what, "the request could not be built"),
    }
}

/// Whether a service took a call for one too many. The SDK has waited and tried again before.
#[must_use]
pub fn is_throttling(code: &str) -> bool {
    matches!(
        code,
        "ThrottlingException"
            | "ThrottledException"
            | "ThrottlingError"
            | "Throttling"
            | "ProvisionedThroughputExceeded"
            | "ProvisionedThroughputExceededException"
            | "RequestLimitExceeded"
            | "RequestThrottled"
            | "RequestThrottledException"
            | "TooManyRequestsException"
            | "SlowDown"
            | "TransactionConflictException"
    )
}

/// The error of JSON that is not the expected type: line and column, never a value, which could be personal data.
#[must_use]
pub fn json(what: &'static str, error: &serde_json::Error) -> PortError {
    let (line, column) = (error.line(), error.column());
    PortError::new(
        what,
        format!("not the expected JSON at line {line} column {column} ({:?})", error.classify()),
    )
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn a_json_fault_names_the_place_and_not_the_value() {
        let error = serde_json::from_str::<u8>("\"12345678909\"").unwrap_err();
        let fault = json("consents table", &error);
        let source = fault.source().unwrap().to_string();
        assert!(source.contains("line 1 column 13"), "{source}");
        assert!(!source.contains("12345678909"));
    }
}
