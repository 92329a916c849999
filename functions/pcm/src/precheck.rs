//! The check of a report before it is sent: a report that must be refused is never sent (M13, M22).

use std::borrow::Cow;
use std::time::Duration;

use ponte_catalog::pcm::EndpointList;
use ponte_metrics::ledger::day::OLDEST_DAYS;
use ponte_metrics::outbox::PendingRow;
use ponte_metrics::report::{OPEN_DATA_REPORT, PRIVATE_REPORT};
use ponte_values::Moment;
use serde::Deserialize;

/// A report older than this is refused by the platform (M22).
const OLDEST: Duration = Duration::from_hours(24 * OLDEST_DAYS.unsigned_abs());
/// A report from further ahead than this is refused by the platform (M22).
const AHEAD: Duration = Duration::from_mins(5);
/// A timestamp further ahead than this is no matter of clocks.
const NEVER: Duration = Duration::from_hours(1);

/// The result of the check of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Precheck {
    /// Send it.
    Send,
    /// Leave it where it is until its time has come.
    Wait,
    /// The platform would refuse it; park it with the reason.
    Park(String),
}

/// The members of a report that the check reads.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Facts<'a> {
    #[serde(borrow)]
    endpoint: Option<Cow<'a, str>>,
    #[serde(borrow)]
    http_method: Option<Cow<'a, str>>,
    #[serde(borrow)]
    timestamp: Option<Cow<'a, str>>,
    #[serde(borrow)]
    event_date_time: Option<Cow<'a, str>>,
}

/// Checks a row.
pub(crate) fn precheck(row: &PendingRow, endpoints: &EndpointList, now: Moment) -> Precheck {
    let park = |reason: &str| Precheck::Park(reason.to_owned());
    if !row.path.starts_with('/') || row.body.is_empty() {
        return park("row without path or body");
    }
    if row.at().is_none() {
        return park("row without a time in its key");
    }
    // Serde takes a list for an object whose members come in order.
    let facts = Some(row.body.as_str()).filter(|body| body.trim_start().starts_with('{'));
    let Some(facts) = facts.and_then(|body| serde_json::from_str::<Facts<'_>>(body).ok()) else {
        return park("row is no JSON object of a report");
    };
    let listed = match row.path.trim_end_matches('/') {
        PRIVATE_REPORT => listed(&facts, |endpoint, method| endpoints.accepts(endpoint, method)),
        OPEN_DATA_REPORT => listed(&facts, |endpoint, method| endpoints.accepts_open_data(endpoint, method)),
        _ => Ok(()),
    };
    if let Err(reason) = listed {
        return Precheck::Park(format!("{reason} (list {})", endpoints.version()));
    }
    let timestamp = facts.timestamp.or(facts.event_date_time);
    match timestamp.map(|text| Moment::parse(&text)) {
        Some(Ok(at)) => in_time(at, row.repairs, now),
        Some(Err(_)) => park("timestamp is no date-time"),
        None => Precheck::Send,
    }
}

/// A report without endpoint or method is the platform's to refuse: it says what is missing.
fn listed(facts: &Facts<'_>, accepts: impl Fn(&str, &str) -> bool) -> Result<(), String> {
    let (Some(endpoint), Some(method)) = (facts.endpoint.as_deref(), facts.http_method.as_deref()) else {
        return Ok(());
    };
    if accepts(endpoint, method) { Ok(()) } else { Err(format!("unlisted endpoint: {method} {endpoint}")) }
}

fn in_time(at: Moment, repairs: u8, now: Moment) -> Precheck {
    if now.since(at) > OLDEST {
        return Precheck::Park("expired: older than 7 days, the platform refuses it".to_owned());
    }
    if at.since(now) > NEVER {
        return Precheck::Park("timestamp is more than an hour ahead".to_owned());
    }
    // Once discarded, it waits until no clock can call it the future.
    let ahead = if repairs == 0 { AHEAD } else { Duration::ZERO };
    if at.since(now) > ahead { Precheck::Wait } else { Precheck::Send }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Moment {
        Moment::parse("2026-03-01T12:00:00.000Z").unwrap()
    }

    fn report(endpoint: &str, method: &str, at: Moment) -> PendingRow {
        let body =
            serde_json::json!({"endpoint": endpoint, "httpMethod": method, "timestamp": at.with_millis()});
        PendingRow {
            sort_key: format!("{}#id", at.with_millis()),
            path: PRIVATE_REPORT.to_owned(),
            body: body.to_string(),
            ..PendingRow::default()
        }
    }

    fn checked_now(row: &PendingRow) -> Precheck {
        precheck(row, EndpointList::built_in(), now())
    }

    const LISTED: &str = "/open-banking/accounts/v2/accounts";

    #[test]
    fn m13_an_unlisted_endpoint_is_caught_before_sending() {
        assert_eq!(checked_now(&report(LISTED, "GET", now())), Precheck::Send);
        for (endpoint, method) in
            [(LISTED, "PATCH"), ("/open-banking/accounts/v2/accounts/123", "GET"), ("", "GET")]
        {
            let checked = checked_now(&report(endpoint, method, now()));
            assert!(
                matches!(&checked, Precheck::Park(reason) if reason.starts_with("unlisted endpoint")),
                "{checked:?}"
            );
        }
        // What is missing the platform names itself; reports of other kinds have no endpoint.
        let incomplete = report(LISTED, "GET", now());
        let body = incomplete.body.replace("httpMethod", "method");
        assert_eq!(checked_now(&PendingRow { body, ..incomplete }), Precheck::Send);
        let step = PendingRow {
            path: "/report-api/v2/hybrid-flow/server/authenticated".to_owned(),
            body: format!(r#"{{"timestamp":"{}"}}"#, now().with_millis()),
            ..report(LISTED, "GET", now())
        };
        assert_eq!(checked_now(&step), Precheck::Send);
    }

    #[test]
    fn m22_older_than_seven_days_is_never_sent() {
        let week = Duration::from_hours(7 * 24);
        assert_eq!(checked_now(&report(LISTED, "GET", now().minus(week))), Precheck::Send);
        let older = checked_now(&report(LISTED, "GET", now().minus(week + Duration::from_millis(1))));
        assert!(matches!(&older, Precheck::Park(reason) if reason.starts_with("expired")), "{older:?}");
    }

    #[test]
    fn m22_the_future_waits() {
        let ahead = |span| report(LISTED, "GET", now().plus(span));
        assert_eq!(checked_now(&ahead(Duration::from_mins(5))), Precheck::Send);
        assert_eq!(checked_now(&ahead(Duration::from_mins(6))), Precheck::Wait);
        assert!(matches!(checked_now(&ahead(Duration::from_hours(2))), Precheck::Park(_)));
        let discarded = PendingRow { repairs: 1, ..ahead(Duration::from_mins(1)) };
        assert_eq!(checked_now(&discarded), Precheck::Wait);
    }

    #[test]
    fn t21_what_cannot_be_a_report_is_parked() {
        let whole = report(LISTED, "GET", now());
        for broken in [
            PendingRow { path: String::new(), ..whole.clone() },
            PendingRow { body: String::new(), ..whole.clone() },
            PendingRow { body: "not json".to_owned(), ..whole.clone() },
            PendingRow { sort_key: "no time".to_owned(), ..whole.clone() },
            PendingRow { body: whole.body.replace("2026-", "soon-"), ..whole.clone() },
        ] {
            assert!(matches!(checked_now(&broken), Precheck::Park(_)), "{broken:?}");
        }
    }
}
