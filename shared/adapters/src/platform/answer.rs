//! What the platform says of a batch (M03, M20).

use ponte_domain::ports::{PlatformAnswer, Verdict};
use reqwest::StatusCode;
use serde::Deserialize;

#[derive(Deserialize)]
struct Item {
    status: String,
    message: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    message: String,
}

/// Reads the answer to a post of `count` items.
pub(super) fn read(status: StatusCode, body: &[u8], count: usize) -> PlatformAnswer {
    let later = |why: &str| PlatformAnswer::Later(format!("status {}{why}", status.as_u16()));
    match status {
        StatusCode::OK | StatusCode::MULTI_STATUS => {
            verdicts(body, count).map_or_else(|| later(", answer not readable"), PlatformAnswer::Items)
        }
        StatusCode::BAD_REQUEST => match verdicts(body, count) {
            Some(verdicts) => PlatformAnswer::Items(verdicts),
            // Refused without saying which item: smaller batches find it, and alone it is refused for good.
            None if count > 1 => PlatformAnswer::TooLarge,
            None => PlatformAnswer::Items(vec![Verdict::Discarded(message(body))]),
        },
        StatusCode::PAYLOAD_TOO_LARGE => PlatformAnswer::TooLarge,
        _ => later(""),
    }
}

/// One verdict per item, in order; none if the body does not say exactly that.
fn verdicts(body: &[u8], count: usize) -> Option<Vec<Verdict>> {
    let items = serde_json::from_slice::<Vec<Item>>(body).ok()?;
    if items.len() != count {
        return None;
    }
    items.into_iter().map(verdict).collect()
}

fn verdict(item: Item) -> Option<Verdict> {
    match item.status.as_str() {
        "DISCARDED" => Some(Verdict::Discarded(item.message.unwrap_or_default())),
        // Everything but the refusal means that the platform has it.
        "ACCEPTED" | "SINGLE" | "UNPAIRED" | "PAIRED" | "PAIRED_INCONSISTENT" => Some(Verdict::Accepted),
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
        read(StatusCode::from_u16(status).unwrap(), body.as_bytes(), count)
    }

    #[test]
    fn m03_m20_verdicts_come_in_the_order_of_the_items() {
        let body = r#"[{"reportId":"1","status":"ACCEPTED"},
            {"reportId":"2","status":"DISCARDED","message":"Missing property: httpMethod;"},
            {"reportId":"3","status":"SINGLE"}]"#;
        let discarded = Verdict::Discarded("Missing property: httpMethod;".to_owned());
        let expected = PlatformAnswer::Items(vec![Verdict::Accepted, discarded, Verdict::Accepted]);
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
        for status in [301, 401, 403, 404, 415, 429, 500, 503] {
            assert_eq!(answer(status, "", 2), PlatformAnswer::Later(format!("status {status}")));
        }
    }

    #[test]
    fn t21_a_refusal_without_verdicts_is_narrowed_down_to_one_item() {
        let body = r#"{"message":"Invalid payload format"}"#;
        assert_eq!(answer(400, body, 2), PlatformAnswer::TooLarge);
        let discarded = Verdict::Discarded("Invalid payload format".to_owned());
        assert_eq!(answer(400, body, 1), PlatformAnswer::Items(vec![discarded]));
    }
}
