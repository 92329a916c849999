//! For how long a statement counts, and which one counts of two.

use std::time::Duration;

use ponte_fapi::revocation::CertificateStatus::{self, Good, Revoked};
use ponte_fapi::revocation::Statement;
use ponte_values::Moment;

use super::{Source, StatusRecord};

const SECOND: Duration = Duration::from_secs(1);

fn now() -> Moment {
    Moment::parse("2026-06-01T12:00:00Z").unwrap()
}

fn hours(hours: u64) -> Duration {
    Duration::from_hours(hours)
}

fn statement(status: CertificateStatus, begin: Moment, end: Option<Moment>) -> Statement {
    Statement { status, this_update: begin.seconds(), next_update: end.map(Moment::seconds) }
}

fn told(status: CertificateStatus, source: Source, end: Option<Moment>) -> StatusRecord {
    StatusRecord::after(None, Some((statement(status, now(), end), source)), now())
}

/// How long a record is fresh and usable.
fn spans(record: &StatusRecord) -> (Duration, Duration) {
    let known = record.known.as_ref().unwrap();
    (known.fresh_until.since(now()), known.usable_until.since(now()))
}

#[test]
fn t41_a_statement_is_fresh_for_a_quarter_of_an_hour_or_an_hour_and_usable_to_its_end() {
    let day = Some(now().plus(hours(24)));
    let quarter = Duration::from_mins(15);
    assert_eq!(spans(&told(Good, Source::Answer, day)), (quarter, hours(12)));
    assert_eq!(spans(&told(Good, Source::List, day)), (hours(1), hours(12)));
    assert_eq!(spans(&told(Good, Source::Answer, None)), (quarter, hours(1)));
    let soon = Some(now().plus(6 * SECOND));
    assert_eq!(spans(&told(Good, Source::Answer, soon)), (6 * SECOND, 6 * SECOND), "not beyond nextUpdate");
    let at_once = Some(now().plus(SECOND));
    assert_eq!(spans(&told(Good, Source::Answer, at_once)), (5 * SECOND, 5 * SECOND), "but for a moment");

    let record = told(Good, Source::Answer, day);
    let before = |span: Duration| now().plus(span).minus(SECOND);
    assert_eq!((record.fresh(before(quarter)), record.fresh(now().plus(quarter))), (Some(Good), None));
    assert_eq!((record.usable(before(hours(12))), record.usable(now().plus(hours(12)))), (Some(Good), None));
}

#[test]
fn t41_a_revocation_counts_until_somebody_says_otherwise() {
    let record = told(Revoked, Source::Answer, Some(now().plus(SECOND)));
    let later = now().plus(hours(24 * 365));
    assert_eq!((record.fresh(later), record.usable(later)), (None, Some(Revoked)));
    let asked_again = StatusRecord::after(Some(&record), None, later);
    assert_eq!(asked_again.usable(later), Some(Revoked), "nobody answered");
    assert_eq!(asked_again.asked_at, later);
}

#[test]
fn t41_an_old_statement_does_not_undo_a_revocation() {
    let revoked = told(Revoked, Source::Answer, Some(now().plus(hours(24))));
    let later = now().plus(hours(1));
    let again = |begin| {
        let good = statement(Good, begin, Some(now().plus(hours(24))));
        StatusRecord::after(Some(&revoked), Some((good, Source::Answer)), later).usable(later)
    };
    assert_eq!(again(now().minus(SECOND)), Some(Revoked), "replayed");
    assert_eq!(again(now()), Some(Revoked), "of the same second");
    assert_eq!(again(now().plus(SECOND)), Some(Good), "a hold that was lifted");
    let good = told(Good, Source::Answer, None);
    let older = statement(Revoked, now().minus(hours(2)), None);
    let record = StatusRecord::after(Some(&good), Some((older, Source::List)), later);
    assert_eq!(record.usable(later), Some(Revoked), "a revocation counts however old the statement is");
}

#[test]
fn t41_nobody_is_asked_within_a_minute_after_nobody_answered() {
    let record = StatusRecord::after(None, None, now());
    let minute = Duration::from_mins(1);
    assert_eq!((record.fresh(now()), record.usable(now())), (None, None));
    assert!(!record.may_ask(now()) && !record.may_ask(now().plus(minute).minus(SECOND)));
    assert!(record.may_ask(now().plus(minute)));
    let answered = told(Good, Source::Answer, Some(now().plus(6 * SECOND)));
    assert!(answered.is_settled(now().plus(5 * SECOND)) && !answered.is_settled(now().plus(6 * SECOND)));
}

#[test]
fn t41_a_clock_that_ran_ahead_makes_nothing_last_longer() {
    let ahead = now().plus(hours(24 * 30));
    let good = statement(Good, ahead, Some(ahead.plus(hours(24))));
    let record = StatusRecord::after(None, Some((good, Source::Answer)), ahead);
    assert_eq!((record.fresh(now()), record.usable(now()), record.may_ask(now())), (None, None, true));
}
