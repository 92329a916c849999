//! Refusals of AWS that the SDK alone would not get over: a signature of the wrong time, and credentials that are over.

use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::config::interceptors::InterceptorContext;
use aws_sdk_dynamodb::config::retry::{ClassifyRetry, RetryAction};
use aws_smithy_runtime_api::client::retries::classifiers::RetryClassifierPriority;
use ponte_ports::Ending;
use serde::Deserialize;

/// Codes of a signature that may be of the wrong time.
const SIGNATURE: [&str; 4] =
    ["InvalidSignatureException", "SignatureDoesNotMatch", "RequestTimeTooSkewed", "RequestExpired"];
/// Codes of credentials that are over or unknown. Lambda gives a process its credentials once.
const CREDENTIALS: [&str; 5] = [
    "ExpiredTokenException",
    "ExpiredToken",
    "UnrecognizedClientException",
    "UnrecognizedClient",
    "InvalidClientTokenId",
];

/// Looks at every refusal before the SDK decides whether to try again.
#[derive(Debug)]
pub(super) struct Refusals {
    pub(super) ending: Ending,
}

#[derive(Deserialize)]
struct Refused {
    /// `ExpiredTokenException`, or `com.amazon.coral.service#ExpiredTokenException`.
    #[serde(rename = "__type")]
    kind: String,
}

impl ClassifyRetry for Refusals {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        if !context.is_failed() {
            return RetryAction::NoActionIndicated;
        }
        let Some(code) = context.response().and_then(code) else { return RetryAction::NoActionIndicated };
        if SIGNATURE.contains(&code.as_str()) {
            // The SDK has learned the difference from the answer by now, also when it is the one it had learned before
            // that was wrong (LB-06).
            return RetryAction::server_error();
        }
        note(&self.ending, &code);
        RetryAction::NoActionIndicated
    }

    fn name(&self) -> &'static str {
        "Refusals of signatures and credentials"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}

/// Ends the process after its answer if a refusal says that its credentials are over.
pub(super) fn note(ending: &Ending, code: &str) {
    if CREDENTIALS.contains(&code) && ending.after_this_answer("the credentials of the environment are over")
    {
        tracing::error!(
            alarm = "EnvironmentCredentials",
            reason = code,
            "credentials of the environment not accepted, the process ends after its answer"
        );
    }
}

/// The code of a refusal in the JSON protocols, which all three services speak.
fn code(response: &HttpResponse) -> Option<String> {
    let refused = serde_json::from_slice::<Refused>(response.body().bytes()?).ok()?;
    let code = refused.kind.rsplit('#').next().unwrap_or_default();
    Some(code.split(':').next().unwrap_or_default().to_owned())
}
