//! Reports of created consents wait for what the institution says of the customer (M38).

use ponte_metrics::outbox::HeldRow;
use ponte_metrics::ports::HeldReports;
use ponte_values::ConsentId;

use super::*;

const CONSENTS: &str = "/open-banking/consents/v3/consents";
const CONSENT: &str = "urn:banco:1";

/// Where rows are held; a broken one takes none.
#[derive(Default)]
struct Waiting {
    rows: Mutex<Vec<(OutboxRow, ConsentId)>>,
    broken: bool,
}

#[async_trait]
impl HeldReports for Waiting {
    async fn hold(&self, row: &OutboxRow, consent: &ConsentId) -> Result<(), PortError> {
        if self.broken {
            return Err(PortError::timeout("outbox table", "1 s"));
        }
        self.rows.lock().unwrap().push((row.clone(), consent.clone()));
        Ok(())
    }
    async fn held(&self, _: u8, _: usize) -> Result<Vec<HeldRow>, PortError> {
        Ok(Vec::new())
    }
    async fn release(&self, _: &HeldRow, _: &str) -> Result<bool, PortError> {
        Ok(false)
    }
}

/// Answers with the status that the path names, about a consent.
async fn create(_: Arc<()>, call: OpenCall) -> Result<Answer, Refusal> {
    let status = call.request.id("status").parse().map_err(|_| Refusal::internal())?;
    let organisation = OrganisationId::parse(ORGANISATION).map_err(|_| Refusal::internal())?;
    let consent = ConsentId::parse(CONSENT).map_err(|_| Refusal::internal())?;
    Ok(call.object(status, "{}").for_client(organisation).created(consent))
}

/// What is held and what goes at once after a call.
async fn called(path: &str, waiting: Option<Arc<Waiting>>) -> (i64, Vec<OutboxRow>) {
    let outbox = Arc::new(Kept::default());
    let mut router = router(outbox.clone())
        .open("POST", "/consents/{status}", None, create)
        .reported(CONSENTS)
        .open("POST", "/other/{status}", None, create)
        .reported("/open-banking/consents/v3/consents/{consentId}/extends");
    if let Some(waiting) = waiting {
        router = router.holding(waiting);
    }
    let answer = call(&router, "POST", path, json!({"x-fapi-interaction-id": GIVEN})).await;
    let rows = outbox.0.lock().unwrap();
    (answer["statusCode"].as_i64().unwrap(), rows.clone())
}

#[tokio::test]
async fn m38_the_report_of_a_created_consent_waits_with_its_id() {
    let waiting = Arc::new(Waiting::default());
    let (status, rows) = called("/consents/201", Some(waiting.clone())).await;
    assert_eq!((status, rows.len()), (201, 0));
    let held = waiting.rows.lock().unwrap();
    let [(row, consent)] = &held[..] else { panic!("one row waits") };
    assert_eq!(consent.as_str(), CONSENT);
    let report: Value = serde_json::from_str(&row.body).unwrap();
    assert_eq!((&report["endpoint"], &report["statusCode"]), (&json!(CONSENTS), &json!(201)));
    assert!(report.get("additionalInfo").is_none());
    assert_eq!(report["timestamp"], row.at.with_millis(), "its day is that of the report");
}

#[tokio::test]
async fn m38_whatever_else_is_reported_goes_at_once() {
    for path in ["/consents/422", "/consents/500", "/consents/200", "/other/201"] {
        let waiting = Arc::new(Waiting::default());
        let (_, rows) = called(path, Some(waiting.clone())).await;
        assert_eq!((rows.len(), waiting.rows.lock().unwrap().len()), (1, 0), "{path}");
    }
    // A function that holds nothing reports at once, without the reason.
    let (_, rows) = called("/consents/201", None).await;
    assert_eq!(rows.len(), 1);
}

#[tokio::test]
async fn m38_a_report_that_cannot_wait_does_not_fail_the_call() {
    let broken = Arc::new(Waiting { broken: true, ..Waiting::default() });
    let (status, rows) = called("/consents/201", Some(broken)).await;
    assert_eq!((status, rows.len()), (201, 0), "it is in the log, to be sent again");
}
