//! Drop reasons of new consents: the report of a created consent waits until the institution has said whether the
//! customer has an account here, and goes out with the reason (M38).
//!
//! Absence is never presumed. A refusal means that the customer exists and cannot be served now; a failure says nothing,
//! the question is repeated in the next minute, and after [`PATIENCE`] the report goes without a reason. Reason and
//! report leave in one write, so a crash between question and write loses nothing: the next tick asks again. A report
//! that left is not listed any more, so the institution is not asked about it again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{StreamExt as _, future, stream};
use ponte_data_consent::ports::{Consents, Institution};
use ponte_edge::Tick;
use ponte_metrics::outbox::HeldRow;
use ponte_metrics::ports::HeldReports;
use ponte_metrics::report::{DropReason, ServerReport};
use ponte_ports::outbox::SHARDS;
use ponte_ports::{Clock, InstitutionFault, Limit, PortError, chain};
use ponte_values::{InteractionId, Moment};

const WHAT: &str = "report of a new consent";

/// No question is sent after this time of a tick: an answer takes 3 s at most, the store 8 s, and the function has 28 s.
const BUDGET: Duration = Duration::from_secs(15);
/// How long a report waits for an answer, from the call it is about.
const PATIENCE: Duration = Duration::from_mins(10);
/// Rows of one shard and tick at most.
const MOST_ROWS: usize = 2000;
/// Questions at the same time for one shard.
const AT_ONCE: usize = 8;
/// After so many questions without an answer the institution is left alone until the next minute.
const MOST_FAILURES: u32 = 16;

/// Lets the reports of created consents go, with the reason.
pub struct DropReasons {
    /// The reports that wait.
    pub reports: Arc<dyn HeldReports>,
    /// The consents they are about.
    pub consents: Arc<dyn Consents>,
    /// The institution, which knows the customers.
    pub institution: Arc<dyn Institution>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// How far a tick may go.
struct Limits {
    until: Moment,
    failures: AtomicU32,
}

impl Limits {
    fn exhausted(&self, now: Moment) -> bool {
        now >= self.until || self.failures.load(Ordering::Relaxed) >= MOST_FAILURES
    }
}

#[async_trait]
impl Tick for DropReasons {
    /// Works on the shards side by side, every one even if another fails; the first failure is the answer.
    async fn tick(&self) -> Result<(), PortError> {
        let limits = Limits { until: self.clock.now().plus(BUDGET), failures: AtomicU32::new(0) };
        let shards = future::join_all((0..SHARDS).map(|shard| self.shard(shard, &limits))).await;
        shards.into_iter().fold(Ok(()), Result::and)
    }
}

impl DropReasons {
    /// A row that cannot be dealt with is logged and does not hold up the others.
    async fn shard(&self, shard: u8, limits: &Limits) -> Result<(), PortError> {
        let rows = self.reports.held(shard, MOST_ROWS).await?;
        let waiting = rows.len();
        let told = stream::iter(rows.into_iter().map(|row| self.row(row, limits))).buffer_unordered(AT_ONCE);
        let released = told.filter(|released| future::ready(*released)).count().await;
        if waiting > 0 {
            tracing::info!(shard, waiting, released, "reports of new consents");
        }
        Ok(())
    }

    /// Lets a row go if there is something to tell or nothing more to wait for; says whether it went.
    async fn row(&self, row: HeldRow, limits: &Limits) -> bool {
        let body = match self.finished(&row, limits).await {
            Ok(Some(body)) => body,
            Ok(None) => return false,
            Err(error) => {
                // A consent that this release cannot read says nothing of the institution.
                let failures = u32::from(!error.is_unreadable());
                limits.failures.fetch_add(failures, Ordering::Relaxed);
                tracing::warn!(
                    consent = row.consent.as_str(),
                    chain = chain(&error),
                    "nothing known of a customer"
                );
                return false;
            }
        };
        self.reports.release(&row, &body).await.unwrap_or_else(|error| {
            tracing::error!(consent = row.consent.as_str(), chain = chain(&error), "report not let go");
            false
        })
    }

    /// The report as it may go now; `None` if it has to wait.
    async fn finished(&self, row: &HeldRow, limits: &Limits) -> Result<Option<String>, PortError> {
        let now = self.clock.now();
        let waits = row.at().is_some_and(|at| now < at.plus(PATIENCE));
        // A report that can take no reason goes as it is: the worker behind the outbox finds its fault.
        let Some((report, interaction)) = unanswered(row).filter(|_| waits) else {
            return Ok(Some(row.body.clone()));
        };
        if limits.exhausted(now) {
            return Ok(None);
        }
        let reason = self.reason(row, interaction).await?;
        let report = report.dropped(reason).map_err(|fault| PortError::new(WHAT, format!("{fault:?}")))?;
        serde_json::to_string(&report).map(Some).map_err(|error| PortError::new(WHAT, error))
    }

    async fn reason(&self, row: &HeldRow, interaction: InteractionId) -> Result<DropReason, PortError> {
        let Some(consent) = self.consents.find(&row.consent).await? else {
            return Err(PortError::new(WHAT, "about a consent that is not there"));
        };
        match self.institution.check_account_holder(&consent, interaction).await {
            Ok(answer) => Ok(answer.drop_reason()),
            Err(InstitutionFault::Refused(_) | InstitutionFault::Limited(Limit::Operational, _)) => {
                Ok(DropReason::CredentialUnavailable)
            }
            Err(InstitutionFault::Limited(Limit::Traffic, _)) => {
                Err(PortError::overloaded(WHAT, "too many questions a minute"))
            }
            Err(InstitutionFault::NotFound) => {
                Err(PortError::new(WHAT, "no such operation at the institution"))
            }
            Err(InstitutionFault::Port(error)) => Err(error),
        }
    }
}

/// The report, and the id of the call it is about; `None` if it can take no reason.
fn unanswered(row: &HeldRow) -> Option<(ServerReport, InteractionId)> {
    let report = ServerReport::read(&row.body).ok().filter(ServerReport::takes_drop_reason)?;
    let interaction = InteractionId::parse(&report.fapi_interaction_id).ok()?;
    Some((report, interaction))
}
