//! Client of a running stack: finds it through `endpoints.json` and calls its control port.

use std::fmt::Write;
use std::path::Path;

use bytes::Bytes;
use ponte_local::control::client::{self, Answer};
use ponte_local::endpoints;
use serde_json::Value;

/// Fires a schedule.
pub(crate) async fn tick(directory: &Path, name: &str) -> Result<String, String> {
    let url = format!("{}/tick/{}", control(directory)?, segment(name)?);
    answer_of(client::post(&url, "").await, directory).map(|answer| answer.to_string())
}

/// Invokes a function.
pub(crate) async fn invoke(directory: &Path, name: &str, event: impl Into<Bytes>) -> Result<Value, String> {
    let url = format!("{}/invoke/{}", control(directory)?, segment(name)?);
    answer_of(client::post(&url, event).await, directory)
}

/// Hosts, functions, queues and schedules in a few lines.
pub(crate) async fn status(directory: &Path) -> Result<String, String> {
    let described = described(directory)?;
    let url = format!("{}/status", control(directory)?);
    let answer = client::get(&url).await.map_err(|error| not_running(directory, &error.to_string()))?;
    let status: Value = serde_json::from_str(&answer.body).map_err(|error| error.to_string())?;
    let mut lines = String::new();
    for (name, url) in described["hosts"].as_object().into_iter().flatten() {
        line(&mut lines, "host", name, url.as_str().unwrap_or_default());
    }
    line(&mut lines, "aws", "endpoint", described["aws"]["endpoint_url"].as_str().unwrap_or_default());
    for (kind, section) in [("function", "functions"), ("queue", "queues"), ("schedule", "schedules")] {
        for (name, facts) in status[section].as_object().into_iter().flatten() {
            line(&mut lines, kind, name, &sentence(facts));
        }
    }
    Ok(lines.trim_end().to_owned())
}

fn line(lines: &mut String, kind: &str, name: &str, text: &str) {
    let _ = writeln!(lines, "{kind:<9} {name:<20} {text}");
}

/// `idle 1, invocations 7`
fn sentence(facts: &Value) -> String {
    let part = |(name, value): (&String, &Value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{} {value}", name.replace('_', " "))
    };
    facts.as_object().into_iter().flatten().map(part).collect::<Vec<_>>().join(", ")
}

/// `endpoints.json` of the running stack.
pub(crate) fn described(directory: &Path) -> Result<Value, String> {
    endpoints::read(directory).map_err(|error| not_running(directory, &error.to_string()))
}

fn control(directory: &Path) -> Result<String, String> {
    let described = described(directory)?;
    described["control"]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| not_running(directory, "it names no control port"))
}

/// A name that can stand in a path as it is.
fn segment(name: &str) -> Result<&str, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.chars().all(plain) {
        Ok(name)
    } else {
        Err(format!("`{name}` is not a name"))
    }
}

/// `answer` of a successful call, or the fault it reports as an error.
fn answer_of(answer: std::io::Result<Answer>, directory: &Path) -> Result<Value, String> {
    let answer = answer.map_err(|error| not_running(directory, &error.to_string()))?;
    let mut body: Value = serde_json::from_str(&answer.body).map_err(|error| error.to_string())?;
    if answer.status == 200 {
        return Ok(body["answer"].take());
    }
    match body["fault"].as_str() {
        Some(fault) => Err(fault.to_owned()),
        None => Err(format!(
            "{}: {}",
            body["errorType"].as_str().unwrap_or_default(),
            body["errorMessage"].as_str().unwrap_or_default()
        )),
    }
}

fn not_running(directory: &Path, fault: &str) -> String {
    format!(
        "no stack answers for {} ({fault}); start one with `ponte up` or name its folder with --dir",
        directory.display()
    )
}
