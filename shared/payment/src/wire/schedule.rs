//! schedule: the days of scheduled payments as a client asks for them (P52).

use ponte_values::Date;
use serde::{Deserialize, Serialize};

use super::text::Text;

/// The schedule of a consent; exactly one kind, with the words that v5 wants beside it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", try_from = "Members")]
pub struct Schedule {
    /// The kind and its members.
    #[serde(flatten)]
    pub days: ScheduledDays,
    /// What the customer is told about it; v5. In v4 it stands in `custom`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additional_information: Option<Text<255>>,
}

/// Kinds of schedules (P52).
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ScheduledDays {
    /// One day.
    Single(Single),
    /// Every day.
    Daily(Daily),
    /// A day of every week.
    Weekly(Weekly),
    /// A day of every month.
    Monthly(Monthly),
    /// Days one by one.
    Custom(Custom),
}

/// One day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Single {
    /// The day.
    pub date: Date,
}

/// Every day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Daily {
    /// First day.
    pub start_date: Date,
    /// Number of payments, 2 to 60.
    pub quantity: u32,
}

/// A day of every week.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Weekly {
    /// The day of the week.
    pub day_of_week: Weekday,
    /// The first payment is on the first such day from here on.
    pub start_date: Date,
    /// Number of payments, 2 to 60.
    pub quantity: u32,
}

/// A day of every month.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Monthly {
    /// 1 to 31; a month without it pays on the first of the next.
    pub day_of_month: u32,
    /// The first payment is on the first such day from here on.
    pub start_date: Date,
    /// Number of payments, 2 to 24.
    pub quantity: u32,
}

/// Days one by one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Custom {
    /// The days, 2 to 60.
    pub dates: Vec<Date>,
    /// What the customer is told about them; v4. In v5 it stands beside the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additional_information: Option<Text<255>>,
}

/// The members of a schedule as they are read: of the kinds exactly one.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members {
    single: Option<Single>,
    daily: Option<Daily>,
    weekly: Option<Weekly>,
    monthly: Option<Monthly>,
    custom: Option<Custom>,
    additional_information: Option<Text<255>>,
}

impl TryFrom<Members> for Schedule {
    type Error = &'static str;
    fn try_from(members: Members) -> Result<Self, &'static str> {
        let kinds = [
            members.single.map(ScheduledDays::Single),
            members.daily.map(ScheduledDays::Daily),
            members.weekly.map(ScheduledDays::Weekly),
            members.monthly.map(ScheduledDays::Monthly),
            members.custom.map(ScheduledDays::Custom),
        ];
        let mut kinds = kinds.into_iter().flatten();
        // The words are those of serde, so that what is missing is told as missing.
        let days = kinds.next().ok_or("missing field `single`")?;
        match kinds.next() {
            None => Ok(Self { days, additional_information: members.additional_information }),
            Some(_) => Err("several kinds of schedule"),
        }
    }
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

impl Weekday {
    /// Monday 1 to Sunday 7 (ISO 8601).
    #[must_use]
    pub const fn iso(self) -> u8 {
        match self {
            Self::SegundaFeira => 1,
            Self::TercaFeira => 2,
            Self::QuartaFeira => 3,
            Self::QuintaFeira => 4,
            Self::SextaFeira => 5,
            Self::Sabado => 6,
            Self::Domingo => 7,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p52_a_schedule_is_of_one_kind_and_is_written_as_it_was_read() {
        for text in [
            r#"{"single":{"date":"2026-12-10"},"additionalInformation":"x"}"#,
            r#"{"daily":{"startDate":"2026-12-10","quantity":5}}"#,
            r#"{"weekly":{"dayOfWeek":"SEGUNDA_FEIRA","startDate":"2026-12-10","quantity":5}}"#,
            r#"{"monthly":{"dayOfMonth":31,"startDate":"2026-12-10","quantity":5}}"#,
            r#"{"custom":{"dates":["2026-12-10","2026-12-11"],"additionalInformation":"x"}}"#,
        ] {
            let schedule: Schedule = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&schedule).unwrap(), text);
        }
        let two = r#"{"single":{"date":"2026-12-10"},"daily":{"startDate":"2026-12-10","quantity":5}}"#;
        for wrong in [two, "{}", r#"{"single":{}}"#, r#"{"weekly":{"dayOfWeek":"MONDAY"}}"#] {
            assert!(serde_json::from_str::<Schedule>(wrong).is_err(), "{wrong}");
        }
        let none = serde_json::from_str::<Schedule>("{}").unwrap_err().to_string();
        assert!(none.starts_with("missing field `"), "{none}");
    }
}
