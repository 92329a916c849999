//! The kinds of report, and the validation of an item of each.

use serde_json::Value;

use crate::check::Discard;
use crate::funnel::Step;
use crate::intake::Intake;
use crate::report::Report;
use crate::stock::Stock;
use crate::{open_data, payment_status};

/// A kind of report.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// A call between two participants.
    Private,
    /// A call of open data.
    OpenData,
    /// The status of a payment.
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

    /// Judges an item of this kind.
    pub(crate) fn judge(self, item: &Value, intake: &Intake<'_>) -> Result<Passed, Discard> {
        match self {
            Self::Private => Report::read(item, intake).map(Passed::Private),
            Self::OpenData => open_data::read(item, intake).map(|()| Passed::OpenData),
            Self::Payment => payment_status::read(item, intake).map(Passed::Payment),
            Self::Stock => Stock::read(item, intake).map(Passed::Stock),
            Self::Funnel(step) => step.read(item, intake).map(Passed::Funnel),
        }
    }
}
