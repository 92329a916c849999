//! Answers of the metrics platform: a verdict for each report of a batch (M03, M20).

use std::time::Duration;

use ponte_metrics::ledger::check::PlatformReport;
use ponte_metrics::ports::{PlatformAnswer, PlatformUnavailable};
use ponte_metrics::verdict::ReportVerdict;
use ponte_ports::PortError;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::Deserialize;

use crate::failure;

/// Name of the platform in errors.
pub(super) const WHAT: &str = "metrics platform";

/// Longest `Retry-After` that counts, in seconds; the sweep asks again before.
const LONGEST_PAUSE: u64 = 600;

#[derive(Deserialize)]
struct Item {
    status: String,
    message: Option<String>,
}

/// A stock report is posted alone and answered alone (M50).
#[derive(Deserialize)]
#[serde(untagged)]
enum Items {
    Many(Vec<Item>),
    One(Item),
}

#[derive(Deserialize)]
struct Refusal {
    message: String,
}

/// The answer to a request.
pub(super) struct Response {
    pub(super) status: StatusCode,
    /// `Retry-After`, if the platform sent one.
    pub(super) after: Option<Duration>,
    pub(super) body: Vec<u8>,
}

/// `Retry-After` in seconds; the form with a date is not used by the platform.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get("retry-after")?.to_str().ok()?.trim().parse::<u64>().ok()?;
    Some(Duration::from_secs(seconds.min(LONGEST_PAUSE)))
}

/// Reads the answer to a post of `count` items.
pub(super) fn read(response: &Response, count: usize) -> PlatformAnswer {
    let (status, body) = (response.status, response.body.as_slice());
    let later = |why: &str| {
        let reason = format!("status {}{why}", status.as_u16());
        PlatformAnswer::Later(PlatformUnavailable { reason, after: response.after })
    };
    match status {
        StatusCode::OK | StatusCode::MULTI_STATUS => {
            verdicts(body, count).map_or_else(|| later(", answer not readable"), PlatformAnswer::Items)
        }
        StatusCode::BAD_REQUEST => match verdicts(body, count) {
            Some(verdicts) => PlatformAnswer::Items(verdicts),
            // Refused without saying which item: smaller batches find it, and alone it is refused for good.
            None if count > 1 => PlatformAnswer::TooLarge,
            None => PlatformAnswer::Items(vec![ReportVerdict::Discarded(message(body))]),
        },
        StatusCode::PAYLOAD_TOO_LARGE => PlatformAnswer::TooLarge,
        StatusCode::NOT_FOUND => PlatformAnswer::UnknownPath,
        _ => later(""),
    }
}

/// Reads the reports of an interaction; one alone is no list (PCM 3.1.0).
pub(super) fn filed(body: &[u8]) -> Result<Vec<PlatformReport>, PortError> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Reports {
        Many(Vec<PlatformReport>),
        One(Box<PlatformReport>),
    }
    match serde_json::from_slice(body).map_err(|error| failure::json(WHAT, &error))? {
        Reports::Many(reports) => Ok(reports),
        Reports::One(report) => Ok(vec![*report]),
    }
}

/// One verdict per item, in order; `None` if the body does not hold exactly that.
fn verdicts(body: &[u8], count: usize) -> Option<Vec<ReportVerdict>> {
    let items = serde_json::from_slice::<Items>(body).ok()?;
    let items = match items {
        Items::Many(items) => items,
        Items::One(item) => vec![item],
    };
    if items.len() != count {
        return None;
    }
    items.into_iter().map(verdict).collect()
}

fn verdict(item: Item) -> Option<ReportVerdict> {
    match item.status.as_str() {
        "DISCARDED" => Some(ReportVerdict::Discarded(item.message.unwrap_or_default())),
        // Everything but the refusal means that the platform has it.
        "ACCEPTED" | "SINGLE" | "UNPAIRED" | "PAIRED" | "PAIRED_INCONSISTENT" => {
            Some(ReportVerdict::Accepted)
        }
        _ => None,
    }
}

fn message(body: &[u8]) -> String {
    serde_json::from_slice::<Refusal>(body)
        .map_or_else(|_| "status 400".to_owned(), |refusal| refusal.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str, count: usize) -> PlatformAnswer {
        let status = StatusCode::from_u16(status).unwrap();
        read(&Response { status, after: None, body: body.as_bytes().to_vec() }, count)
    }

    #[test]
    fn m03_m20_verdicts_come_in_the_order_of_the_items() {
        let body = r#"[{"reportId":"1","status":"ACCEPTED"},
            {"reportId":"2","status":"DISCARDED","message":"Missing property: httpMethod;"},
            {"reportId":"3","status":"SINGLE"}]"#;
        let discarded = ReportVerdict::Discarded("Missing property: httpMethod;".to_owned());
        let expected =
            PlatformAnswer::Items(vec![ReportVerdict::Accepted, discarded, ReportVerdict::Accepted]);
        for status in [200, 207, 400] {
            assert_eq!(answer(status, body, 3), expected);
        }
    }

    #[test]
    fn an_answer_that_is_no_list_of_verdicts_keeps_the_rows() {
        for body in
            ["", "<html>", "[]", r#"[{"status":"ACCEPTED"}]"#, r#"[{"status":"ACCEPTED"},{"status":"LOST"}]"#]
        {
            for status in [200, 207] {
                assert!(matches!(answer(status, body, 2), PlatformAnswer::Later(_)), "{body}");
            }
        }
    }

    #[test]
    fn m03_other_statuses_mean_smaller_or_later() {
        assert_eq!(answer(413, "", 2), PlatformAnswer::TooLarge);
        assert_eq!(answer(404, "", 2), PlatformAnswer::UnknownPath);
        for status in [301, 401, 403, 415, 429, 500, 503] {
            let later = PlatformUnavailable { reason: format!("status {status}"), after: None };
            assert_eq!(answer(status, "", 2), PlatformAnswer::Later(later));
        }
    }

    #[test]
    fn t21_a_refusal_without_verdicts_is_narrowed_down_to_one_item() {
        let body = r#"{"message":"Invalid payload format"}"#;
        assert_eq!(answer(400, body, 2), PlatformAnswer::TooLarge);
        let discarded = ReportVerdict::Discarded("Invalid payload format".to_owned());
        assert_eq!(answer(400, body, 1), PlatformAnswer::Items(vec![discarded]));
    }

    #[test]
    fn m50_a_stock_report_is_answered_alone() {
        let one = r#"{"reportId":"1","status":"DISCARDED","message":"m"}"#;
        assert_eq!(
            answer(200, one, 1),
            PlatformAnswer::Items(vec![ReportVerdict::Discarded("m".to_owned())])
        );
        assert!(matches!(answer(200, one, 2), PlatformAnswer::Later(_)));
    }

    #[test]
    fn t50_a_pause_is_believed_in_seconds_and_up_to_ten_minutes() {
        let pause = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", value.parse().unwrap());
            retry_after(&headers)
        };
        assert_eq!(pause("7"), Some(Duration::from_secs(7)));
        assert_eq!(pause("86400"), Some(Duration::from_mins(10)));
        for bad in ["", "-1", "soon", "Sun, 01 Mar 2026 12:00:00 GMT"] {
            assert_eq!(pause(bad), None, "{bad}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
