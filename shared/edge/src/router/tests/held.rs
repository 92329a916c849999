//! Reports of created consents wait for what the institution says of the customer (M38).

use ponte_kit::outbox::HeldInMemory;
use ponte_values::ConsentId;

use super::*;

const CONSENTS: &str = "/open-banking/consents/v3/consents";
const CONSENT: &str = "urn:banco:1";

/// Answers with the status that the path names, about a consent.
async fn create(_: Arc<()>, call: OpenCall) -> Result<Answer, Refusal> {
    let status = call.request.id("status").parse().map_err(|_| Refusal::internal())?;
    let organisation = OrganisationId::parse(ORGANISATION).map_err(|_| Refusal::internal())?;
    let consent = ConsentId::parse(CONSENT).map_err(|_| Refusal::internal())?;
    Ok(call.object(status, "{}").for_client(organisation).created(consent))
}

/// What is held and what goes at once after a call.
async fn called(path: &str, waiting: Option<Arc<HeldInMemory>>) -> (i64, Vec<OutboxRow>) {
    let outbox = Arc::new(OutboxInMemory::default());
    let mut router = router(outbox.clone())
        .open("POST", "/consents/{status}", None, create)
        .reported(CONSENTS)
        .open("POST", "/other/{status}", None, create)
        .reported("/open-banking/consents/v3/consents/{consentId}/extends");
    if let Some(waiting) = waiting {
        router = router.holding(waiting);
    }
    let answer = call(&router, "POST", path, json!({"x-fapi-interaction-id": GIVEN})).await;
    (answer["statusCode"].as_i64().unwrap(), outbox.rows())
}

#[tokio::test]
async fn m38_the_report_of_a_created_consent_waits_with_its_id() {
    let waiting = Arc::new(HeldInMemory::default());
    let (status, rows) = called("/consents/201", Some(waiting.clone())).await;
    assert_eq!((status, rows.len()), (201, 0));
    let held: Vec<_> = waiting.held.lock().unwrap().values().cloned().collect();
    let [row] = &held[..] else { panic!("one row waits") };
    assert_eq!(row.consent.as_str(), CONSENT);
    let report: Value = serde_json::from_str(&row.body).unwrap();
    assert_eq!((&report["endpoint"], &report["statusCode"]), (&json!(CONSENTS), &json!(201)));
    assert!(report.get("additionalInfo").is_none());
    assert_eq!(
        report["timestamp"],
        row.waits_since().unwrap().with_millis(),
        "its day is that of the report"
    );
}

#[tokio::test]
async fn m38_whatever_else_is_reported_goes_at_once() {
    for path in ["/consents/422", "/consents/500", "/consents/200", "/other/201"] {
        let waiting = Arc::new(HeldInMemory::default());
        let (_, rows) = called(path, Some(waiting.clone())).await;
        assert_eq!((rows.len(), waiting.held.lock().unwrap().len()), (1, 0), "{path}");
    }
    // A function that holds nothing reports at once, without the reason.
    let (_, rows) = called("/consents/201", None).await;
    assert_eq!(rows.len(), 1);
}

#[tokio::test]
async fn m38_a_report_that_cannot_wait_does_not_fail_the_call() {
    let broken = Arc::new(HeldInMemory { fails: true.into(), ..HeldInMemory::default() });
    let log = Log::capture();
    let (status, rows) = called("/consents/201", Some(broken)).await;
    assert_eq!((status, rows.len()), (201, 0), "it is in the log, to be sent again");
    // With what it waits for, so that it does not go out without it.
    let consent = format!(r#""consent":"{CONSENT}""#);
    assert!(log.text().replace('\\', "").contains(&consent), "{}", log.text());
}
