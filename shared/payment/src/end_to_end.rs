//! What an endToEndId must say beyond its form: its time, and in v4 an ISPB of digits (P51).

use std::time::Duration;

use ponte_values::{EndToEndId, Moment};

use crate::wire::ApiVersion;

/// How far the time of an immediate payment may be from ours, before or after (P51).
const TOLERANCE: Duration = Duration::from_hours(12);

/// The hour of scheduled payments, in UTC (P51).
const SCHEDULED_HOUR: Duration = Duration::from_hours(15);

/// The reason why an endToEndId cannot be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EndToEndFault {
    /// An ISPB with letters, in v4.
    Letters,
    /// A time more than twelve hours away.
    Time,
    /// A scheduled payment at another hour than 15:00 UTC.
    Hour,
}

/// Whether the version knows such an id.
///
/// # Errors
/// `Letters`.
pub fn judge_form(api: ApiVersion, id: &EndToEndId) -> Result<(), EndToEndFault> {
    let digits = id.ispb().bytes().all(|byte| byte.is_ascii_digit());
    if digits || api > ApiVersion::V4 { Ok(()) } else { Err(EndToEndFault::Letters) }
}

/// Whether it is of an immediate payment at `now`. Its day in UTC may be another than that of Brasília (Z-PAY-60).
///
/// # Errors
/// `Time`.
pub fn judge_immediate(id: &EndToEndId, now: Moment) -> Result<(), EndToEndFault> {
    let time = id.moment();
    let near = time.since(now) <= TOLERANCE && now.since(time) <= TOLERANCE;
    if near { Ok(()) } else { Err(EndToEndFault::Time) }
}

/// Whether it is of a scheduled payment, whose day is [`EndToEndId::date`].
///
/// # Errors
/// `Hour`.
pub fn judge_scheduled(id: &EndToEndId) -> Result<(), EndToEndFault> {
    let midnight = Moment::start_of_day_brasilia(id.date()).minus(Duration::from_hours(3));
    if id.moment() == midnight.plus(SCHEDULED_HOUR) { Ok(()) } else { Err(EndToEndFault::Hour) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(time: &str) -> EndToEndId {
        EndToEndId::parse(&format!("E99000123{time}PonteCase01")).unwrap()
    }

    #[test]
    fn pb_e01_the_time_of_an_immediate_payment_is_near_in_utc() {
        let now = Moment::parse("2026-12-01T01:30:00Z").unwrap();
        for (time, near) in [
            ("202612010130", true),
            ("202611302230", true),
            ("202611301330", true),
            ("202611301329", false),
            ("202612011330", true),
            ("202612011331", false),
        ] {
            assert_eq!(judge_immediate(&id(time), now).is_ok(), near, "{time}");
        }
    }

    #[test]
    fn p51_a_scheduled_payment_is_at_15_utc() {
        for (time, right) in [
            ("202612011500", true),
            ("202612011501", false),
            ("202612010000", false),
            ("202612011800", false),
        ] {
            assert_eq!(judge_scheduled(&id(time)).is_ok(), right, "{time}");
        }
    }

    #[test]
    fn z_pay_14_letters_in_an_ispb_are_of_v5() {
        let letters = EndToEndId::parse("E9900012A202612010130PonteCase01").unwrap();
        assert_eq!(judge_form(ApiVersion::V4, &letters), Err(EndToEndFault::Letters));
        assert_eq!(judge_form(ApiVersion::V5, &letters), Ok(()));
        assert_eq!(judge_form(ApiVersion::V4, &id("202612010130")), Ok(()));
    }
}
