//! What the gate of the data APIs found in the institution's records, for the back office and for operators: this function
//! has the management host and no customer waits for it.
//!
//! | route | scope | answer |
//! |---|---|---|
//! | GET `/open-banking/oob-quality/v1/findings?from&to&api&cursor` | `quality:read` | findings by day and endpoint, the newest day first |

use std::sync::Arc;

use ponte_catalog::{ALL, Row};
use ponte_edge::{Answer, CursorPage, ManagerCall, ParameterFault, Query, Refusal};
use ponte_ports::quality::DayCount;
use ponte_ports::{IndexFault, PortError};
use ponte_values::{Date, Moment};
use serde::{Deserialize, Serialize};

use crate::ports::Ports;

/// Days that are looked at when none is named, and at most.
const DAYS: i64 = 7;
const MOST_DAYS: i64 = 31;

/// Endpoints of days on a page.
const LINES: usize = 100;

/// Parameters of the route.
pub(crate) const PARAMETERS: &[&str] = &["from", "to", "api", "cursor"];

/// What was found in the answers of an endpoint on a day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DayFindings {
    /// Day in Brasília.
    pub day: String,
    /// Short name of the API; empty for an endpoint that this release does not serve.
    pub api: String,
    /// Path of the endpoint below the base of its API; its `operationId` if this release does not serve it.
    pub endpoint: String,
    /// Answers of the institution with at least one finding.
    pub calls: u64,
    /// The findings, by path and rule.
    pub findings: Vec<Finding>,
}

/// How often a rule was broken at a field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// Path of the field, without indices: `data[].transactionAmount.amount`. `...` are those that are not counted apart.
    pub path: String,
    /// The rule.
    pub rule: String,
    /// How often.
    pub count: u64,
}

/// A period, an API and a place in its list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    from: Date,
    to: Date,
    api: Option<&'static str>,
    after: Option<(Date, &'a str)>,
}

/// Why there is no such list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum QuestionFault {
    /// The parameter of this name is no day.
    Day(&'static str),
    /// The period ends before it begins.
    Reversed,
    /// The period is longer than 31 days.
    TooLong,
    /// No API has the name.
    Api,
    /// The place is none of this list.
    Place,
}

/// A page of findings.
pub(crate) struct Page {
    /// The newest day first, endpoints by the name of their operation.
    pub(crate) lines: Vec<DayFindings>,
    /// Place behind the last line, if there is more.
    pub(crate) next: Option<String>,
}

impl<'a> Question<'a> {
    /// Reads the parameters of a list; the seven days to today where none is named.
    pub(crate) fn parse(
        (from, to): (Option<&str>, Option<&str>),
        api: Option<&str>,
        after: Option<&'a str>,
        now: Moment,
    ) -> Result<Self, QuestionFault> {
        let day = |name, text| Date::parse(text).map_err(|_| QuestionFault::Day(name));
        let from = from.map(|text| day("from", text)).transpose()?;
        let to = to.map(|text| day("to", text)).transpose()?;
        let to = to.unwrap_or_else(|| from.map_or(now.date_brasilia(), |from| from.plus_days(DAYS - 1)));
        let from = from.unwrap_or_else(|| to.plus_days(1 - DAYS));
        match to.days_since(from) {
            ..0 => return Err(QuestionFault::Reversed),
            MOST_DAYS.. => return Err(QuestionFault::TooLong),
            _ => {}
        }
        let known = |name: &str| {
            let names = ALL.iter().filter_map(|rows| rows.first()).map(|row| row.api.name);
            names.into_iter().find(|known| *known == name).ok_or(QuestionFault::Api)
        };
        let place = |place: &'a str| {
            let (day, operation) = place.split_once('.').ok_or(QuestionFault::Place)?;
            let day = Date::parse(day).map_err(|_| QuestionFault::Place)?;
            let within = day.days_since(from) >= 0 && to.days_since(day) >= 0;
            if within { Ok((day, operation)) } else { Err(QuestionFault::Place) }
        };
        Ok(Self { from, to, api: api.map(known).transpose()?, after: after.map(place).transpose()? })
    }

    /// The page of the list behind its place. Days are read one by one until it is full.
    pub(crate) async fn page(&self, ports: &Ports) -> Result<Page, PortError> {
        let (mut lines, mut last) = (Vec::new(), None);
        let mut day = self.after.map_or(self.to, |(day, _)| day);
        while day.days_since(self.from) >= 0 {
            for count in ports.quality.of_days(day, day).await? {
                if self.after.is_some_and(|(at, behind)| day == at && count.operation.as_str() <= behind) {
                    continue;
                }
                let row = row_of(&count.operation);
                if self.api.is_some() && self.api != row.map(|row| row.api.name) {
                    continue;
                }
                if lines.len() == LINES {
                    return Ok(Page { lines, next: last });
                }
                last = Some(format!("{day}.{}", count.operation));
                lines.push(shown(count, row));
            }
            day = day.plus_days(-1);
        }
        Ok(Page { lines, next: None })
    }
}

fn row_of(operation: &str) -> Option<&'static Row> {
    ALL.iter().flat_map(|rows| rows.iter()).find(|row| row.operation == operation).copied()
}

fn shown(count: DayCount, row: Option<&Row>) -> DayFindings {
    let findings = count.found.into_iter();
    DayFindings {
        day: count.day.to_string(),
        api: row.map_or_else(String::new, |row| row.api.name.to_owned()),
        endpoint: row.map_or(count.operation, |row| row.path().to_owned()),
        calls: count.calls,
        findings: findings
            .map(|found| Finding { path: found.path, rule: found.rule, count: found.count })
            .collect(),
    }
}

pub(crate) async fn list_findings(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let query = |name| call.request.query(name);
    let (from, to, api, cursor) = (query("from"), query("to"), query("api"), query("cursor"));
    let question = Question::parse((from, to), api, cursor, call.now).map_err(refused)?;
    let found = question.page(&ports).await?;
    // The next page is of the same days, also when it is asked for tomorrow.
    let (first, last) = (question.from.to_string(), question.to.to_string());
    let link = |cursor: Option<&str>| -> Query {
        let named =
            [("from", Some(first.as_str())), ("to", Some(last.as_str())), ("api", api), ("cursor", cursor)];
        named.into_iter().filter_map(|(name, value)| Some((name, value?.to_owned()))).collect()
    };
    let next = found.next.as_deref().map(|place| link(Some(place)));
    let page = CursorPage { own: link(cursor), prev: None, next };
    call.cursor_page(200, &found.lines, &page, None)
}

fn refused(fault: QuestionFault) -> Refusal {
    match fault {
        QuestionFault::Day(name) => Refusal::invalid_parameter(name, ParameterFault::Date),
        QuestionFault::Reversed => Refusal::invalid_parameter("to", ParameterFault::RangeReversed),
        QuestionFault::TooLong => Refusal::invalid_parameter("to", ParameterFault::RangeTooFar),
        QuestionFault::Api => Refusal::invalid_parameter("api", ParameterFault::UnknownValue),
        QuestionFault::Place => IndexFault::Cursor.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{accept, world};
    use ponte_kit::quality::QualityInMemory;
    use ponte_ports::Quality as _;
    use ponte_ports::quality::Counted;

    fn now() -> Moment {
        Moment::parse("2026-03-01T15:00:00Z").unwrap()
    }

    async fn counted(quality: &QualityInMemory, days_ago: i64, operation: &str) {
        let found = [Counted { path: "data[].type".to_owned(), rule: "enum", count: 2 }];
        quality.count(now().date_brasilia().plus_days(-days_ago), operation, &found).await.unwrap();
    }

    #[tokio::test]
    async fn findings_come_by_day_the_newest_first_and_by_endpoint() {
        let world = world(|_, items| accept(items));
        counted(&world.quality, 0, "accountsGetAccounts").await;
        counted(&world.quality, 0, "accountsGetAccountsAccountId").await;
        counted(&world.quality, 6, "accountsGetAccounts").await;
        counted(&world.quality, 7, "accountsGetAccounts").await;
        counted(&world.quality, 1, "laterGetThings").await;
        let question = Question::parse((None, None), None, None, now()).unwrap();
        let page = question.page(&world.ports).await.unwrap();
        let lines: Vec<_> = page
            .lines
            .iter()
            .map(|line| (line.day.as_str(), line.api.as_str(), line.endpoint.as_str()))
            .collect();
        let expected = [
            ("2026-03-01", "accounts", "/accounts"),
            ("2026-03-01", "accounts", "/accounts/{accountId}"),
            ("2026-02-28", "", "laterGetThings"),
            ("2026-02-23", "accounts", "/accounts"),
        ];
        assert_eq!((lines, page.next), (expected.to_vec(), None));
        let of_api = Question::parse((None, None), Some("accounts"), None, now()).unwrap();
        assert_eq!(of_api.page(&world.ports).await.unwrap().lines.len(), 3);
        let one_day = Question::parse((Some("2026-02-22"), Some("2026-02-22")), None, None, now()).unwrap();
        assert_eq!(one_day.page(&world.ports).await.unwrap().lines.len(), 1);
    }

    #[tokio::test]
    async fn a_long_list_goes_on_behind_its_place_without_a_gap() {
        let world = world(|_, items| accept(items));
        for number in 0..LINES + 30 {
            let days_ago = i64::try_from(number % 5).unwrap();
            counted(&world.quality, days_ago, &format!("operation{number:03}")).await;
        }
        let first =
            Question::parse((None, None), None, None, now()).unwrap().page(&world.ports).await.unwrap();
        let place = first.next.unwrap();
        let rest = Question::parse((None, None), None, Some(&place), now()).unwrap();
        let rest = rest.page(&world.ports).await.unwrap();
        assert_eq!((first.lines.len(), rest.lines.len(), rest.next), (LINES, 30, None));
        let mut all: Vec<_> =
            first.lines.iter().chain(&rest.lines).map(|line| line.endpoint.clone()).collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), LINES + 30);
    }

    #[test]
    fn a_period_has_an_end_and_an_api_is_one_of_ours() {
        let fault = |from, to, api, after| Question::parse((from, to), api, after, now()).err();
        assert_eq!(fault(Some("today"), None, None, None), Some(QuestionFault::Day("from")));
        assert_eq!(fault(None, Some("2026-02-30"), None, None), Some(QuestionFault::Day("to")));
        assert_eq!(fault(Some("2026-03-02"), Some("2026-03-01"), None, None), Some(QuestionFault::Reversed));
        assert_eq!(fault(Some("2026-01-01"), Some("2026-02-01"), None, None), Some(QuestionFault::TooLong));
        assert_eq!(fault(Some("2026-01-01"), Some("2026-01-31"), None, None), None);
        assert_eq!(fault(None, None, Some("account"), None), Some(QuestionFault::Api));
        for place in ["x", "2026-03-01", "2026-02-30.a", "2025-01-01.a"] {
            assert_eq!(fault(None, None, None, Some(place)), Some(QuestionFault::Place), "{place}");
        }
    }
}
