//! What is asked, in order.

mod books;
mod cancellation;
mod check;
mod consents;
mod forgeries;
mod payments;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ponte_layer_check::Transport;
use ponte_values::Moment;

use crate::connector::{Connector, Sides};
use crate::report::Report;
use crate::requests::Scene;

pub use check::Dedupe;
use check::{BOOKS, CANCELLATION, Check, DISCOVERY, PAYMENTS, VALIDATION};

/// What is to be checked.
pub struct Plan {
    /// Carries calls to the connector.
    pub transport: Arc<dyn Transport>,
    /// Names and keys of both sides.
    pub sides: Sides,
    /// Who pays whom.
    pub scene: Scene,
    /// What the connector says of itself.
    pub dedupe: Dedupe,
    /// `settle_ms` of the connector.
    pub settle: Duration,
    /// The clock.
    pub now: Box<dyn Fn() -> Moment + Send + Sync>,
}

/// Drives the connector; `progress` is told each operation before it is asked.
pub async fn run(plan: Plan, progress: &(dyn Fn(&str) + Sync)) -> Report {
    let Plan { transport, sides, scene, dedupe, settle, now } = plan;
    let mut check = Check {
        connector: Connector { transport, sides, now },
        scene,
        dedupe,
        settle,
        report: Report::default(),
        times: BTreeMap::new(),
        executed: Vec::new(),
        cancelled: Vec::new(),
        never: Vec::new(),
    };
    progress(DISCOVERY);
    let Some(account) = check.discovery().await else { return check.report };
    progress(VALIDATION);
    check.validation(&account).await;
    progress(PAYMENTS);
    check.payments(&account).await;
    check.refusals(&account).await;
    check.forgeries(&account).await;
    progress(CANCELLATION);
    check.cancellation(&account).await;
    progress(BOOKS);
    check.books().await;
    check.time();
    check.report
}
