//! How the reports of days stand.

use std::fmt::Write as _;

use serde_json::Value;

use super::checks::check;
use super::table::{number, table, text};

/// A line for each day.
pub(super) fn days(answer: &Value) -> String {
    let heads = [
        "DAY",
        "PRODUCED",
        "ACCEPTED",
        "RATE",
        "PENDING",
        "HELD",
        "PARKED",
        "LATE",
        "95% BY D+1",
        "99% BY D+7",
    ];
    let row = |day: &Value| {
        let count = |name: &str| number(&day[name]);
        let deadline =
            |name: &str| format!("{} {}%", text(&day[name]["standing"]), text(&day[name]["reached"]));
        vec![
            text(&day["day"]).to_owned(),
            count("produced"),
            count("accepted"),
            format!("{}%", text(&day["rate"])),
            count("pending"),
            count("held"),
            count("parked"),
            count("late"),
            deadline("firstDeadline"),
            deadline("lastDeadline"),
        ]
    };
    let days = answer["days"].as_array().map(Vec::as_slice).unwrap_or_default();
    table(&heads, &days.iter().map(row).collect::<Vec<_>>())
}

/// A day by API and role, its deadlines, its check.
pub(super) fn detail(day: &Value) -> String {
    let mut said = sums(day);
    for (deadline, label) in [("firstDeadline", "08:00 of D+1"), ("lastDeadline", "08:00 of D+7")] {
        let deadline = &day[deadline];
        let _ = writeln!(
            said,
            "{}% by {label} ({}): {}, {}% so far",
            text(&deadline["needed"]),
            text(&deadline["until"]),
            text(&deadline["standing"]),
            text(&deadline["reached"]),
        );
    }
    let heads = ["API", "ROLE", "SENT", "ACCEPTED", "DISCARDED", "PARKED", "LATE", "REPEATED", "PAIRED"];
    let lines = day["apis"].as_array().map(Vec::as_slice).unwrap_or_default();
    said.push('\n');
    said.push_str(&table(&heads, &lines.iter().map(row).collect::<Vec<_>>()));
    if day["check"].is_object() {
        said.push_str("\n\n");
        said.push_str(&checked(&day["check"]));
    }
    said
}

/// The counts of a whole day.
fn sums(day: &Value) -> String {
    format!(
        "{}: {} produced, {} accepted ({}%), {} pending, {} held, {} parked, {} late, {} sent again\n",
        text(&day["day"]),
        number(&day["produced"]),
        number(&day["accepted"]),
        text(&day["rate"]),
        number(&day["pending"]),
        number(&day["held"]),
        number(&day["parked"]),
        number(&day["late"]),
        number(&day["repeated"]),
    )
}

/// The cells of an API and role.
fn row(line: &Value) -> Vec<String> {
    let count = |name: &str| number(&line[name]);
    let sample = &line["sample"];
    let paired = match sample["asked"].as_u64() {
        Some(asked) => format!("{} of {asked}", number(&sample["paired"])),
        None => "-".to_owned(),
    };
    vec![
        text(&line["api"]).to_owned(),
        text(&line["role"]).to_owned(),
        count("sent"),
        count("accepted"),
        count("discarded"),
        count("parked"),
        count("late"),
        count("repeated"),
        paired,
    ]
}

/// A day's check with its rates and what they may be.
fn checked(found: &Value) -> String {
    let mut said = check(found, &found["sample"]);
    let rate = |name: &str| text(&found[name]);
    let _ = write!(
        said,
        "\nunpaired {}% (at most 5 on a day), unpaired or inconsistent {}% (at most 1 after seven days)",
        rate("unpairedRate"),
        rate("openRate")
    );
    if found["unpairedIsAGap"] == false {
        said.push_str("\nthe other side may still report until 08:00 of the next day");
    }
    said
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn days_are_a_table_whose_numbers_can_be_read() {
        let deadline = |standing: &str| json!({ "standing": standing, "reached": "99.9" });
        let day = |produced: u64| {
            json!({
                "day": "2026-03-01", "produced": produced, "accepted": 999_000, "rate": "99.9", "pending": 7, "held": 0,
                "parked": 3, "late": 0, "firstDeadline": deadline("MET"), "lastDeadline": deadline("OPEN"),
            })
        };
        let said = days(&json!({ "days": [day(1_000_000), day(7)] }));
        let lines = said.lines().collect::<Vec<_>>();
        assert_eq!(lines.len(), 3);
        assert!(lines[1].contains("1.000.000") && lines[1].ends_with("MET 99.9%   OPEN 99.9%"), "{said}");
        // Numbers stand below each other by their last digit.
        assert_eq!(lines[0].find("ACCEPTED").unwrap() + 8, lines[1].find("999.000").unwrap() + 7, "{said}");
    }
}
