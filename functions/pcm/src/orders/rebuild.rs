//! The lines of a day counted again: from the archive and the parked rows, compared with what the ledger says, and
//! corrected by the difference, so that what is counted meanwhile stays counted.

use std::collections::BTreeMap;

use ponte_metrics::ledger::{ARCHIVE_KEPT, Counts, Line, LineKey, Role, day};
use ponte_metrics::ports::Stretch;
use ponte_values::Date;
use serde::{Deserialize, Serialize};

use super::{BUDGET, OrderFault};
use crate::ports::Ports;

/// Parked rows read at a time.
const AT_A_TIME: usize = 500;

/// Counts by `api role`.
type Named = BTreeMap<String, Counts>;

/// What a rebuild that ran out of time hands to its continuation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Carried {
    /// The last part of the archive that was counted.
    after: Option<String>,
    /// The lines before the first part was counted.
    before: Named,
    /// What was counted so far.
    counted: Named,
}

/// What a rebuild found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rebuilt {
    day: String,
    /// Whether the ledger was compared; false when there is more to count, or reports of the day went out meanwhile.
    done: bool,
    /// Lines that were wrong, with what they were and are.
    corrected: Vec<Difference>,
    /// Send the command again with this.
    #[serde(rename = "continue", skip_serializing_if = "Option::is_none")]
    carried: Option<Carried>,
    /// What to do next, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
}

/// A line that was wrong.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
struct Difference {
    api: String,
    role: &'static str,
    was: Counts,
    is: Counts,
}

fn name_of(key: &LineKey) -> String {
    format!("{} {}", key.api, key.role.as_str())
}

fn key_of(day: Date, name: &str) -> Option<LineKey> {
    let (api, role) = name.rsplit_once(' ')?;
    Some(LineKey { day, api: api.to_owned(), role: Role::parse(role)? })
}

fn named(lines: &[Line]) -> Named {
    lines.iter().map(|line| (name_of(&line.key), line.counts)).collect()
}

pub(super) async fn run(ports: &Ports, day: Date, carried: Option<Carried>) -> Result<Rebuilt, OrderFault> {
    let began = ports.clock.now();
    // What was settled on the day itself is the first to go: counting without it would wipe the ledger.
    if began >= day::begins(day).plus(ARCHIVE_KEPT) {
        return Err(OrderFault::Old);
    }
    let mut carried = match carried {
        Some(carried) => carried,
        None => {
            Carried { after: None, before: named(&ports.ledger.lines(day).await?), counted: Named::new() }
        }
    };
    loop {
        let Stretch { found, next } = ports.ledger.archive(day, carried.after.as_deref()).await?;
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
    compare(ports, day, &carried).await
}

async fn count_parked(ports: &Ports, day: Date, counted: &mut Named) -> Result<(), OrderFault> {
    let mut after = None;
    loop {
        let Stretch { found, next } = ports.ledger.parked(Some(day), after.as_deref(), AT_A_TIME).await?;
        for parked in &found {
            counted.entry(name_of(&LineKey::of(&parked.row))).or_default().parked += 1;
        }
        match next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

async fn compare(ports: &Ports, day: Date, carried: &Carried) -> Result<Rebuilt, OrderFault> {
    let mut rebuilt =
        Rebuilt { day: day.to_string(), done: true, corrected: Vec::new(), carried: None, note: None };
    if named(&ports.ledger.lines(day).await?) != carried.before {
        rebuilt.done = false;
        rebuilt.note = Some("reports of this day were settled meanwhile; run it again");
        return Ok(rebuilt);
    }
    let names =
        carried.before.keys().chain(carried.counted.keys()).collect::<std::collections::BTreeSet<_>>();
    let mut corrections = Vec::new();
    for name in names {
        let count = |of: &Named| of.get(name).copied().unwrap_or_default();
        let (was, is) = (count(&carried.before), count(&carried.counted));
        let Some(key) = key_of(day, name).filter(|_| was != is) else { continue };
        rebuilt.corrected.push(Difference { api: key.api.clone(), role: key.role.as_str(), was, is });
        corrections.push((key, was, is));
    }
    ports.ledger.correct(&corrections, ports.clock.now()).await?;
    Ok(rebuilt)
}
