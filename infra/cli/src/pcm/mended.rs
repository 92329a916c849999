//! Reports that were parked, sent again or counted again.

use std::fmt::Write as _;

use serde_json::Value;

use super::table::{number, text};

/// Parked reports, each with its reason.
pub(super) fn parked(answer: &Value) -> String {
    let parked = answer["parked"].as_array().map(Vec::as_slice).unwrap_or_default();
    if parked.is_empty() {
        return "nothing is parked".to_owned();
    }
    let one = |one: &Value| {
        format!(
            "{}  {} {}  since {}\n  {}\n  {}",
            text(&one["day"]),
            text(&one["api"]),
            text(&one["role"]),
            text(&one["since"]),
            text(&one["reason"]),
            one["report"]
        )
    };
    parked.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// How many parked reports go out again, and why the others stay.
pub(super) fn resent_discarded(answer: &Value) -> String {
    let mut said = format!(
        "{} parked reports go out again, {} of them mended; {} stay parked",
        number(&answer["resent"]),
        number(&answer["mended"]),
        number(&answer["left"])
    );
    for (reason, count) in answer["reasons"].as_object().into_iter().flatten() {
        let _ = write!(said, "\n  {} {reason}", number(count));
    }
    said
}

/// The lines of a ledger that were wrong.
pub(super) fn rebuilt(answer: &Value) -> String {
    if answer["continue"].is_object() {
        return String::new();
    }
    if let Some(note) = answer["note"].as_str() {
        return note.to_owned();
    }
    let corrected = answer["corrected"].as_array().map(Vec::as_slice).unwrap_or_default();
    if corrected.is_empty() {
        return format!("the ledger of {} is right", text(&answer["day"]));
    }
    let mut said =
        format!("{} lines of {} were wrong and are corrected", corrected.len(), text(&answer["day"]));
    for line in corrected {
        for (name, was) in line["was"].as_object().into_iter().flatten() {
            let is = &line["is"][name];
            if was != is {
                let _ = write!(
                    said,
                    "\n  {} {}: {name} {was}, now {is}",
                    text(&line["api"]),
                    text(&line["role"])
                );
            }
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_rebuild_says_what_it_corrected() {
        let answer = json!({ "day": "2026-03-01", "done": true, "corrected": [{
            "api": "accounts/v2", "role": "SERVER", "was": { "accepted": 5, "sent": 9 }, "is": { "accepted": 4, "sent": 9 },
        }]});
        assert_eq!(
            rebuilt(&answer),
            "1 lines of 2026-03-01 were wrong and are corrected\n  accounts/v2 SERVER: accepted 5, now 4"
        );
        assert_eq!(
            rebuilt(&json!({ "day": "2026-03-01", "corrected": [] })),
            "the ledger of 2026-03-01 is right"
        );
    }
}
