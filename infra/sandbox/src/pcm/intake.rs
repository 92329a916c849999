//! Intake: each item of a batch is judged, kept and answered, in order (M03, M20).

use http::StatusCode;
use ponte_catalog::pcm::EndpointList;
use ponte_values::Moment;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::check::{Discard, discard};
use super::desk::Withdrawn;
use super::funnel::Step;
use super::members::Members;
use super::report::Report;
use super::stock::Stock;
use super::store::New;
use super::{Pcm, open_data, payment_status};
use crate::clock;
use crate::web::Answer;

/// What may be reported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// A call between two participants.
    Private,
    /// A call of open data.
    OpenData,
    /// What became of a payment.
    Payment,
    /// The day's stock of consents.
    Stock,
    /// A step of the conversion funnel.
    Funnel(Step),
}

/// An item that passed, by kind.
pub(crate) enum Passed {
    Private(Report),
    OpenData,
    /// Its payment id.
    Payment(String),
    Stock(Stock),
    /// Its consent id.
    Funnel(String),
}

/// What intake compares with.
pub(crate) struct Intake<'a> {
    pub(crate) endpoints: &'static EndpointList,
    pub(crate) withdrawn: Withdrawn,
    pub(crate) members: &'a Members,
    /// Organisation of the token.
    pub(crate) reporter: &'a str,
    pub(crate) now: Moment,
}

/// What is answered about an item.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Verdict {
    report_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_id: Option<String>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation_id: Option<String>,
}

impl Kind {
    /// Name in the file of reports.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::OpenData => "opendata",
            Self::Payment => "payment",
            Self::Stock => "stock",
            Self::Funnel(step) => step.path,
        }
    }

    /// The kind of a name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let simple = [Self::Private, Self::OpenData, Self::Payment, Self::Stock];
        simple.into_iter().find(|kind| kind.as_str() == name).or_else(|| Step::at(name).map(Self::Funnel))
    }
}

impl Intake<'_> {
    /// Judges an item.
    pub(crate) fn judge(&self, kind: Kind, item: &Value) -> Result<Passed, Discard> {
        match kind {
            Kind::Private => Report::read(item, self).map(Passed::Private),
            Kind::OpenData => open_data::read(item, self).map(|()| Passed::OpenData),
            Kind::Payment => payment_status::read(item, self).map(Passed::Payment),
            Kind::Stock => Stock::read(item, self).map(Passed::Stock),
            Kind::Funnel(step) => step.read(item, self).map(Passed::Funnel),
        }
    }

    /// The organisation is in the directory (M22).
    pub(crate) fn knows(&self, organisation: &str) -> Result<(), Discard> {
        if self.members.is_organisation(organisation) {
            Ok(())
        } else {
            Err(discard("OrganisationId doesn't exist on Directory", organisation))
        }
    }
}

/// Judges each item, keeps them all, answers in the same order. 200 when all are accepted, else 207; when all private
/// reports of a batch are discarded 400, as scenarios 4 to 6 of the manual have it.
pub(crate) fn batch(pcm: &Pcm, reporter: &str, kind: Kind, items: &[&RawValue]) -> Answer {
    let Some(verdicts) = take(pcm, reporter, kind, items) else {
        return Answer::message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
    };
    let accepted = verdicts.iter().filter(|verdict| verdict.message.is_none()).count();
    let status = match accepted {
        all if all == verdicts.len() => StatusCode::OK,
        0 if kind == Kind::Private => StatusCode::BAD_REQUEST,
        _ => StatusCode::MULTI_STATUS,
    };
    Answer::json(status, &verdicts)
}

/// The same for the one object of a stock: always 200.
pub(crate) fn stock(pcm: &Pcm, reporter: &str, item: &RawValue) -> Answer {
    match take(pcm, reporter, Kind::Stock, &[item]).as_deref() {
        Some([verdict]) => Answer::json(StatusCode::OK, verdict),
        _ => Answer::message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
    }
}

/// The verdicts, once everything is in the file; none when it could not be written.
fn take(pcm: &Pcm, reporter: &str, kind: Kind, items: &[&RawValue]) -> Option<Vec<Verdict>> {
    let intake = pcm.rules.intake(reporter, clock::now(), pcm.withdrawn().clone());
    let ordered = pcm.orders.next_batch();
    let mut store = pcm.store();
    let mut verdicts = Vec::with_capacity(items.len());
    for (number, raw) in items.iter().enumerate() {
        // It was read as JSON once already.
        let item: Value = serde_json::from_str(raw.get()).unwrap_or_default();
        let judged = match ordered.as_ref().and_then(|order| order.strikes(number)) {
            Some(message) => Err(message),
            None => intake.judge(kind, &item),
        };
        let text = |name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
        let message = judged.as_ref().err().cloned();
        let new = New { kind, reporter, at: intake.now, item: &item, raw };
        verdicts.push(Verdict {
            report_id: store.keep(&new, judged),
            payment_id: text("paymentId").filter(|_| kind == Kind::Payment),
            status: if message.is_some() { "DISCARDED" } else { "ACCEPTED" },
            message,
            correlation_id: text("correlationId"),
        });
    }
    store.flush().ok()?;
    Some(verdicts)
}
