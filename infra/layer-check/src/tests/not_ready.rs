//! A discovery that is still looking for the products says so with 202 (C61), which no other operation may.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use ponte_bank::Bank;

use super::{InProcess, bank, report};
use crate::layer::PATIENCE;
use crate::sheet::{Check, Outcome};
use crate::{Received, Report, Sent, Transport};

/// A bank that answers 202 to the next calls of an operation.
struct NotReady {
    bank: InProcess<Bank>,
    operation: &'static str,
    left: Arc<AtomicU64>,
    retry_after: Option<u64>,
}

#[async_trait]
impl Transport for NotReady {
    async fn send(&self, sent: Sent) -> Result<Received, String> {
        let less = |left: u64| left.checked_sub(1);
        if sent.path == self.operation
            && self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
        {
            let (retry_after, body) = (self.retry_after, Vec::new());
            return Ok(Received {
                status: 202,
                content_type: String::new(),
                takes_gzip: false,
                retry_after,
                body,
            });
        }
        self.bank.send(sent).await
    }
}

/// The report about loans where an operation is not ready so often, and how often it will be asked in vain yet.
async fn of_loans(operation: &'static str, times: u64, retry_after: Option<u64>) -> (Report, u64) {
    let left = Arc::new(AtomicU64::new(times));
    let bank = InProcess(bank());
    let report = report(
        NotReady { bank, operation, left: left.clone(), retry_after },
        &["/loans/discovery", "/loans/find"],
    )
    .await;
    (report, left.load(Ordering::Relaxed))
}

fn outcome(report: &Report, operation: &str) -> Outcome {
    report.operations.iter().find(|one| one.operation == operation).unwrap().checks[&Check::Answer]
}

#[tokio::test(start_paused = true)]
async fn c61_a_discovery_that_is_not_ready_is_asked_again() {
    let (report, left) = of_loans("/loans/discovery", 4, Some(3)).await;
    assert_eq!((report.faults, left), (0, 0), "{}", report.text());
    assert!(!report.text().contains("not ready"), "{}", report.text());
    assert_eq!(outcome(&report, "/loans/find"), Outcome::Held);
}

#[tokio::test(start_paused = true)]
async fn c61_a_discovery_that_never_is_ready_is_told_and_no_fault() {
    for retry_after in [None, Some(7), Some(u64::MAX)] {
        let (report, left) = of_loans("/loans/discovery", 1_000, retry_after).await;
        assert_eq!(report.faults, 0, "{}", report.text());
        assert!(report.text().contains("/loans/discovery  not ready"), "{}", report.text());
        assert_eq!(outcome(&report, "/loans/find"), Outcome::Skipped);
        // One customer is waited for, the others are asked once each.
        assert!(1_000 - left <= PATIENCE.as_secs() + 10, "{left} left");
    }
}

#[tokio::test(start_paused = true)]
async fn c61_nothing_but_a_discovery_may_be_not_ready() {
    let (report, _) = of_loans("/loans/find", 1, None).await;
    assert!(report.text().contains("status 202 where 200 is due"), "{}", report.text());
}
