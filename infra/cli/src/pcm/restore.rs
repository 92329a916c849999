//! Lost reports out of exported log lines, and the outcome of restoring them as text.

use ponte_metrics::outbox::LostReport;
use ponte_pcm::commands::Restored;
use serde_json::Value;

use crate::export;
use crate::table::{number, reasons};

/// The lost reports of an export.
pub(super) fn lost_reports(export: &str) -> Vec<LostReport> {
    let report = |fields: &Value| serde_json::from_str(fields["lost_report"].as_str()?).ok();
    export::fields(export).iter().filter_map(report).collect()
}

/// What became of them.
pub(super) fn restored(answer: &Restored) -> String {
    let mut text = format!(
        "{} reports are in the outbox again; {} were stored before; {} would be refused",
        number(answer.restored),
        number(answer.known),
        number(answer.left)
    );
    reasons(&mut text, &answer.reasons);
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line(key: &str) -> String {
        let report = json!({ "key": key, "path": "/p", "body": "{\"a\":1}" }).to_string();
        let fields = json!({ "message": "report not stored", "chain": "x", "lost_report": report });
        json!({ "timestamp": "t", "level": "ERROR", "fields": fields, "target": "ponte_edge::report" })
            .to_string()
    }

    fn keys(export: &str) -> Vec<String> {
        lost_reports(export).into_iter().map(|report| report.key).collect()
    }

    #[test]
    fn t64_lost_reports_are_read_out_of_every_form_of_an_export() {
        let event = |line: &str| json!({ "timestamp": 1, "message": format!("{line}\n") });
        let other = json!({ "fields": { "message": "call", "status": 200 } }).to_string();
        let lines = format!(
            "{}\nSTART RequestId: 1\n{other}\n2026-03-01T12:00:00.000Z {}\n{}\n{{\n",
            line("1"),
            line("2"),
            event(&line("3"))
        );
        assert_eq!(keys(&lines), ["1", "2", "3"]);
        let answer = json!({ "events": [event(&line("1")), event(&other), event(&line("2"))], "searchedLogStreams": [] });
        assert_eq!(keys(&answer.to_string()), ["1", "2"]);
        assert_eq!(keys(&serde_json::to_string_pretty(&answer).unwrap()), ["1", "2"]);
        assert_eq!(keys(""), Vec::<String>::new());
    }

    #[test]
    fn t64_a_field_that_somebody_else_filled_is_no_report() {
        let report = json!({ "key": "1", "path": "/p", "body": "{}" });
        let nested = json!({ "fields": { "lost_report": report.to_string() } }).to_string();
        for line in [
            json!({ "fields": { "agent": nested } }),
            json!({ "lost_report": report.to_string() }),
            json!({ "message": json!({ "fields": { "agent": nested } }).to_string() }),
            json!({ "fields": { "lost_report": report } }),
        ] {
            assert!(keys(&line.to_string()).is_empty(), "{line}");
        }
    }

    #[test]
    fn t64_the_outcome_says_why_reports_are_left() {
        let reasons = [("expired".to_owned(), 2)].into();
        assert_eq!(
            restored(&Restored { restored: 1_000, known: 3, left: 2, reasons }),
            "1.000 reports are in the outbox again; 3 were stored before; 2 would be refused\n  2 expired"
        );
    }
}
