//! The reporting API: batches in, a verdict for each item out (M02, M03).

use http::{HeaderValue, Method, StatusCode};
use serde_json::{Map, Value, json};

use super::Pcm;
use super::check::discard;
use super::funnel::Step;
use super::pairing::Kept;
use super::report::{Intake, Report};
use super::store::Line;
use super::summary;
use crate::clock;
use crate::web::{Answer, Request};

const PRIVATE: &str = "/report-api/v1/private/report";
const FUNNEL: &str = "/report-api/v2/hybrid-flow/";
const PRIVATE_ITEMS: usize = 5_000;
const FUNNEL_ITEMS: usize = 1_000;
const BYTES: usize = 10 * 1024 * 1024;

/// Answers everything that is not a token.
pub(crate) fn answer(pcm: &Pcm, request: &Request) -> Answer {
    if request.path == "/sandbox/summary" {
        return summary::answer(pcm, request);
    }
    let reporter = request.bearer().and_then(|token| pcm.tokens.organisation(token, clock::now()));
    let Some(reporter) = reporter else {
        return Answer::message(StatusCode::UNAUTHORIZED, "Unauthorized");
    };
    let path = request.path.trim_end_matches('/');
    if let Some(interaction) = path.strip_prefix(PRIVATE).and_then(|rest| rest.strip_prefix('/')) {
        return query(pcm, request, &reporter, interaction);
    }
    let step = path.strip_prefix(FUNNEL).and_then(Step::at);
    if step.is_none() && path != PRIVATE {
        return Answer::message(StatusCode::NOT_FOUND, "Not Found");
    }
    match batch(pcm, request, if step.is_some() { FUNNEL_ITEMS } else { PRIVATE_ITEMS }) {
        Ok(items) => accept(pcm, &reporter, step, items),
        Err((status @ StatusCode::TOO_MANY_REQUESTS, message)) => {
            Answer::message(status, message).with(http::header::RETRY_AFTER, HeaderValue::from_static("1"))
        }
        Err((status, message)) => Answer::message(status, message),
    }
}

/// The items of a batch, or why the batch as a whole is refused.
fn batch(pcm: &Pcm, request: &Request, most: usize) -> Result<Vec<Value>, (StatusCode, &'static str)> {
    if request.method != Method::POST {
        return Err((StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed"));
    }
    if !pcm.admits_request() {
        return Err((StatusCode::TOO_MANY_REQUESTS, "Too Many Requests"));
    }
    if !request.is("application/json") {
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type"));
    }
    if request.body.len() > BYTES {
        return Err((StatusCode::PAYLOAD_TOO_LARGE, "Payload Too Large"));
    }
    match request.json::<Value>() {
        Ok(Value::Array(items)) if items.len() > most => {
            Err((StatusCode::PAYLOAD_TOO_LARGE, "Record limit exceeded"))
        }
        Ok(Value::Array(items)) => Ok(items),
        _ => Err((StatusCode::BAD_REQUEST, "Invalid payload format: MUST be an array")),
    }
}

/// Judges each item, keeps them all, answers in the same order: 200 when all are accepted, 207 otherwise.
fn accept(pcm: &Pcm, reporter: &str, step: Option<Step>, items: Vec<Value>) -> Answer {
    let now = clock::now();
    let rules = &pcm.rules;
    let intake = Intake { endpoints: &rules.endpoints, members: &rules.members, reporter, now };
    let mut verdicts = Vec::with_capacity(items.len());
    let mut store = pcm.store();
    for item in items {
        let correlation = item.get("correlationId").cloned();
        let judged = match step {
            Some(step) => step.read(&item, &rules.members, reporter, now).map(|_| None),
            None => Report::read(&item, &intake).map(Some),
        };
        if let Ok(Some(report)) = &judged
            && let Some(id) = store.pairs.earlier(reporter, report).map(|kept| kept.id.clone())
        {
            store.repeated += 1;
            verdicts.push(verdict(&id, None, correlation));
            continue;
        }
        let line = Line {
            kind: step.map_or("private", |step| step.path).to_owned(),
            report_id: clock::new_id(),
            reporter: reporter.to_owned(),
            received_at: now.with_millis(),
            discarded: judged.err(),
            item,
        };
        verdicts.push(verdict(&line.report_id, line.discarded.as_deref(), correlation));
        // One by one, so that a repetition inside the batch is seen too.
        if store.append(vec![line], rules).is_err() {
            return Answer::message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
        }
    }
    let all = verdicts.iter().all(|verdict| verdict["status"] == "ACCEPTED");
    let status = if all { StatusCode::OK } else { StatusCode::MULTI_STATUS };
    Answer::json(status, &verdicts)
}

fn verdict(id: &str, discarded: Option<&str>, correlation: Option<Value>) -> Value {
    let mut verdict = json!({
        "reportId": id,
        "status": if discarded.is_some() { "DISCARDED" } else { "ACCEPTED" },
    });
    if let Some(message) = discarded {
        verdict["message"] = message.into();
    }
    if let Some(Value::String(correlation)) = correlation {
        verdict["correlationId"] = correlation.into();
    }
    verdict
}

/// `GET .../private/report/{fapiInteractionId}`: the reports of that interaction the caller has a part in.
fn query(pcm: &Pcm, request: &Request, reporter: &str, interaction: &str) -> Answer {
    if request.method != Method::GET {
        return Answer::message(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    }
    let store = pcm.store();
    let all = store.pairs.all();
    let found: Vec<Value> = store
        .pairs
        .of(interaction)
        .filter(|kept| {
            let party = kept
                .report
                .as_ref()
                .is_some_and(|report| report.client == reporter || report.server == reporter);
            kept.reporter == reporter || party
        })
        .map(|kept| shown(kept, all))
        .collect();
    if found.is_empty() {
        return Answer::message(StatusCode::NOT_FOUND, &discard("Not Found", interaction));
    }
    Answer::json(StatusCode::OK, &found)
}

/// A report with its state.
fn shown(kept: &Kept, all: &[Kept]) -> Value {
    let mut shown = kept.item.as_object().cloned().unwrap_or_else(Map::new);
    shown.insert("reportId".into(), kept.id.clone().into());
    shown.insert("status".into(), kept.status.as_str().into());
    shown.insert("createdAt".into(), kept.created_at.clone().into());
    shown.insert("updatedAt".into(), kept.updated_at.clone().into());
    if let Some(counterpart) = kept.counterpart {
        shown.insert("pairedReportId".into(), all[counterpart].id.clone().into());
    }
    if let Some(message) = &kept.message {
        shown.insert("message".into(), message.clone().into());
    }
    Value::Object(shown)
}
