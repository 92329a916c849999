//! Tests of the checks and the output of the demo; the journey itself runs in CI as `ponte demo`.

use bytes::Bytes;
use http::{HeaderMap, Method};
use ponte_values::Moment;
use ponte_web::caller::{NoAnswer, Reply};
use serde_json::json;

use super::reporter::{Length, Mismatch, Reporter, StepReport, as_json};
use super::runner::{Outcome, Runner, Step};
use super::summary::{in_words, whole};
use super::{expect, run};

fn reply(status: u16, body: &str) -> Reply {
    let mut headers = HeaderMap::new();
    headers.insert("x-fapi-interaction-id", "d78fc4e5-37ca-4da3-adf2-9b082bf92280".parse().unwrap());
    headers.insert("x-v", "2.5.1".parse().unwrap());
    Reply {
        method: Method::GET,
        url: "https://localhost:1/auth/resume?ticket=secret".into(),
        status,
        headers,
        body: Bytes::from(body.to_owned()),
        started: Moment::from_seconds(0),
        millis: 12,
    }
}

fn step(result: Result<String, Mismatch>) -> StepReport {
    StepReport {
        chapter: 4,
        title: "The accounts".into(),
        from: "receiver",
        to: "ponte",
        call: "GET accounts".into(),
        length: Length::Two,
        url: None,
        status: Some(200),
        millis: Some(12),
        result,
    }
}

const STEP: Step<'_> = Step { title: "A step", from: "receiver", to: "ponte", call: "GET x" };

#[test]
fn a_step_has_tick_actors_status_and_time_on_one_line() {
    let lines = Reporter::plain().lines(&step(Ok("two of them".into())));
    let words: Vec<&str> = lines[0].split_whitespace().collect();
    assert_eq!(words, ["✓", "The", "accounts", "receiver", "→", "ponte", "200", "12", "ms"]);
    assert_eq!(lines[1].trim(), "GET accounts · two of them");
    assert_eq!(lines.len(), 2);
}

#[test]
fn a_short_step_is_one_line_while_it_holds() {
    let short = |result| StepReport { length: Length::One, ..step(result) };
    let lines = Reporter::plain().lines(&short(Ok("2 records".into())));
    let words: Vec<&str> = lines[0].split_whitespace().collect();
    assert_eq!(words[..6], ["✓", "GET", "accounts", "·", "2", "records"]);
    assert_eq!(lines.len(), 1);
    let wrong = Mismatch { expected: "status 200".into(), got: "500 {}".into() };
    let lines = Reporter::plain().lines(&short(Err(wrong)));
    assert!(lines[0].contains("The accounts") && lines.len() == 4, "{lines:?}");
}

#[test]
fn a_wrong_step_says_what_was_expected_and_what_came() {
    let mismatch = || Mismatch { expected: "status 200".into(), got: "500 {}".into() };
    let lines = Reporter::plain().lines(&step(Err(mismatch())));
    assert!(lines[0].contains('✗') && lines[2].ends_with("status 200") && lines[3].ends_with("500 {}"));
    let json = as_json(&step(Err(mismatch())));
    let found = (&json["held"], &json["expected"], &json["got"]);
    assert_eq!(found, (&json!(false), &json!("status 200"), &json!("500 {}")));
}

#[test]
fn exit_code_0_only_when_everything_was_told_and_held() {
    let code = |steps, held, complete| Outcome { steps, held, complete }.exit_code();
    assert_eq!(code(3, 3, true), 0);
    assert_eq!(code(3, 2, true), 1);
    assert_eq!(code(3, 3, false), 1);
}

#[test]
fn a_step_that_does_not_hold_breaks_the_chapter() {
    let endpoints = json!({});
    let mut runner = Runner::new(&endpoints, Reporter::plain());
    let held = runner
        .answer(&STEP, Ok(reply(200, "{}")), |reply| expect::status(reply, 200).map(|()| String::new()));
    assert!(held.is_ok());
    let broken = runner
        .answer(&STEP, Ok(reply(500, "{}")), |reply| expect::status(reply, 200).map(|()| String::new()));
    assert!(broken.is_err());
    let silent = NoAnswer {
        reason: "connection refused".into(),
        refused_by_tls: false,
        timed_out: false,
        started: Moment::from_seconds(0),
        millis: 1,
    };
    assert!(runner.answer(&STEP, Err(silent), |_| Ok(String::new())).is_err());
    let outcome = runner.end();
    assert_eq!((outcome.steps, outcome.held, outcome.exit_code()), (3, 1, 1));
}

#[test]
fn c50_the_error_body_is_checked_whole() {
    let good = r#"{"errors":[{"code":"A","title":"B","detail":"C"}],"meta":{"requestDateTime":"2026-03-02T12:00:00Z"}}"#;
    assert_eq!(expect::refused(&reply(403, good), 403).unwrap(), "A: B");
    for bad in [
        "{}",
        r#"{"errors":[],"meta":{"requestDateTime":"2026-03-02T12:00:00Z"}}"#,
        r#"{"errors":[{"code":"A","title":"","detail":"C"}],"meta":{"requestDateTime":"2026-03-02T12:00:00Z"}}"#,
        r#"{"errors":[{"code":"A","title":"B","detail":"C"}],"meta":{"requestDateTime":"2026-03-02T12:00:00.000Z"}}"#,
    ] {
        assert!(expect::refused(&reply(403, bad), 403).is_err(), "{bad}");
    }
    assert!(expect::refused(&reply(401, good), 403).is_err());
    let mut without_id = reply(403, good);
    without_id.headers.remove("x-fapi-interaction-id");
    assert!(expect::refused(&without_id, 403).is_err());
}

#[test]
fn m21_m40_pairs_and_funnel_are_both_needed() {
    let summary = |statuses: serde_json::Value, steps: usize| {
        let all = [
            "client/redirect-to-server",
            "server/redirect-target",
            "server/authenticated",
            "server/redirect-to-client",
            "client/redirect-target-without-errors",
        ];
        json!({ "private": { "byStatus": statuses }, "funnel": { "byConsent": { "urn:x:1": all[..steps] } } })
    };
    assert!(whole(&summary(json!({ "PAIRED": 4 }), 5), "urn:x:1", 2).is_ok());
    assert!(whole(&summary(json!({ "PAIRED": 4 }), 4), "urn:x:1", 2).is_err());
    assert!(whole(&summary(json!({ "PAIRED": 3, "UNPAIRED": 1 }), 5), "urn:x:1", 2).is_err());
    assert!(whole(&summary(json!({ "PAIRED": 4, "UNPAIRED": 1 }), 5), "urn:x:1", 2).is_err());
    assert_eq!(in_words(&summary(json!({ "PAIRED": 4 }), 5)), "PAIRED 4; funnel 5 of 5 steps");
}

#[tokio::test]
async fn without_a_stack_the_demo_says_so() {
    let outcome = run(&json!({}), Reporter::new(true, |_| {})).await;
    assert_eq!((outcome.steps, outcome.held, outcome.exit_code()), (1, 0, 1));
}
