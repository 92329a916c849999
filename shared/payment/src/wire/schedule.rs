//! schedule: the days of scheduled payments as a client asks for them (P52).

use ponte_values::Date;
use serde::{Deserialize, Serialize};

use super::text::Text;

/// The schedule of a consent; exactly one kind, with the words that v5 wants beside it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// The kind and its members.
    #[serde(flatten)]
    pub days: ScheduledDays,
    /// What the customer is told about it: of `custom` in v4, of every kind in v5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additional_information: Option<Text<255>>,
}

/// Kinds of schedules (P52).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ScheduledDays {
    /// One day.
    Single {
        /// The day.
        date: Date,
    },
    /// Every day.
    #[serde(rename_all = "camelCase")]
    Daily {
        /// First day.
        start_date: Date,
        /// Number of payments, 2 to 60.
        quantity: u32,
    },
    /// A day of every week.
    #[serde(rename_all = "camelCase")]
    Weekly {
        /// The day of the week.
        day_of_week: Weekday,
        /// The first payment is on the first such day from here on.
        start_date: Date,
        /// Number of payments, 2 to 60.
        quantity: u32,
    },
    /// A day of every month.
    #[serde(rename_all = "camelCase")]
    Monthly {
        /// 1 to 31; a month without it pays on the first of the next.
        day_of_month: u32,
        /// The first payment is on the first such day from here on.
        start_date: Date,
        /// Number of payments, 2 to 24.
        quantity: u32,
    },
    /// Days one by one, 2 to 60.
    Custom {
        /// The days.
        dates: Vec<Date>,
    },
}

/// Days of the week.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum Weekday {
    SegundaFeira,
    TercaFeira,
    QuartaFeira,
    QuintaFeira,
    SextaFeira,
    Sabado,
    Domingo,
}
