//! Rows of the outbox on their way to the metrics platform: pending, held, ticketed.

use std::time::Duration;

use ponte_ports::CLOCK_DIFFERENCE;
use ponte_ports::outbox::{OutboxRow, shard_of};
use ponte_values::{ConsentId, Date, Moment};
use serde::{Deserialize, Serialize};

/// Rows one ticket covers at most.
pub const TICKET_ROWS: usize = 1000;
/// How long ticketed rows are left to the queue before they are ticketed again.
pub const LEASE: Duration = Duration::from_mins(1);

/// A pending row read back.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PendingRow {
    /// Sort key within its shard.
    pub sort_key: String,
    /// Path of the platform's API.
    pub path: String,
    /// One report item, JSON.
    pub body: String,
    /// How often it was mended after the platform discarded it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub repairs: u8,
    /// Whether the platform has it already and an operator wants it sent again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repeat: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
const fn is_zero(count: &u8) -> bool {
    *count == 0
}

impl PendingRow {
    /// The same report for another attempt. Its key is another one, so that no attempt is ever taken for the one before.
    #[must_use]
    pub fn again(&self) -> Self {
        Self { sort_key: next_attempt(&self.sort_key), ..self.clone() }
    }

    /// The same report to be sent once more by an order of `ordered_at`, although the platform has it.
    #[must_use]
    pub fn resent(&self, ordered_at: Moment) -> Self {
        let first = first_attempt(&self.sort_key);
        let sort_key = format!("{first}~{}", ordered_at.seconds());
        Self { sort_key, repairs: 0, repeat: true, ..self.clone() }
    }

    /// When it happened, as its key says.
    #[must_use]
    pub fn at(&self) -> Option<Moment> {
        moment_of(&self.sort_key)
    }
}

/// When the report with this sort key happened.
#[must_use]
pub fn moment_of(sort_key: &str) -> Option<Moment> {
    Moment::parse(sort_key.split('#').next()?).ok()
}

/// Since when the report with this sort key is pending: since it happened, or since somebody ordered it once more.
#[must_use]
pub fn pending_since(sort_key: &str) -> Option<Moment> {
    let happened = moment_of(sort_key)?;
    let mark = sort_key.rsplit_once('~').and_then(|(_, number)| number.parse().ok());
    // The mark of an order is its time, that of an attempt a small number; an order is later than what it is about.
    Some(mark.map_or(happened, |seconds| Moment::from_seconds(seconds).max(happened)))
}

/// The day in Brasília that the report with this sort key counts for.
#[must_use]
pub fn day_of(sort_key: &str) -> Option<Date> {
    moment_of(sort_key).map(Moment::date_brasilia)
}

/// The shard of the row with this sort key, the same for every attempt.
#[must_use]
pub fn shard_of_key(sort_key: &str) -> u8 {
    let id = sort_key.split_once('#').map_or(sort_key, |(_, id)| id);
    shard_of(id.split('~').next().unwrap_or(id))
}

/// `time#id` becomes `time#id~1`, that becomes `time#id~2`.
fn next_attempt(sort_key: &str) -> String {
    match sort_key.rsplit_once('~') {
        Some((first, number)) => {
            format!("{first}~{}", number.parse::<u32>().map_or(1, |n| n.saturating_add(1)))
        }
        None => format!("{sort_key}~1"),
    }
}

/// A report that waits for a fact before it may go out: whether the customer could be served (M38).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldRow {
    /// Partition, the same it will be sent from.
    pub shard: u8,
    /// Sort key, the same it will be sent under.
    pub sort_key: String,
    /// Path of the platform's API.
    pub path: String,
    /// The report as it is without the fact, JSON.
    pub body: String,
    /// The consent it speaks of.
    pub consent: ConsentId,
    /// When it was put back, if it had been lost (T64).
    pub restored_at: Option<Moment>,
}

impl HeldRow {
    /// Since when it waits: since it happened, as its key says, or since it was put back.
    #[must_use]
    pub fn waits_since(&self) -> Option<Moment> {
        moment_of(&self.sort_key).max(self.restored_at)
    }
}

/// A report that the store did not take, as the log line of its call carries it whole: it has no personal data. A command
/// of `pcm` puts it into the outbox from there (T64).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LostReport {
    /// Sort key of its row.
    pub key: String,
    /// Path of the platform's API.
    pub path: String,
    /// One report item, JSON.
    pub body: String,
    /// The consent whose facts it waits for, if it does (M38): it may not go out before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentId>,
}

impl LostReport {
    /// The report of a row.
    #[must_use]
    pub fn of(row: &OutboxRow) -> Self {
        Self { key: row.sort_key(), path: row.path.to_owned(), body: row.body.clone(), consent: None }
    }

    /// The same of a row that waits for a fact about a consent, if it does.
    #[must_use]
    pub fn waiting_for(self, consent: Option<&ConsentId>) -> Self {
        Self { consent: consent.cloned(), ..self }
    }

    /// The text for the field `lost_report` of a log line.
    #[must_use]
    pub fn text(&self) -> String {
        // Strings alone cannot fail to serialise.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The row as it should have been stored.
    #[must_use]
    pub fn row(&self) -> PendingRow {
        let (sort_key, path, body) = (self.key.clone(), self.path.clone(), self.body.clone());
        PendingRow { sort_key, path, body, ..PendingRow::default() }
    }
}

/// The sort key of the first attempt of a row, the same for all of them.
#[must_use]
pub fn first_attempt(sort_key: &str) -> &str {
    sort_key.split('~').next().unwrap_or(sort_key)
}

/// A message of the queue: send every row of this range. Repeating it is harmless, sent rows are gone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ticket {
    /// Partition.
    pub shard: u8,
    /// First sort key, inclusive.
    pub from: String,
    /// Last sort key, inclusive.
    pub to: String,
}

/// The sweeper's lease on a shard: rows up to `upto` are left to the queue until `until`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lease {
    /// Last ticketed sort key.
    pub upto: String,
    /// When they are ticketed again.
    pub until: Moment,
}

impl Lease {
    /// Where the next sweep starts: after the leased rows, or from the oldest once the lease is over. One that would last
    /// longer than a lease was taken by a clock that was ahead, and is none (LB-04).
    #[must_use]
    pub fn sweep_after(lease: Option<&Self>, now: Moment) -> Option<&str> {
        let latest = now.plus(LEASE).plus(CLOCK_DIFFERENCE);
        lease.filter(|lease| now < lease.until && lease.until <= latest).map(|lease| lease.upto.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ponte_ports::outbox::SHARDS;

    fn row(id: &str, at: i64) -> OutboxRow {
        OutboxRow { id: id.to_owned(), at: Moment::from_millis(at), path: "/p", body: "{}".to_owned() }
    }

    #[test]
    fn rows_sort_by_time_and_spread_over_the_shards() {
        assert!(row("b", 999).sort_key() < row("a", 1000).sort_key());
        let mut hits = [0_u32; SHARDS as usize];
        (0..4000).for_each(|i| hits[row(&format!("row-{i}"), 0).shard() as usize] += 1);
        assert!(hits.iter().all(|hit| (800..1200).contains(hit)), "{hits:?}");
    }

    #[test]
    fn an_attempt_has_its_own_key_in_the_same_shard() {
        let row = row("b7a2", 1_772_366_400_000);
        let first = PendingRow { sort_key: row.sort_key(), ..PendingRow::default() };
        let (second, third) = (first.again(), first.again().again());
        assert_eq!(second.sort_key, format!("{}~1", first.sort_key));
        assert_eq!(third.sort_key, format!("{}~2", first.sort_key));
        for attempt in [&first, &second, &third] {
            assert_eq!(shard_of_key(&attempt.sort_key), row.shard());
            assert_eq!(attempt.at(), Some(row.at));
        }
        let elsewhere = (0..32).map(|number| self::row(&format!("row-{number}"), 0));
        for row in elsewhere {
            assert_eq!(shard_of_key(&row.sort_key()), row.shard(), "{}", row.id);
        }
    }

    #[test]
    fn a_repeat_has_a_key_of_its_order() {
        let first =
            PendingRow { sort_key: "2026-03-01T12:00:00.000Z#id".to_owned(), ..PendingRow::default() };
        let resent = first.again().resent(Moment::from_seconds(77));
        assert_eq!((resent.sort_key.as_str(), resent.repeat), ("2026-03-01T12:00:00.000Z#id~77", true));
        assert_eq!(resent.again().sort_key, "2026-03-01T12:00:00.000Z#id~78");
        let mended = PendingRow { repairs: 2, ..first.again() };
        assert_eq!(mended.resent(Moment::from_seconds(77)), resent, "it may be mended as often as a new one");
    }

    #[test]
    fn d8_a_row_is_written_as_older_releases_wrote_it_unless_it_was_mended_or_is_a_repeat() {
        let row = PendingRow {
            sort_key: "k".to_owned(),
            path: "/p".to_owned(),
            body: "{}".to_owned(),
            ..PendingRow::default()
        };
        assert_eq!(serde_json::to_string(&row).unwrap(), r#"{"sort_key":"k","path":"/p","body":"{}"}"#);
        let mended = PendingRow { repairs: 1, repeat: true, ..row };
        let written = serde_json::to_string(&mended).unwrap();
        assert_eq!(written, r#"{"sort_key":"k","path":"/p","body":"{}","repairs":1,"repeat":true}"#);
        assert_eq!(serde_json::from_str::<PendingRow>(&written).unwrap(), mended);
    }

    #[test]
    fn m38_a_held_row_waits_since_it_happened_or_was_put_back() {
        let row = row("id", 1_772_366_400_000);
        let held = HeldRow {
            shard: row.shard(),
            sort_key: row.sort_key(),
            path: row.path.to_owned(),
            body: row.body.clone(),
            consent: ConsentId::parse("urn:banco:1").unwrap(),
            restored_at: None,
        };
        assert_eq!(held.waits_since(), Some(row.at));
        let later = row.at.plus(Duration::from_hours(1));
        assert_eq!(HeldRow { restored_at: Some(later), ..held }.waits_since(), Some(later), "put back");
    }

    #[test]
    fn t64_a_lost_report_comes_back_as_the_row_it_was() {
        let lost = row("b7a2", 1_772_366_400_000);
        let read: LostReport = serde_json::from_str(&LostReport::of(&lost).text()).unwrap();
        let expected = PendingRow {
            sort_key: lost.sort_key(),
            path: "/p".to_owned(),
            body: "{}".to_owned(),
            ..PendingRow::default()
        };
        assert_eq!((read.row(), shard_of_key(&read.key)), (expected.clone(), lost.shard()));
        assert_eq!(first_attempt(&expected.again().again().sort_key), expected.sort_key);
        assert_eq!(read.consent, None);
        // A line of a release that did not say it, and one of a report that waits.
        let old: LostReport = serde_json::from_str(r#"{"key":"k","path":"/p","body":"{}"}"#).unwrap();
        assert_eq!(old.consent, None);
        let consent = ConsentId::parse("urn:banco:1").unwrap();
        let waits = LostReport::of(&lost).waiting_for(Some(&consent));
        let read: LostReport = serde_json::from_str(&waits.text()).unwrap();
        assert_eq!((read.consent, read.key), (Some(consent), expected.sort_key));
        let odd = r#"{"key":"k","path":"/p","body":"{}","consent":"x"}"#;
        assert!(serde_json::from_str::<LostReport>(odd).is_err(), "no id of a consent");
    }

    #[test]
    fn t67_a_row_is_pending_since_it_happened_or_was_ordered_once_more() {
        let row = row("id", 1_772_366_400_000);
        let first = PendingRow { sort_key: row.sort_key(), ..PendingRow::default() };
        assert_eq!(pending_since(&first.sort_key), Some(row.at));
        assert_eq!(pending_since(&first.again().sort_key), Some(row.at));
        let ordered = row.at.plus(Duration::from_hours(48));
        assert_eq!(pending_since(&first.resent(ordered).sort_key), Some(ordered));
        assert_eq!(pending_since("no time"), None);
    }

    #[test]
    fn a_row_counts_for_the_day_in_brasilia() {
        let key = |at: &str| format!("{at}#id");
        assert_eq!(day_of(&key("2026-03-02T02:59:59.999Z")).unwrap().to_string(), "2026-03-01");
        assert_eq!(day_of(&key("2026-03-02T03:00:00.000Z")).unwrap().to_string(), "2026-03-02");
        assert_eq!(day_of("no time"), None);
    }

    #[test]
    fn a_lease_hides_its_rows_until_it_ends() {
        let now = Moment::from_millis(0);
        let lease = Lease { upto: "k".to_owned(), until: now.plus(LEASE) };
        assert_eq!(Lease::sweep_after(None, now), None);
        assert_eq!(Lease::sweep_after(Some(&lease), now), Some("k"));
        assert_eq!(Lease::sweep_after(Some(&lease), lease.until), None);
        let longest = Lease { until: now.plus(LEASE).plus(CLOCK_DIFFERENCE), ..lease.clone() };
        assert_eq!(Lease::sweep_after(Some(&longest), now), Some("k"));
        let hour = Duration::from_hours(1);
        let ahead = Lease { until: lease.until.plus(hour), ..lease };
        assert_eq!(
            Lease::sweep_after(Some(&ahead), now),
            None,
            "LB-04: noted by a clock that was an hour ahead"
        );
        assert_eq!(Lease::sweep_after(Some(&ahead), now.plus(hour)), Some("k"));
    }
}
