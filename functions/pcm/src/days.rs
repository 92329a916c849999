//! Days of the ledger: the lines, the reports that wait, the rates against the deadlines.

use std::collections::BTreeMap;

use ponte_metrics::ledger::check::{Check, Sampled};
use ponte_metrics::ledger::day::{self, Totals};
use ponte_metrics::ledger::{Counts, Line};
use ponte_metrics::ports::WaitingReports;
use ponte_ports::PortError;
use ponte_values::{Date, Moment};

use crate::ports::Ports;
use crate::view::{ApiView, CheckView, DayDetail, DayView, DeadlineView};

/// Lines and totals of a day.
pub(crate) async fn totals(ports: &Ports, date: Date) -> Result<(Vec<Line>, Totals), PortError> {
    // What waits is read first: a row that is settled in between is seen twice rather than not at all.
    let WaitingReports { pending, held, .. } = ports.backlog.waiting(date).await?;
    let lines = ports.ledger.lines(date).await?;
    let mut counts = Counts::default();
    for line in &lines {
        counts += line.counts;
    }
    Ok((lines, Totals { counts, pending, held }))
}

/// A day in one line.
async fn of_day(ports: &Ports, date: Date) -> Result<DayView, PortError> {
    Ok(view(date, &totals(ports, date).await?.1, ports.clock.now()))
}

/// The last `count` days, the newest first.
pub(crate) async fn last(ports: &Ports, count: u8) -> Result<Vec<DayView>, PortError> {
    let today = ports.clock.now().date_brasilia();
    let mut days = Vec::with_capacity(count.into());
    for back in 0..i64::from(count) {
        days.push(of_day(ports, today.plus_days(-back)).await?);
    }
    Ok(days)
}

/// A day by API and role, with its last check.
pub(crate) async fn in_detail(ports: &Ports, date: Date) -> Result<DayDetail, PortError> {
    let now = ports.clock.now();
    let (lines, totals) = totals(ports, date).await?;
    let check = match ports.ledger.check(date).await {
        // The store named it in the log; the day is told without it (D8).
        Err(error) if error.is_unreadable() => None,
        check => check?,
    };
    let samples = check.as_ref().map(|check| &check.sampled);
    let apis = lines.into_iter().map(|line| api(line, samples)).collect();
    let check = check.map(|check| checked(date, check, now));
    Ok(DayDetail { day: view(date, &totals, now), apis, check })
}

fn view(date: Date, totals: &Totals, now: Moment) -> DayView {
    let counts = totals.counts;
    DayView {
        day: date.to_string(),
        produced: totals.produced(),
        sent: counts.sent,
        accepted: counts.accepted,
        pending: totals.pending,
        held: totals.held,
        parked: counts.parked,
        discarded: counts.discarded,
        repeated: counts.repeated,
        late: counts.late,
        rate: percent(totals.share()),
        first_deadline: DeadlineView {
            until: day::first_deadline(date).to_string(),
            needed: percent(day::FIRST_SHARE),
            reached: percent(totals.share_in_time()),
            standing: day::first_target(date, totals, now).as_str().to_owned(),
        },
        last_deadline: DeadlineView {
            until: day::last_deadline(date).to_string(),
            needed: percent(day::LAST_SHARE),
            reached: percent(totals.share()),
            standing: day::last_target(date, totals, now).as_str().to_owned(),
        },
    }
}

fn api(line: Line, samples: Option<&BTreeMap<String, Sampled>>) -> ApiView {
    let key = sample_key(&line.key.api, line.key.role.as_str());
    let sample = samples.and_then(|samples| samples.get(&key)).copied();
    ApiView {
        role: line.key.role,
        counts: line.counts,
        first: line.first.map(|at| at.to_string()),
        last: line.last.map(|at| at.to_string()),
        sample,
        api: line.key.api,
    }
}

/// The name of an API and a role in a check.
pub(crate) fn sample_key(api: &str, role: &str) -> String {
    format!("{api} {role}")
}

fn checked(date: Date, check: Check, now: Moment) -> CheckView {
    let mut sample = Sampled::default();
    for one in check.sampled.values() {
        sample += *one;
    }
    CheckView {
        at: check.at.to_string(),
        complete: check.complete,
        unpaired_rate: percent(rounded_up(sample.unpaired, sample.asked)),
        open_rate: percent(rounded_up(sample.unpaired + sample.inconsistent, sample.asked)),
        sample,
        unpaired_is_a_gap: now > day::first_deadline(date),
        examples: check.examples,
    }
}

/// Thousandths, rounded up: a limit is kept or it is not.
fn rounded_up(part: u64, whole: u64) -> u64 {
    if whole == 0 { 0 } else { (part * 1000).div_ceil(whole) }
}

/// `950` is `95.0`.
fn percent(thousandths: u64) -> String {
    format!("{}.{}", thousandths / 10, thousandths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m60_a_day_reads_as_an_operator_wants_it() {
        let date = Date::parse("2026-03-01").unwrap();
        let counts = Counts { sent: 970, accepted: 949, discarded: 21, parked: 1, ..Counts::default() };
        let totals = Totals { counts, pending: 49, held: 1 };
        let view = view(date, &totals, day::first_deadline(date));
        assert_eq!((view.produced, view.rate.as_str()), (1000, "94.9"));
        assert_eq!(
            (view.first_deadline.standing.as_str(), view.last_deadline.standing.as_str()),
            ("OPEN", "OPEN")
        );
        assert_eq!(view.first_deadline.until, "2026-03-02T11:00:00Z");
        assert_eq!(
            (view.first_deadline.needed.as_str(), view.last_deadline.needed.as_str()),
            ("95.0", "99.0")
        );
    }
}
