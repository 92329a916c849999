//! `pcm.restore`: reports that stand in the log alone go into the outbox, each once (T64).
//!
//! A call whose report the store did not take in time logs it whole. The store may have taken it all the same, after we
//! gave up, and it may be anywhere on its way by now; what is found there is left alone. A report that waited for what the
//! institution says of the customer waits for it again, as long as a new one would (M38).

use std::collections::{BTreeMap, BTreeSet};

use ponte_metrics::outbox::{LostReport, PendingRow, day_of, first_attempt};
use ponte_metrics::ports::Slice;
use ponte_values::{ConsentId, Date};

use crate::commands::Restored;
use crate::ports::Ports;
use crate::precheck::{Precheck, precheck};

use super::fault::CommandFault;
use super::orders::Orders;

/// Reports of one command at most: each costs a few reads and a write.
const MOST: usize = 500;
/// Parked rows read at a time.
const AT_A_TIME: usize = 500;

/// Lost rows by their keys, with the consent whose facts they wait for.
type Lost = BTreeMap<String, (PendingRow, Option<ConsentId>)>;

pub(super) async fn run(
    ports: &Ports,
    reports: Vec<LostReport>,
    orders: &Orders<'_>,
) -> Result<Restored, CommandFault> {
    if reports.len() > MOST {
        return Err(CommandFault::Unreadable(format!("at most {MOST} reports at a time")));
    }
    // A transaction for each report follows.
    ports.ledger.order(&orders.trail("pcm.restored", None, "ORDERED")).await?;
    let mut done = Restored::default();
    let mut days: BTreeMap<Date, Lost> = BTreeMap::new();
    for report in reports {
        match checked(ports, &report) {
            Ok((day, row)) => {
                // The same line, exported twice.
                let lost = (row.clone(), report.consent);
                let twice = days.entry(day).or_default().insert(row.sort_key, lost).is_some();
                done.known += u64::from(twice);
            }
            Err(reason) => {
                done.left += 1;
                *done.reasons.entry(reason).or_default() += 1;
            }
        }
    }
    for (day, rows) in days {
        restore_day(ports, day, rows, &mut done).await?;
    }
    Ok(done)
}

/// The row of a report with its day, or why the platform would refuse it.
fn checked(ports: &Ports, report: &LostReport) -> Result<(Date, PendingRow), String> {
    let row = report.row();
    if let Precheck::Park(reason) = precheck(&row, ports.endpoints, ports.clock.now()) {
        return Err(reason);
    }
    let day = day_of(&row.sort_key).filter(|_| first_attempt(&row.sort_key) == row.sort_key);
    day.map(|day| (day, row)).ok_or_else(|| "its key is not that of a report".to_owned())
}

/// A row goes from the outbox to the archive or the parked ones: looked for in this order it is not missed.
async fn restore_day(ports: &Ports, day: Date, rows: Lost, done: &mut Restored) -> Result<(), CommandFault> {
    let mut missing = BTreeMap::new();
    for (key, row) in rows {
        if ports.backlog.has(&key).await? {
            done.known += 1;
        } else {
            missing.insert(key, row);
        }
    }
    let keys = missing.keys().cloned().collect::<BTreeSet<_>>();
    let mut known = ports.ledger.archived(day, &keys).await?;
    known.extend(parked(ports, day, &keys).await?);
    for (key, row) in missing {
        let (row, waits_for) = row;
        if !known.contains(&key) && ports.ledger.restore(&row, waits_for.as_ref(), ports.clock.now()).await? {
            done.restored += 1;
        } else {
            done.known += 1;
        }
    }
    Ok(())
}

/// Those of these rows that are parked.
async fn parked(ports: &Ports, day: Date, keys: &BTreeSet<String>) -> Result<Vec<String>, CommandFault> {
    let (mut found, mut after) = (Vec::new(), None);
    if keys.is_empty() {
        return Ok(found);
    }
    loop {
        let Slice { found: rows, next } = ports.ledger.parked(Some(day), after.as_deref(), AT_A_TIME).await?;
        let first = rows.iter().map(|parked| first_attempt(&parked.row.sort_key));
        found.extend(first.filter_map(|key| keys.get(key).cloned()));
        match next {
            Some(next) => after = Some(next),
            None => return Ok(found),
        }
    }
}
