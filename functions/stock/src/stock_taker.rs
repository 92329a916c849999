//! Takes the stock of the day before and leaves its report in the outbox.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ponte_edge::Tick;
use ponte_metrics::ledger::day;
use ponte_metrics::ports::ConsentStock;
use ponte_metrics::report::ReportFault;
use ponte_metrics::report::stock::{StockFacts, StockReport};
use ponte_ports::outbox::OutboxRow;
use ponte_ports::{Clock, Outbox, PortError};
use ponte_values::{Date, OrganisationId};

/// Name of the report in errors.
const WHAT: &str = "stock of consents";

/// Takes the stock of the day before.
#[derive(Clone)]
pub struct StockTaker {
    /// The consents.
    pub consents: Arc<dyn ConsentStock>,
    /// The outbox that takes the report.
    pub outbox: Arc<dyn Outbox>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// This institution.
    pub organisation: OrganisationId,
}

#[async_trait]
impl Tick for StockTaker {
    /// Counts what was in force at the last millisecond of yesterday in Brasília and leaves the report of that day.
    /// Done again on the same day it counts the same and writes the same row.
    async fn tick(&self) -> Result<(), PortError> {
        let (_, row) = self.take(self.clock.now().date_brasilia().plus_days(-1)).await?;
        self.outbox.add(&row).await
    }

    /// A day's stock may be counted late: the scheduler and Lambda try again for an hour each.
    fn event_age(&self) -> Duration {
        Duration::from_hours(2)
    }
}

impl StockTaker {
    /// Counts what was in force at the last millisecond of a day in Brasília that is over, and makes its report.
    pub(crate) async fn take(&self, date: Date) -> Result<(StockFacts, OutboxRow), PortError> {
        let end = day::begins(date.plus_days(1)).minus(Duration::from_millis(1));
        let stock_count = self.consents.in_force(end).await?;
        let total = stock_count.total();
        let counted = stock_count.counted(date, self.organisation.clone());
        let (persons, companies) = (counted.persons, counted.companies);
        let row = StockReport::of(counted.clone()).map_err(unsound)?.into_row();
        tracing::info!(%date, consents = total, persons, companies, "stock of consents");
        Ok((counted, row.map_err(|error| PortError::new(WHAT, error))?))
    }
}

fn unsound(fault: ReportFault) -> PortError {
    PortError::new(WHAT, format!("{fault:?}"))
}

#[cfg(test)]
mod tests;
