//! Sending again: parked reports, the reports of a day, one report with other facts.

use std::time::Duration;

use ponte_metrics::ledger::SettledRow;
use ponte_metrics::outbox::PendingRow;
use ponte_metrics::ports::Slice;
use ponte_values::Date;
use serde_json::{Map, Value};

use crate::commands::{Corrected, DayResent, Unparked};
use crate::ports::Ports;
use crate::precheck::{Precheck, precheck};
use crate::repair::{self, Decision};

use super::fault::CommandFault;
use super::limits::BUDGET;
use super::orders::Orders;

/// Parked rows read at a time.
const AT_A_TIME: usize = 100;
/// Facts of a report that may be corrected; the others say which report it is.
const CORRECTABLE: [&str; 9] = [
    "additionalInfo",
    "clientOrgId",
    "clientSSId",
    "endpoint",
    "endpointUriPrefix",
    "httpMethod",
    "processTimespan",
    "serverOrgId",
    "statusCode",
];

/// `pcm.resend-discarded`.
pub(super) async fn discarded(
    ports: &Ports,
    day: Option<Date>,
    mut after: Option<String>,
    orders: &Orders<'_>,
) -> Result<Unparked, CommandFault> {
    let began = ports.clock.now();
    // Many transactions follow; each report moves in its own.
    ports.ledger.order(&orders.trail("pcm.discarded_resent", day, "ORDERED")).await?;
    let mut done = Unparked::default();
    loop {
        let Slice { found, next } = ports.ledger.parked(day, after.as_deref(), AT_A_TIME).await?;
        for parked in &found {
            let (row, mended) = once_more(&parked.row, &parked.reason);
            if let Precheck::Park(reason) = precheck(&row, ports.endpoints, began) {
                done.left += 1;
                *done.reasons.entry(reason).or_default() += 1;
                continue;
            }
            if ports.ledger.unpark(parked, &row, ports.clock.now()).await? {
                done.resent += 1;
                done.mended += u64::from(mended);
            }
        }
        match next {
            Some(next) if ports.clock.now().since(began) < BUDGET => after = Some(next),
            next => {
                done.next = next;
                return Ok(done);
            }
        }
    }
}

/// The next attempt of a parked row; mended if the platform's message has a rule, else as it is: what was wrong may
/// have been put right elsewhere. Its repairs begin anew.
fn once_more(row: &PendingRow, reason: &str) -> (PendingRow, bool) {
    let fresh = PendingRow { repairs: 0, ..row.clone() };
    let message = ["discarded again after two repairs: ", "discarded: "]
        .iter()
        .find_map(|prefix| reason.strip_prefix(prefix));
    match message.map(|message| repair::decide(&fresh, message)) {
        Some(Decision::Mend(mended)) => (mended, true),
        _ => (fresh.again(), false),
    }
}

/// No further page of the archive is begun after this: one holds some 17,000 reports, which take ten seconds to write.
const PAGE_BUDGET: Duration = Duration::from_secs(8);

/// `pcm.resend-day`.
pub(super) async fn day(
    ports: &Ports,
    day: Date,
    mut after: Option<String>,
    orders: &Orders<'_>,
) -> Result<DayResent, CommandFault> {
    let began = ports.clock.now();
    ports.ledger.order(&orders.trail("pcm.day_resent", Some(day), "ORDERED")).await?;
    let mut done = DayResent::default();
    loop {
        let Slice { found, next } = ports.ledger.archive(day, after.as_deref()).await?;
        let accepted = found.iter().flat_map(|part| &part.items).filter(|item| is_first_acceptance(item));
        let rows = accepted.map(|item| item.row.resent(began)).collect::<Vec<_>>();
        let all = rows.len();
        let rows = rows
            .into_iter()
            .filter(|row| !matches!(precheck(row, ports.endpoints, began), Precheck::Park(_)))
            .collect::<Vec<_>>();
        ports.ledger.resend(&rows).await?;
        done.resent += u64::try_from(rows.len()).unwrap_or(u64::MAX);
        done.left += u64::try_from(all - rows.len()).unwrap_or(u64::MAX);
        match next {
            Some(next) if ports.clock.now().since(began) < PAGE_BUDGET => after = Some(next),
            next => {
                done.next = next;
                return Ok(done);
            }
        }
    }
}

/// Of a report that went out several times, the one acceptance that counts.
const fn is_first_acceptance(item: &SettledRow) -> bool {
    item.discarded.is_none() && !item.row.repeat
}

/// Whether these are facts that may be corrected.
pub(super) fn are_correctable(set: &Map<String, Value>) -> bool {
    set.keys().all(|name| CORRECTABLE.contains(&name.as_str()))
}

/// `pcm.correct`: posts the report of an interaction once more with other facts. It is counted as repeated: the
/// platform puts the corrected report in the place of the one that did not agree.
pub(super) async fn corrected(
    ports: &Ports,
    day: Date,
    (interaction, role): (&str, &str),
    set: Map<String, Value>,
    orders: &Orders<'_>,
) -> Result<Corrected, CommandFault> {
    if !are_correctable(&set) {
        return Err(CommandFault::Unreadable(format!("set: there are {}", CORRECTABLE.join(", "))));
    }
    let found = find(ports, day, interaction, role).await?.ok_or(CommandFault::Unknown)?;
    let mut report = serde_json::from_str::<Map<String, Value>>(&found.body)
        .map_err(|error| CommandFault::Unreadable(error.to_string()))?;
    report.extend(set);
    let report = Value::Object(report);
    let row = PendingRow { body: report.to_string(), ..found.resent(ports.clock.now()) };
    if let Precheck::Park(reason) = precheck(&row, ports.endpoints, ports.clock.now()) {
        return Err(CommandFault::Refused(reason));
    }
    ports.ledger.resend_one(&row, &orders.trail("pcm.report_corrected", Some(day), "RESENT")).await?;
    Ok(Corrected { row: row.sort_key, report })
}

async fn find(
    ports: &Ports,
    day: Date,
    interaction: &str,
    role: &str,
) -> Result<Option<PendingRow>, CommandFault> {
    let mut after = None;
    loop {
        let Slice { found, next } = ports.ledger.archive(day, after.as_deref()).await?;
        let mut accepted = found.iter().flat_map(|part| &part.items).filter(|item| is_first_acceptance(item));
        if let Some(item) = accepted.find(|item| is_report_of(&item.row.body, interaction, role)) {
            return Ok(Some(item.row.clone()));
        }
        match next {
            Some(next) => after = Some(next),
            None => return Ok(None),
        }
    }
}

fn is_report_of(body: &str, interaction: &str, role: &str) -> bool {
    // Reading the JSON of a whole day for one report is not needed: most do not even have the id in their text.
    body.contains(interaction)
        && serde_json::from_str::<Value>(body)
            .is_ok_and(|report| report["fapiInteractionId"] == interaction && report["role"] == role)
}
