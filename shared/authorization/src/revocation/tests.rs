//! For how long a statement counts, and which one counts of two.

use std::time::Duration;

use ponte_fapi::revocation::CertificateStatus::{self, Good, Revoked};
use ponte_fapi::revocation::Statement;
use ponte_values::Moment;

use super::{CLAIM, Source, StatusRecord};

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

/// Said at `now()`, current for a day.
fn said(status: CertificateStatus) -> StatusRecord {
    told(status, Source::Answer, Some(now().plus(hours(24))))
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
}

#[test]
fn t41_the_newer_of_two_statements_counts_whatever_it_says() {
    let later = now().plus(hours(1));
    let end = Some(now().plus(hours(24)));
    for (known, at, told, expected) in [
        (Good, now().minus(SECOND), Revoked, Good),
        (Good, now(), Revoked, Revoked),
        (Good, now().plus(SECOND), Revoked, Revoked),
        (Good, now().plus(SECOND), Good, Good),
        (Revoked, now().minus(SECOND), Good, Revoked),
        (Revoked, now(), Good, Revoked),
        (Revoked, now().plus(SECOND), Good, Good),
    ] {
        let earlier = said(known);
        let record =
            StatusRecord::after(Some(&earlier), Some((statement(told, at, end), Source::List)), later);
        assert_eq!(record.usable(later), Some(expected), "{known:?}, then {told:?}");
        let taken = record.known.as_ref().is_some_and(|known| known.this_update == at);
        assert_eq!(record.answered, taken && !(known == Revoked && told == Good && at == now()));
        assert!(record.is_settled(later), "what does not count is not asked for at every call");
    }
    // A responder that signs its answers beforehand says the same again: it is fresh anew.
    let again = Some((statement(Good, now(), end), Source::Answer));
    let record = StatusRecord::after(Some(&said(Good)), again, later);
    assert_eq!((record.answered, record.fresh(later)), (true, Some(Good)));
}

#[test]
fn t41_a_question_is_left_to_the_environment_that_took_it_until_it_must_be_dead() {
    let earlier = told(Good, Source::Answer, Some(now().plus(hours(24))));
    let later = now().plus(hours(1));
    let claimed = StatusRecord::claimed(Some(&earlier), later);
    assert_eq!((claimed.version, claimed.usable(later)), (earlier.version + 1, Some(Good)));
    assert!(claimed.is_being_asked(later) && claimed.is_being_asked(later.plus(CLAIM).minus(SECOND)));
    assert!(!claimed.is_being_asked(later.plus(CLAIM)) && claimed.may_ask(later.plus(CLAIM)));
    assert!(!claimed.is_being_asked(later.minus(hours(1))), "LB-04: taken by a clock that was ahead");
    let first = StatusRecord::claimed(None, now());
    assert!(first.is_being_asked(now()) && first.may_ask(now()) && first.usable(now()).is_none());
    assert!(!StatusRecord::after(Some(&first), None, now()).is_being_asked(now()));
}

#[test]
fn t41_where_every_responder_is_left_alone_the_next_call_may_ask_soon() {
    let record = StatusRecord::unasked(None, now());
    assert!(!record.may_ask(now()) && record.may_ask(now().plus(CLAIM)));
    let answering = StatusRecord::answering(Some(&StatusRecord::after(None, None, now())), now());
    assert!(answering.may_ask(now()) && answering.version == 2);
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
