//! The bank as a Lambda function: the same operations, invoked with operation, headers and body
//! (`docs/integration-layer.md`).

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use ponte_web::Request;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::bank::Bank;
use crate::site::refused;

/// What the function is invoked with.
#[derive(Deserialize)]
struct Event<'a> {
    operation: String,
    headers: BTreeMap<String, String>,
    #[serde(borrow)]
    body: &'a RawValue,
}

/// What it returns.
#[derive(Serialize)]
struct Returned<'a> {
    status: u16,
    headers: BTreeMap<&'a str, &'a str>,
    body: &'a RawValue,
}

impl Bank {
    /// What the function returns for this event, or why it failed.
    pub fn invoked(&self, event: &[u8]) -> Result<Vec<u8>, String> {
        let event: Event = serde_json::from_slice(event).map_err(|problem| problem.to_string())?;
        let mut headers = HeaderMap::new();
        for (name, value) in &event.headers {
            let name = HeaderName::try_from(name).map_err(|problem| problem.to_string())?;
            headers.insert(name, HeaderValue::try_from(value).map_err(|problem| problem.to_string())?);
        }
        let request = Request {
            method: Method::POST,
            path: event.operation,
            query: String::new(),
            headers,
            body: event.body.get().to_owned().into(),
            certificate: None,
        };
        let answer = self.operation(&request).unwrap_or_else(|refusal| refused(&refusal));
        let body = serde_json::from_slice(&answer.body).map_err(|problem| problem.to_string())?;
        let text = |(name, value): (&HeaderName, &HeaderValue)| {
            Some((name.to_string(), value.to_str().ok()?.to_owned()))
        };
        let headers: Vec<(String, String)> = answer.headers.iter().filter_map(text).collect();
        let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let returned = Returned { status: answer.status.as_u16(), headers, body };
        serde_json::to_vec(&returned).map_err(|problem| problem.to_string())
    }
}
