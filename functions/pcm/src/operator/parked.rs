//! `pcm.parked`: parked reports with their reasons.

use ponte_metrics::ledger::LineKey;
use ponte_metrics::outbox;
use ponte_metrics::ports::ParkedRow;
use ponte_values::Date;
use serde_json::Value;

use crate::commands::{ParkedReport, ParkedReports};
use crate::ports::Ports;

use super::fault::CommandFault;

/// Parked rows of one answer.
const LISTED: usize = 50;

pub(super) async fn list(
    ports: &Ports,
    day: Option<Date>,
    after: Option<String>,
) -> Result<ParkedReports, CommandFault> {
    let stretch = ports.ledger.parked(day, after.as_deref(), LISTED).await?;
    Ok(ParkedReports { parked: stretch.found.into_iter().map(report).collect(), next: stretch.next })
}

/// A parked row as a report for an operator.
fn report(parked: ParkedRow) -> ParkedReport {
    let line = LineKey::of(&parked.row);
    let item = serde_json::from_str::<Value>(&parked.row.body);
    ParkedReport {
        day: outbox::day_of(&parked.row.sort_key).map(|day| day.to_string()),
        api: line.api,
        role: line.role,
        reason: parked.reason,
        since: parked.at.to_string(),
        report: item.unwrap_or_else(|_| Value::from(parked.row.body.as_str())),
        row: parked.row.sort_key,
        path: parked.row.path,
    }
}
