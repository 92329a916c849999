//! A system that is a Lambda function of the institution: invoked with the operation, the headers and the body of a question.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use ponte_cloud::aws::Invocation;
use ponte_ports::{Clock, PortError};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use super::over_http::{wait, wait_of};
use super::way::{Carry, ERROR_LIMIT, LIMIT, Media, Question, Reply, Unanswered, Way};
use crate::failure;
use crate::http::{self, Client};

/// Longest name of an error that is logged.
const LONGEST_NAME: usize = 80;

struct OverFunction {
    client: Client,
    invocation: Invocation,
    clock: Arc<dyn Clock>,
}

/// What the function is invoked with.
#[derive(Serialize)]
struct Event<'a> {
    operation: &'a str,
    headers: Headers,
    body: &'a RawValue,
}

#[derive(Serialize)]
struct Headers {
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization: Option<String>,
    #[serde(rename = "content-type")]
    content_type: &'static str,
}

/// What the function returns.
#[derive(Deserialize)]
struct Returned<'a> {
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(borrow)]
    body: Option<&'a RawValue>,
}

/// What Lambda says of a function that failed.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Failed {
    error_type: String,
    error_message: String,
}

impl Way {
    /// The function that `invocation` calls.
    #[must_use]
    pub fn over_function(client: Client, invocation: Invocation, clock: Arc<dyn Clock>) -> Self {
        Self(Box::new(OverFunction { client, invocation, clock }))
    }
}

#[async_trait]
impl Carry for OverFunction {
    async fn carry(&self, question: Question<'_>) -> Result<Reply, Unanswered> {
        let what = question.what;
        let event = event(&question).map_err(Unanswered::NotSent)?;
        let headers = self.invocation.headers(&event, self.clock.now()).map_err(Unanswered::NotSent)?;
        let request = |http: &reqwest::Client| {
            let request = http.post(self.invocation.url()).body(event.clone());
            headers.iter().fold(request, |request, (name, value)| request.header(name, value))
        };
        let sent = self.client.send(question.resend, question.left(), request).await;
        let response = sent.map_err(|error| {
            let reached = !error.is_connect();
            let error = failure::http(what, error);
            if reached { Unanswered::Unknown(error) } else { Unanswered::NotSent(error) }
        })?;
        let (status, headers) = (response.status(), response.headers());
        if status != StatusCode::OK {
            // Lambda refuses the call before it invokes anything; what it says of itself says nothing of the function.
            let invoked = !status.is_client_error() || status == StatusCode::REQUEST_TIMEOUT;
            let error = self.refused(what, status, headers);
            return Err(if invoked { Unanswered::Unknown(error) } else { Unanswered::NotSent(error) });
        }
        let failed = headers.contains_key("x-amz-function-error");
        let limit = if failed { ERROR_LIMIT } else { LIMIT };
        let body = http::bounded(what, response, limit).await.map_err(Unanswered::Unknown)?;
        let answer = if failed { Err(failure_of(what, &body)) } else { reply(&question, body) };
        answer.map_err(Unanswered::Unknown)
    }
}

impl OverFunction {
    /// Lambda did not invoke the function, or it never got the answer.
    fn refused(&self, what: &'static str, status: StatusCode, headers: &HeaderMap) -> PortError {
        let kind = headers.get("x-amzn-errortype").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = name(kind.split(':').next().unwrap_or_default());
        self.invocation.refused(&kind);
        let text = format!("the function was not invoked, status {} {kind}", status.as_u16());
        match status.as_u16() {
            // More calls at once than the function may have, or the account.
            429 | 503 => PortError::overloaded(what, text).after(wait_of(headers)),
            408 | 504 => PortError::timeout(what, text),
            // The event is larger than Lambda takes: another try is no smaller.
            413 => PortError::unusable(what, text),
            _ => PortError::new(what, text),
        }
    }
}

fn event(question: &Question<'_>) -> Result<Bytes, PortError> {
    let wrong = |error: serde_json::Error| failure::json(question.what, &error);
    let authorization = question.credential.map(|credential| format!("Bearer {}", credential.expose()));
    let text = match question.media {
        Media::Json => None,
        Media::Jwt => Some(to_raw_value(&String::from_utf8_lossy(question.body)).map_err(wrong)?),
    };
    let body = match &text {
        Some(text) => text.as_ref(),
        None => serde_json::from_slice(question.body).map_err(wrong)?,
    };
    let headers = Headers { authorization, content_type: question.media.content_type() };
    let event = Event { operation: question.operation, headers, body };
    serde_json::to_vec(&event).map(Bytes::from).map_err(wrong)
}

/// The answer in what the function returned; its body is cut out, not copied.
fn reply(question: &Question<'_>, mut returned: Vec<u8>) -> Result<Reply, PortError> {
    let wrong = |error: serde_json::Error| failure::json(question.what, &error);
    let (status, wait, body) = {
        let Returned { status, headers, body } = serde_json::from_slice(&returned).map_err(wrong)?;
        let mut named = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
        let wait = named.next().and_then(|(_, seconds)| wait(seconds));
        let start = body.map(|body| body.get().as_ptr().addr() - returned.as_ptr().addr());
        (status, wait, start.zip(body.map(|body| body.get().len())))
    };
    let (start, length) = body.unwrap_or_default();
    returned.truncate(start + length);
    returned.drain(..start);
    if question.media == Media::Jwt && !returned.is_empty() {
        returned = serde_json::from_slice::<String>(&returned).map_err(wrong)?.into_bytes();
    }
    Ok(Reply { status, wait, body: returned })
}

/// The function ended without an answer. What it says of that is not told on but for the name of its error.
fn failure_of(what: &'static str, body: &[u8]) -> PortError {
    let Failed { error_type, error_message } = serde_json::from_slice(body).unwrap_or_default();
    let text = format!("the function failed: {}", name(&error_type));
    if error_type == "Sandbox.Timedout" || error_message.contains("Task timed out after") {
        PortError::timeout(what, text)
    } else if error_type == "Function.ResponseSizeTooLarge" {
        PortError::unusable(what, text)
    } else {
        PortError::new(what, text)
    }
}

/// The name of an error as a log may have it.
fn name(text: &str) -> String {
    let known = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':' | '#');
    text.chars().filter(known).take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests;
