//! Counts of what the gate of the data APIs found in the institution's records: by day, endpoint, field and rule. A finding
//! is never a value of a field.

use std::collections::BTreeMap;

use async_trait::async_trait;
use ponte_values::Date;

use crate::PortError;

/// Most kinds of findings that one call counts apart. The rest of its findings count under [`REST`].
pub const KINDS: usize = 32;

/// Path of findings beyond [`KINDS`], and of those whose path is none of a field table.
pub const REST: &str = "...";

/// Longest path that is counted apart, in bytes; those of our field tables are shorter.
const LONGEST_PATH: usize = 160;

/// Findings of one kind in one answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counted {
    /// Path of the field without indices, out of a field table: `data[].transactionAmount.amount`. A field that no table has
    /// is counted at the path of the object that it stands in: its name was made up by somebody else.
    pub path: String,
    /// Name of the rule that it broke: `pattern`.
    pub rule: &'static str,
    /// How many records broke it.
    pub count: u64,
}

/// The findings of an endpoint on a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DayCount {
    /// The day in Brasília.
    pub day: Date,
    /// `operationId` of the endpoint.
    pub operation: String,
    /// Answers with findings.
    pub calls: u64,
    /// The findings, by path and rule.
    pub found: Vec<Found>,
}

/// How often a rule was broken at a path.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Found {
    /// Path of the field, or [`REST`].
    pub path: String,
    /// Name of the rule.
    pub rule: String,
    /// How often.
    pub count: u64,
}

/// Where findings are counted.
#[async_trait]
pub trait Quality: Send + Sync {
    /// Counts one answer of an endpoint and its findings, in one write; [`bounded`] says how many kinds of them. Without
    /// findings nothing is written. A count whose reply is lost may be counted twice.
    async fn count(&self, day: Date, operation: &str, findings: &[Counted]) -> Result<(), PortError>;

    /// The counts of the days from `from` to `to`, both included: days in their order, then operations, paths and rules by
    /// name. Nothing if `to` comes before `from`.
    async fn of_days(&self, from: Date, to: Date) -> Result<Vec<DayCount>, PortError>;
}

/// What is counted of the findings of a call: each kind once, [`KINDS`] of them apart and all others together, so that no
/// answer of an institution makes an item grow without an end.
#[must_use]
pub fn bounded(findings: &[Counted]) -> BTreeMap<(&str, &'static str), u64> {
    let mut counts = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.count > 0) {
        let kind = (path(&finding.path), finding.rule);
        let apart = counts.contains_key(&kind) || counts.len() < KINDS;
        let kind = if apart { kind } else { (REST, REST) };
        let count: &mut u64 = counts.entry(kind).or_default();
        *count = count.saturating_add(finding.count);
    }
    counts
}

/// A path as a field table writes it; anything else is [`REST`].
fn path(text: &str) -> &str {
    let written = |byte: u8| byte.is_ascii_alphanumeric() || b"[]._-".contains(&byte);
    if (1..=LONGEST_PATH).contains(&text.len()) && text.bytes().all(written) { text } else { REST }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(path: &str, rule: &'static str, count: u64) -> Counted {
        Counted { path: path.to_owned(), rule, count }
    }

    #[test]
    fn findings_of_one_kind_are_one_count() {
        let found = [counted("data[].type", "enum", 2), counted("data[].type", "enum", 3)];
        assert_eq!(bounded(&found), BTreeMap::from([(("data[].type", "enum"), 5)]));
        assert!(bounded(&[]).is_empty() && bounded(&[counted("data", "type", 0)]).is_empty());
        let most = [counted("a", "b", u64::MAX), counted("a", "b", 1)];
        assert_eq!(bounded(&most)[&("a", "b")], u64::MAX);
    }

    #[test]
    fn t62_no_answer_counts_more_kinds_than_there_is_room_for() {
        let many: Vec<_> = (0..1_000).map(|number| counted(&format!("data.f{number}"), "type", 1)).collect();
        let counts = bounded(&many);
        assert_eq!(counts.len(), KINDS + 1);
        assert_eq!(counts[&(REST, REST)], 1_000 - u64::try_from(KINDS).unwrap());
        assert_eq!(counts.values().sum::<u64>(), 1_000, "none is lost");
    }

    #[test]
    fn t62_a_path_that_no_table_writes_is_counted_under_one_name() {
        let long = "a".repeat(LONGEST_PATH + 1);
        for odd in ["", "data.761.092.776-73 Ana", "data.\u{1b}[2K", "data.ç", "a|b", long.as_str()] {
            assert_eq!(
                bounded(&[counted(odd, "unknown", 1)]),
                BTreeMap::from([((REST, "unknown"), 1)]),
                "{odd}"
            );
        }
    }
}
