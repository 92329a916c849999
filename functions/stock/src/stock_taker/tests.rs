//! The report of a day, whenever on the day after it is written.

use std::sync::Mutex;

use ponte_kit::clock::ManualClock;
use ponte_kit::outbox::OutboxInMemory;
use ponte_metrics::report::stock_count::StockCount;
use ponte_values::Moment;
use serde_json::{Value, json};

use super::*;

const OWN: &str = "74e929d9-33b6-4d85-8ba7-c146c867a817";
const RECEIVER: &str = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";

/// A table with two consents of one person, and one of a company.
struct Consents {
    asked: Mutex<Vec<String>>,
    unreadable: bool,
}

struct World {
    consents: Arc<Consents>,
    outbox: Arc<OutboxInMemory>,
    clock: Arc<ManualClock>,
}

#[async_trait]
impl ConsentStock for Consents {
    async fn in_force(&self, at: Moment) -> Result<StockCount, PortError> {
        self.asked.lock().unwrap().push(at.with_millis());
        if self.unreadable {
            return Err(PortError::timeout("consents table", "8 s"));
        }
        let mut stock_count = StockCount::default();
        stock_count.add(RECEIVER, "ana", None);
        stock_count.add(RECEIVER, "ana", None);
        stock_count.add(OWN, "ana", Some("bakery"));
        Ok(stock_count)
    }
}

impl World {
    async fn tick(&self, now: &str) -> Result<(), PortError> {
        self.clock.set(Moment::parse(now).unwrap());
        let taker = StockTaker {
            consents: self.consents.clone(),
            outbox: self.outbox.clone(),
            clock: self.clock.clone(),
            organisation: OrganisationId::parse(OWN).unwrap(),
        };
        taker.tick().await
    }
}

fn world(unreadable: bool) -> World {
    let consents = Arc::new(Consents { asked: Mutex::default(), unreadable });
    World { consents, outbox: Arc::default(), clock: Arc::default() }
}

#[tokio::test]
async fn m50_the_day_that_ended_in_brasilia_is_counted_at_its_end() {
    let world = world(false);
    world.tick("2026-03-02T03:10:00Z").await.unwrap();
    assert_eq!(*world.consents.asked.lock().unwrap(), ["2026-03-02T02:59:59.999Z"]);
    let rows = world.outbox.rows();
    let [row] = &rows[..] else { panic!("one report") };
    assert_eq!(row.path, "/report-api/v1/consents/stock");
    assert_eq!(
        serde_json::from_str::<Value>(&row.body).unwrap(),
        json!({
            "date": "2026-03-01", "orgId": OWN, "role": "SERVER", "scope": "DADOS",
            "totalCustomerPF": 1, "totalCustomerPJ": 1,
            "consentsStockList": [
                {"clientOrgId": OWN, "serverOrgId": OWN, "totalActiveConsents": 1},
                {"clientOrgId": RECEIVER, "serverOrgId": OWN, "totalActiveConsents": 2},
            ],
        })
    );
}

#[tokio::test]
async fn m50_counting_again_on_the_same_day_writes_the_same_row() {
    let world = world(false);
    for now in ["2026-03-02T03:00:00Z", "2026-03-02T03:10:00Z", "2026-03-03T02:59:59.999Z"] {
        world.tick(now).await.unwrap();
    }
    assert_eq!(world.outbox.rows().len(), 1);
    assert!(world.consents.asked.lock().unwrap().iter().all(|at| at == "2026-03-02T02:59:59.999Z"));
    world.tick("2026-03-03T03:00:00Z").await.unwrap();
    let rows = world.outbox.rows();
    assert_eq!(rows.len(), 2);
    assert_ne!(rows[0].id, rows[1].id);
}

#[tokio::test]
async fn m50_half_a_count_is_no_report() {
    let world = world(true);
    assert!(world.tick("2026-03-02T03:10:00Z").await.is_err());
    assert!(world.outbox.rows().is_empty());
}

#[test]
fn lb05_a_stock_that_is_hours_late_is_no_sign_of_a_wrong_clock() {
    let world = world(false);
    let taker = StockTaker {
        consents: world.consents.clone(),
        outbox: world.outbox.clone(),
        clock: world.clock.clone(),
        organisation: OrganisationId::parse(OWN).unwrap(),
    };
    // As the rule over the template has it.
    assert_eq!(taker.event_age(), Duration::from_hours(2));
}
