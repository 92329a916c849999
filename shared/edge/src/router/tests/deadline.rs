//! A call ends in time whatever hangs: what it asks, or the store that takes its report (T64).

use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use ponte_kit::lines::Lines;
use ponte_metrics::outbox::LostReport;
use ponte_ports::{Outbox, PortError};

use super::*;

/// An outbox that says nothing at its first tries.
struct Hanging {
    silent: u32,
    tries: AtomicU32,
    taken: OutboxInMemory,
}

impl Hanging {
    fn at_first(silent: u32) -> Arc<Self> {
        Arc::new(Self { silent, tries: AtomicU32::new(0), taken: OutboxInMemory::default() })
    }
}

#[async_trait]
impl Outbox for Hanging {
    async fn add(&self, row: &OutboxRow) -> Result<(), PortError> {
        if self.tries.fetch_add(1, Ordering::Relaxed) < self.silent {
            std::future::pending::<()>().await;
        }
        self.taken.add(row).await
    }
}

/// The lines with this field.
fn with_field(lines: &Lines, field: &str) -> Vec<Value> {
    lines.read().into_iter().filter(|line| line["fields"].get(field).is_some()).collect()
}

fn over(outbox: Arc<dyn Outbox>) -> Router<()> {
    let mut router = router(Arc::default());
    router.context.outbox = outbox;
    router.open("GET", "/told/{name}", None, hello).reported("/told")
}

async fn hang(_: Arc<()>, call: OpenCall) -> Result<Answer, Refusal> {
    assert!(call.time_left() <= WHOLE);
    std::future::pending().await
}

async fn overloaded(_: Arc<()>, _: OpenCall) -> Result<Answer, Refusal> {
    Err(PortError::overloaded("consents table", "ThrottlingException").into())
}

fn id() -> Value {
    json!({"x-fapi-interaction-id": GIVEN})
}

#[tokio::test]
async fn t64_a_report_that_hangs_is_tried_once_more_and_costs_no_answer() {
    let outbox = Hanging::at_first(1);
    let answer = call(&over(outbox.clone()), "GET", "/told/a", id()).await;
    assert_eq!(answer["statusCode"], 200);
    assert_eq!((outbox.tries.load(Ordering::Relaxed), outbox.taken.rows().len()), (2, 1));
}

#[tokio::test]
async fn t64_a_report_that_the_store_does_not_take_stands_whole_in_one_line_of_the_log() {
    let lines = Lines::default();
    let guard = lines.listen();
    let outbox = Hanging::at_first(u32::MAX);
    let answer = call(&over(outbox.clone()), "GET", "/told/a", id()).await;
    let down = Arc::new(OutboxInMemory { fails: true.into(), ..OutboxInMemory::default() });
    let broken = call(&over(down), "GET", "/told/a", id()).await;
    drop(guard);
    assert_eq!((&answer["statusCode"], &broken["statusCode"]), (&json!(200), &json!(200)));
    assert_eq!(outbox.tries.load(Ordering::Relaxed), 2, "one try more, and no third");
    let lost = with_field(&lines, "lost_report");
    assert_eq!(lost.len(), 2);
    for line in &lost {
        assert_eq!(line["level"], "ERROR");
        let report: LostReport =
            serde_json::from_str(line["fields"]["lost_report"].as_str().unwrap()).unwrap();
        let body: Value = serde_json::from_str(&report.body).unwrap();
        assert_eq!((&body["endpoint"], &body["fapiInteractionId"]), (&json!("/told"), &json!(GIVEN)));
        assert!(report.row().at().is_some());
    }
    assert!(lost[0]["fields"]["chain"].as_str().unwrap().contains("did not answer in time"));
}

#[tokio::test]
async fn t64_a_call_that_hangs_is_504_in_time() {
    let mut router = router(Arc::default()).open("GET", "/hang/{name}", None, hang);
    router.whole = Duration::from_millis(5);
    let answer = call(&router, "GET", "/hang/a", id()).await;
    assert_eq!(code(&answer), (504, "TEMPO_ESGOTADO".to_owned()));
    assert_eq!(code(&call(&router, "GET", "/hello/a", id()).await).0, 200, "the next call is served");
}

#[tokio::test]
async fn t63_overload_is_529_with_the_wait() {
    let router = router(Arc::default()).open("GET", "/busy/{name}", None, overloaded);
    let answer = call(&router, "GET", "/busy/a", id()).await;
    assert_eq!(code(&answer), (529, "SOBRECARGA".to_owned()));
    assert_eq!(answer["headers"]["retry-after"], "2");
}
