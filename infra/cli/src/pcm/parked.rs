//! Parked reports as text, and the outcome of sending them again.

use ponte_pcm::commands::{ParkedReport, Unparked};

use crate::table::{number, reasons};

/// Parked reports, each with its reason.
pub(super) fn parked(reports: &[ParkedReport]) -> String {
    if reports.is_empty() {
        return "nothing is parked".to_owned();
    }
    let one = |report: &ParkedReport| {
        let ParkedReport { day, api, role, since, reason, report, .. } = report;
        let (day, role) = (day.as_deref().unwrap_or("-"), role.as_str());
        format!("{day}  {api} {role}  since {since}\n  {reason}\n  {report}")
    };
    reports.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// How many parked reports go out again, and why the others stay.
pub(super) fn resent(answer: &Unparked) -> String {
    let mut text = format!(
        "{} parked reports go out again, {} of them mended; {} stay parked",
        number(answer.resent),
        number(answer.mended),
        number(answer.left)
    );
    reasons(&mut text, &answer.reasons);
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn reports_that_stay_parked_are_counted_by_reason() {
        assert_eq!(parked(&[]), "nothing is parked");
        let reasons = BTreeMap::from([("expired".to_owned(), 2_000)]);
        let answer = Unparked { resent: 5, mended: 1, left: 2_000, reasons, next: None };
        assert_eq!(
            resent(&answer),
            "5 parked reports go out again, 1 of them mended; 2.000 stay parked\n  2.000 expired"
        );
    }
}
