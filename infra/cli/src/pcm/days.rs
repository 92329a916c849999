//! Days as text: how many of their reports are accepted, and what of them is checked.

use std::fmt::Write as _;

use ponte_pcm::commands::{ApiView, CheckView, DayDetail, DayView, Days, DeadlineView};

use super::checks::{Sample, sample};
use crate::table::{number, table};

/// A line for each day.
pub(super) fn days(answer: &Days) -> String {
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
    let deadline = |deadline: &DeadlineView| format!("{} {}%", deadline.standing, deadline.reached);
    let row = |day: &DayView| {
        [
            day.day.clone(),
            number(day.produced),
            number(day.accepted),
            format!("{}%", day.rate),
            number(day.pending),
            number(day.held),
            number(day.parked),
            number(day.late),
            deadline(&day.first_deadline),
            deadline(&day.last_deadline),
        ]
    };
    table(heads, &answer.days.iter().map(row).collect::<Vec<_>>())
}

/// A day by API and role, its deadlines, its check.
pub(super) fn detail(detail: &DayDetail) -> String {
    let day = &detail.day;
    let mut text = sums(day);
    for (deadline, label) in [(&day.first_deadline, "08:00 of D+1"), (&day.last_deadline, "08:00 of D+7")] {
        let DeadlineView { until, needed, reached, standing } = deadline;
        let _ = writeln!(text, "{needed}% by {label} ({until}): {standing}, {reached}% so far");
    }
    let heads = ["API", "ROLE", "SENT", "ACCEPTED", "DISCARDED", "PARKED", "LATE", "REPEATED", "PAIRED"];
    text.push('\n');
    text.push_str(&table(heads, &detail.apis.iter().map(row).collect::<Vec<_>>()));
    if let Some(check) = &detail.check {
        text.push_str("\n\n");
        text.push_str(&checked(check));
    }
    text
}

/// The counts of a whole day.
fn sums(day: &DayView) -> String {
    format!(
        "{}: {} produced, {} accepted ({}%), {} pending, {} held, {} parked, {} late, {} sent again\n",
        day.day,
        number(day.produced),
        number(day.accepted),
        day.rate,
        number(day.pending),
        number(day.held),
        number(day.parked),
        number(day.late),
        number(day.repeated),
    )
}

/// The cells of an API and role.
fn row(line: &ApiView) -> [String; 9] {
    let counts = &line.counts;
    let paired = line.sample.map(|sample| format!("{} of {}", number(sample.paired), sample.asked));
    [
        line.api.clone(),
        line.role.as_str().to_owned(),
        number(counts.sent),
        number(counts.accepted),
        number(counts.discarded),
        number(counts.parked),
        number(counts.late),
        number(counts.repeated),
        paired.unwrap_or_else(|| "-".to_owned()),
    ]
}

/// A day's check with its rates and the highest that the rules allow.
fn checked(check: &CheckView) -> String {
    let CheckView { at, complete, sample: sampled, unpaired_rate, open_rate, unpaired_is_a_gap, examples } =
        check;
    let mut text = sample(&Sample { at, complete: *complete, sampled: *sampled, examples });
    let _ = write!(
        text,
        "\nunpaired {unpaired_rate}% (at most 5 on a day), unpaired or inconsistent {open_rate}% (at most 1 after seven days)",
    );
    if !unpaired_is_a_gap {
        text.push_str("\nthe other side may still report until 08:00 of the next day");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deadline(standing: &str) -> DeadlineView {
        let text = str::to_owned;
        DeadlineView {
            until: text("2026-03-02T11:00:00Z"),
            needed: text("95.0"),
            reached: text("99.9"),
            standing: text(standing),
        }
    }

    fn day(produced: u64) -> DayView {
        DayView {
            day: "2026-03-01".to_owned(),
            produced,
            sent: 999_000,
            accepted: 999_000,
            pending: 7,
            held: 0,
            parked: 3,
            discarded: 0,
            repeated: 0,
            late: 0,
            rate: "99.9".to_owned(),
            first_deadline: deadline("MET"),
            last_deadline: deadline("OPEN"),
        }
    }

    #[test]
    fn days_are_a_table_whose_numbers_can_be_read() {
        let text = days(&Days { days: vec![day(1_000_000), day(7)] });
        let lines = text.lines().collect::<Vec<_>>();
        assert_eq!(lines.len(), 3);
        assert!(lines[1].contains("1.000.000") && lines[1].ends_with("MET 99.9%   OPEN 99.9%"), "{text}");
        // Numbers stand below each other by their last digit.
        assert_eq!(lines[0].find("ACCEPTED").unwrap() + 8, lines[1].find("999.000").unwrap() + 7, "{text}");
    }

    #[test]
    fn a_day_without_a_check_ends_with_its_lines() {
        let text = detail(&DayDetail { day: day(7), apis: Vec::new(), check: None });
        assert!(text.starts_with("2026-03-01: 7 produced, 999.000 accepted (99.9%), 7 pending"), "{text}");
        assert!(
            text.contains("\n95.0% by 08:00 of D+1 (2026-03-02T11:00:00Z): MET, 99.9% so far\n"),
            "{text}"
        );
        assert!(text.ends_with("REPEATED  PAIRED"), "{text}");
    }
}
