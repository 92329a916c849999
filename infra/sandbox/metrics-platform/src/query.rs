//! Queries: the platform shows a report to the parties of the call and to its reporter.

use http::StatusCode;
use ponte_web::Answer;
use serde_json::{Map, Value, json};

use crate::check::not_found;
use crate::pairing::Kept;
use crate::platform::Pcm;

/// `GET .../private/report/{fapiInteractionId}`: the reports of that interaction the caller has a part in.
pub(crate) fn interaction(pcm: &Pcm, reporter: &str, interaction: &str) -> Answer {
    let store = pcm.store();
    let all = store.pairs.all();
    let visible = |kept: &&Kept| kept.reporter == reporter || kept.is_party(reporter);
    let found: Vec<Value> =
        store.pairs.of(interaction).filter(visible).map(|kept| shown(kept, all)).collect();
    if found.is_empty() {
        return not_found(interaction);
    }
    Answer::json(StatusCode::OK, &found)
}

/// A report with its state.
fn shown(kept: &Kept, all: &[Kept]) -> Value {
    let mut shown = serde_json::from_str::<Map<String, Value>>(kept.item.get()).unwrap_or_default();
    shown.insert("reportId".into(), kept.id.clone().into());
    shown.insert("status".into(), kept.status.as_str().into());
    shown.insert("createdAt".into(), kept.created_at.with_millis().into());
    shown.insert("updatedAt".into(), kept.updated_at.with_millis().into());
    if let Some(counterpart) = kept.counterpart {
        shown.insert("pairedReportId".into(), all[counterpart].id.clone().into());
    }
    if let Some(message) = &kept.message {
        shown.insert("message".into(), message.clone().into());
    }
    Value::Object(shown)
}

/// `GET .../payments/status/{paymentId}`: what the caller reported last about a payment.
pub(crate) fn payment(pcm: &Pcm, reporter: &str, payment: &str) -> Answer {
    let store = pcm.store();
    let Some(kept) = store.payments.last(reporter, payment) else {
        return not_found(payment);
    };
    let mut shown = serde_json::from_str::<Map<String, Value>>(kept.item.get()).unwrap_or_default();
    let state = json!({
        "reportId": kept.id, "createdAt": kept.created_at.with_millis(), "status": "ACCEPTED",
    });
    shown.extend(state.as_object().cloned().unwrap_or_default());
    Answer::json(StatusCode::OK, &shown)
}
