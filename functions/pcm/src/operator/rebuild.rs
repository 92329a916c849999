//! `pcm.rebuild`: the lines of a day counted again, from the archive and the parked rows, compared with what the ledger
//! says, and corrected by the difference, so that what is counted meanwhile stays counted.

use std::collections::BTreeSet;

use ponte_metrics::ledger::{ARCHIVE_KEPT, Line, LineKey, Role, day};
use ponte_metrics::ports::Slice;
use ponte_values::Date;

use crate::commands::{Carried, CountsByLine, Difference, Rebuilt};
use crate::ports::Ports;

use super::fault::CommandFault;
use super::limits::BUDGET;
use super::orders::Orders;

/// Parked rows read at a time.
const AT_A_TIME: usize = 500;

fn name_of(key: &LineKey) -> String {
    format!("{} {}", key.api, key.role.as_str())
}

fn key_of(day: Date, name: &str) -> Option<LineKey> {
    let (api, role) = name.rsplit_once(' ')?;
    Some(LineKey { day, api: api.to_owned(), role: Role::parse(role)? })
}

fn named(lines: &[Line]) -> CountsByLine {
    lines.iter().map(|line| (name_of(&line.key), line.counts)).collect()
}

pub(super) async fn run(
    ports: &Ports,
    day: Date,
    carried: Option<Carried>,
    orders: &Orders<'_>,
) -> Result<Rebuilt, CommandFault> {
    let began = ports.clock.now();
    // What was settled on the day itself is the first to go: counting without it would wipe the ledger.
    if began >= day::begins(day).plus(ARCHIVE_KEPT) {
        return Err(CommandFault::Old);
    }
    let mut carried = match carried {
        Some(carried) => carried,
        None => Carried {
            after: None,
            before: named(&ports.ledger.lines(day).await?),
            counted: CountsByLine::new(),
        },
    };
    loop {
        let Slice { found, next } = ports.ledger.archive(day, carried.after.as_deref()).await?;
        for part in &found {
            for item in &part.items {
                let line = carried.counted.entry(name_of(&LineKey::of(&item.row))).or_default();
                *line += item.counts(day, part.at);
            }
        }
        let Some(next) = next else { break };
        carried.after = Some(next);
        if ports.clock.now().since(began) >= BUDGET {
            return Ok(Rebuilt {
                day: day.to_string(),
                done: false,
                corrected: Vec::new(),
                carried: Some(carried),
                note: None,
            });
        }
    }
    count_parked(ports, day, &mut carried.counted).await?;
    compare(ports, day, &carried, orders).await
}

async fn count_parked(ports: &Ports, day: Date, counted: &mut CountsByLine) -> Result<(), CommandFault> {
    let mut after = None;
    loop {
        let Slice { found, next } = ports.ledger.parked(Some(day), after.as_deref(), AT_A_TIME).await?;
        for parked in &found {
            counted.entry(name_of(&LineKey::of(&parked.row))).or_default().parked += 1;
        }
        match next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

async fn compare(
    ports: &Ports,
    day: Date,
    carried: &Carried,
    orders: &Orders<'_>,
) -> Result<Rebuilt, CommandFault> {
    let mut rebuilt =
        Rebuilt { day: day.to_string(), done: true, corrected: Vec::new(), carried: None, note: None };
    if named(&ports.ledger.lines(day).await?) != carried.before {
        rebuilt.done = false;
        rebuilt.note = Some("reports of this day were settled meanwhile; run it again".to_owned());
        return Ok(rebuilt);
    }
    let names = carried.before.keys().chain(carried.counted.keys()).collect::<BTreeSet<_>>();
    let mut corrections = Vec::new();
    for name in names {
        let count = |of: &CountsByLine| of.get(name).copied().unwrap_or_default();
        let (was, is) = (count(&carried.before), count(&carried.counted));
        let Some(key) = key_of(day, name).filter(|_| was != is) else { continue };
        rebuilt.corrected.push(Difference { api: key.api.clone(), role: key.role, was, is });
        corrections.push((key, was, is));
    }
    let after = if corrections.is_empty() { "RIGHT" } else { "CORRECTED" };
    let trail = orders.trail("pcm.day_rebuilt", Some(day), after);
    ports.ledger.correct(&corrections, ports.clock.now(), &trail).await?;
    Ok(rebuilt)
}
