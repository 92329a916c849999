//! Access log of an API: one line per call in the template's format.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use http::StatusCode;

use super::event::Event;

/// Where lines go and what they look like.
#[derive(Debug)]
pub struct AccessLog {
    file: File,
    format: String,
}

impl AccessLog {
    /// Appends to the file at `path`; `format` holds `$context` variables.
    pub fn open(path: &Path, format: &str) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        Ok(Self { file, format: format.trim().to_owned() })
    }

    pub(super) fn write(&self, event: &Event<'_>, status: StatusCode, latency: Duration) {
        let mut line = self.line(event, status, latency);
        line.push('\n');
        if let Err(error) = (&self.file).write_all(line.as_bytes()) {
            tracing::warn!(%error, "access log");
        }
    }

    fn line(&self, event: &Event<'_>, status: StatusCode, latency: Duration) -> String {
        let mut line = String::new();
        let mut rest = self.format.as_str();
        while let Some((before, after)) = rest.split_once("$context.") {
            line.push_str(before);
            let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(after.len());
            let (name, remainder) = after.split_at(end);
            let value = variable(name, event, status, latency).unwrap_or_else(|| "-".to_owned());
            // The template puts values between the quotes of a JSON text.
            let quoted = serde_json::Value::String(value).to_string();
            line.push_str(quoted.get(1..quoted.len() - 1).unwrap_or_default());
            rest = remainder;
        }
        line.push_str(rest);
        line
    }
}

/// `None` becomes `-`, as API Gateway writes it.
fn variable(name: &str, event: &Event<'_>, status: StatusCode, latency: Duration) -> Option<String> {
    let certificate = event.caller.certificate.as_ref();
    Some(match name {
        "requestId" | "extendedRequestId" => event.request_id().to_owned(),
        "requestTime" => event.time(),
        "routeKey" => Some(event.route_key()).filter(|key| !key.is_empty())?,
        "httpMethod" => event.method().to_owned(),
        "path" => event.wire_path().to_owned(),
        "protocol" => event.protocol().to_owned(),
        "status" => status.as_u16().to_string(),
        "responseLatency" => latency.as_millis().to_string(),
        "identity.sourceIp" => event.caller.address.to_string(),
        "identity.userAgent" => event.header("user-agent")?.to_owned(),
        "identity.clientCert.serialNumber" => certificate?.serial.clone(),
        "identity.clientCert.subjectDN" => certificate?.subject.clone(),
        _ => return None,
    })
}
