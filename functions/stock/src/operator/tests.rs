//! A day is counted again by order: as of its end, with who ordered it and why, and not out of reason.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use ponte_kit::clock::ManualClock;
use ponte_kit::outbox::OutboxInMemory;
use ponte_kit::port_failures::is_of_a_port;
use ponte_kit::store::Store;
use ponte_metrics::ports::ConsentStock;
use ponte_metrics::report::stock_count::StockCount;
use ponte_ports::audit::{OperatorIdentity, OperatorReason};
use ponte_values::{Moment, OrganisationId};
use serde_json::json;

use super::*;

const OWN: &str = "74e929d9-33b6-4d85-8ba7-c146c867a817";
const RECEIVER: &str = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";

#[derive(Default)]
struct Consents {
    asked: Mutex<Vec<String>>,
    fails: AtomicBool,
}

#[async_trait]
impl ConsentStock for Consents {
    async fn in_force(&self, at: Moment) -> Result<StockCount, PortError> {
        if self.fails.load(Ordering::Relaxed) {
            return Err(PortError::new("consents", "down"));
        }
        self.asked.lock().unwrap().push(at.with_millis());
        let mut stock_count = StockCount::default();
        stock_count.add(RECEIVER, "ana", None);
        stock_count.add(RECEIVER, "ana", Some("bakery"));
        Ok(stock_count)
    }
}

struct World {
    consents: Arc<Consents>,
    outbox: Arc<OutboxInMemory>,
    store: Arc<Store>,
    operator: StockOperator,
}

fn world(now: &str) -> World {
    let clock = Arc::new(ManualClock::at(Moment::parse(now).unwrap()));
    let (consents, outbox, store) = (Arc::<Consents>::default(), Arc::default(), Arc::<Store>::default());
    let outbox: Arc<OutboxInMemory> = outbox;
    let taker = StockTaker {
        consents: consents.clone(),
        outbox: outbox.clone(),
        clock: clock.clone(),
        organisation: OrganisationId::parse(OWN).unwrap(),
    };
    World { operator: StockOperator { taker, trails: store.clone(), ids: clock }, consents, outbox, store }
}

fn ana() -> OperatorAction {
    OperatorAction {
        by: OperatorIdentity::stated("ana").ok(),
        reason: OperatorReason::parse("the night failed").ok(),
        ..OperatorAction::default()
    }
}

impl World {
    async fn run(&self, command: Value, action: &OperatorAction) -> Result<Value, String> {
        let command = serde_json::value::to_raw_value(&command).unwrap();
        self.operator.run(&command, action).await.map_err(|error| error.to_string())
    }
}

#[tokio::test]
async fn m50_a_day_is_counted_again_as_of_its_end() {
    let world = world("2026-03-08T15:00:00Z");
    let answer = world.run(json!({"operator": "stock.retake", "day": "2026-03-01"}), &ana()).await.unwrap();
    assert_eq!(
        answer,
        json!({
            "day": "2026-03-01", "consents": 2, "persons": 1, "companies": 1, "organisations": {RECEIVER: 2},
        })
    );
    let typed: Retaken = serde_json::from_value(answer.clone()).unwrap();
    assert_eq!(serde_json::to_value(typed).unwrap(), answer);
    assert_eq!(*world.consents.asked.lock().unwrap(), ["2026-03-02T02:59:59.999Z"]);
    let rows = world.store.outbox.lock().unwrap();
    let [row] = &rows[..] else { panic!("one report") };
    assert_eq!((row.path, row.id.as_str()), ("/report-api/v1/consents/stock", "stock-server-2026-03-01"));
    assert!(row.body.contains(r#""date":"2026-03-01""#), "{}", row.body);
    assert_eq!(world.store.repeated.load(Ordering::Relaxed), 1);
    assert!(world.outbox.rows().is_empty(), "not the report of a night");
}

#[tokio::test]
async fn t47_a_stock_is_taken_again_by_name_and_with_a_reason() {
    let world = world("2026-03-08T15:00:00Z");
    let command = || json!({"operator": "stock.retake", "day": "2026-03-01"});
    let unnamed = OperatorAction { by: None, ..ana() };
    let without = OperatorAction { reason: None, ..ana() };
    for unsigned in [OperatorAction::default(), unnamed, without] {
        let fault = world.run(command(), &unsigned).await.unwrap_err();
        assert!(fault.starts_with("by.name and by.reason"), "{fault}");
    }
    assert!(world.store.audit.lock().unwrap().is_empty());
    world.run(command(), &ana()).await.unwrap();
    let audit = world.store.audit.lock().unwrap();
    let [row] = &audit[..] else { panic!("one row") };
    assert_eq!(
        (row.subject.as_str(), row.action, row.operator.as_ref()),
        ("stock:2026-03-01", "stock.retaken", Some(&ana()))
    );
}

#[tokio::test]
async fn m22_a_day_that_is_not_over_or_too_long_over_is_refused() {
    // In Brasília it still is the 8th.
    let world = world("2026-03-09T02:59:59Z");
    for (day, fault) in [
        ("2026-03-09", "the day is not over yet"),
        ("2026-03-08", "the day is not over yet"),
        ("2026-02-28", "the day is more than 7 days ago"),
        ("yesterday", "day must be a date"),
    ] {
        let refused = world.run(json!({"operator": "stock.retake", "day": day}), &ana()).await.unwrap_err();
        assert!(refused.starts_with(fault), "{day}: {refused}");
    }
    assert!(world.consents.asked.lock().unwrap().is_empty());
    for day in ["2026-03-07", "2026-03-01"] {
        world.run(json!({"operator": "stock.retake", "day": day}), &ana()).await.unwrap();
    }
}

#[tokio::test]
async fn t23_a_store_that_fails_is_told_from_a_refusal_so_that_the_queue_tries_again() {
    let world = world("2026-03-08T15:00:00Z");
    world.consents.fails.store(true, Ordering::Relaxed);
    for (day, tried_again) in [("2026-03-01", true), ("yesterday", false)] {
        let command = json!({"operator": "stock.retake", "day": day});
        let command = serde_json::value::to_raw_value(&command).unwrap();
        let error = world.operator.run(&command, &ana()).await.unwrap_err();
        assert_eq!(is_of_a_port(error.as_ref()), tried_again, "{error}");
    }
}

#[test]
fn t47_a_command_whose_day_is_none_is_none_that_a_queue_records() {
    let operator = world("2026-03-08T15:00:00Z").operator;
    for (day, known) in [("2026-03-01", true), ("2026-03-1", false), ("Ana, 123.456.789-09", false)] {
        let command = json!({"operator": "stock.retake", "day": day});
        let kind = operator.kind(&serde_json::value::to_raw_value(&command).unwrap());
        assert_eq!(kind, known.then_some(CommandKind::CHANGES), "{day}");
    }
}
