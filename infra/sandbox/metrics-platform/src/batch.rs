//! Batches: each item is validated, stored and answered, in order (M03, M20).

use http::StatusCode;
use ponte_machine::clock;
use ponte_web::Answer;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::kind::Kind;
use crate::platform::Pcm;
use crate::store::New;

/// The answer about one item of a batch.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemAnswer {
    report_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_id: Option<String>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation_id: Option<String>,
}

/// Judges each item, keeps them all, answers in the same order. 200 when all are accepted, else 207; when all private
/// reports of a batch are discarded 400, as scenarios 4 to 6 of the manual have it.
pub(crate) fn batch(pcm: &Pcm, reporter: &str, kind: Kind, items: &[&RawValue]) -> Answer {
    let Some(answers) = take(pcm, reporter, kind, items) else {
        return Answer::message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
    };
    let accepted = answers.iter().filter(|answer| answer.message.is_none()).count();
    let status = match accepted {
        all if all == answers.len() => StatusCode::OK,
        0 if kind == Kind::Private => StatusCode::BAD_REQUEST,
        _ => StatusCode::MULTI_STATUS,
    };
    Answer::json(status, &answers)
}

/// The same for the one object of a stock: always 200.
pub(crate) fn stock(pcm: &Pcm, reporter: &str, item: &RawValue) -> Answer {
    match take(pcm, reporter, Kind::Stock, &[item]).as_deref() {
        Some([answer]) => Answer::json(StatusCode::OK, answer),
        _ => Answer::message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
    }
}

/// The answers, once everything is in the file; `None` when it could not be written.
fn take(pcm: &Pcm, reporter: &str, kind: Kind, items: &[&RawValue]) -> Option<Vec<ItemAnswer>> {
    let intake = pcm.rules.intake(reporter, clock::now(), pcm.withdrawn().clone());
    let ordered = pcm.discards.next_batch();
    let mut store = pcm.store();
    let mut answers = Vec::with_capacity(items.len());
    for (number, raw) in items.iter().enumerate() {
        // It was read as JSON once already.
        let item: Value = serde_json::from_str(raw.get()).unwrap_or_default();
        let judged = match ordered.as_ref().and_then(|order| order.message_for(number)) {
            Some(message) => Err(message),
            None => kind.judge(&item, &intake),
        };
        let text = |name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
        let message = judged.as_ref().err().cloned();
        let new = New { kind, reporter, at: intake.now, item: &item, raw };
        answers.push(ItemAnswer {
            report_id: store.keep(&new, judged),
            payment_id: text("paymentId").filter(|_| kind == Kind::Payment),
            status: if message.is_some() { "DISCARDED" } else { "ACCEPTED" },
            message,
            correlation_id: text("correlationId"),
        });
    }
    store.flush().ok()?;
    Some(answers)
}
