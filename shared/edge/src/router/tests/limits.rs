//! What a call gets that is answered with too much, or by a clock that is wrong.

use super::*;

/// A quote takes two bytes in the event: an answer of a little more than 3 MiB has one of 6.3 MB.
const QUOTES: usize = 3_145_800;

async fn much(_: Arc<()>, call: OpenCall) -> Result<Answer, Refusal> {
    let organisation = OrganisationId::parse(ORGANISATION).map_err(|_| Refusal::internal())?;
    let quotes = call.request.id("quotes").parse().map_err(|_| Refusal::internal())?;
    Ok(Answer::json(200, "\"".repeat(quotes)).for_client(organisation))
}

#[tokio::test]
async fn lb07_an_answer_above_the_gateway_s_limit_is_refused_and_reported_as_that() {
    for (quotes, status) in [(QUOTES, 500), (QUOTES - 1_000, 200), (1, 200)] {
        let outbox = Arc::new(OutboxInMemory::default());
        let router = router(Arc::clone(&outbox)).open("GET", "/much/{quotes}", None, much).reported("/much");
        let path = format!("/much/{quotes}");
        let answer = call(&router, "GET", &path, json!({"x-fapi-interaction-id": GIVEN})).await;
        assert!(answer.to_string().len() <= EVENT_MAX, "{quotes}");
        assert_eq!(answer["statusCode"], status, "{quotes}");
        assert_eq!(answer["headers"]["x-fapi-interaction-id"], GIVEN);
        if status == 500 {
            assert_eq!(code(&answer), (500, "ERRO_INTERNO".to_owned()));
        }
        let report: Value = serde_json::from_str(&outbox.rows()[0].body).unwrap();
        assert_eq!((&report["statusCode"], &report["clientOrgId"]), (&status.into(), &ORGANISATION.into()));
    }
}

#[tokio::test]
async fn lb05_a_call_by_a_wrong_clock_is_judged_and_timed_by_the_gateway_s() {
    let outbox = Arc::new(OutboxInMemory::default());
    let router = router(Arc::clone(&outbox)).open("GET", "/slow/{name}", None, hello).reported("/slow");
    let arrived = Moment::parse("2026-03-01T10:00:00Z").unwrap();
    let mut event: crate::event::HttpEvent = serde_json::from_value(json!({
        "rawPath": "/slow/a", "headers": {"x-fapi-interaction-id": GIVEN},
        "requestContext": {"http": {"method": "GET"}, "timeEpoch": arrived.millis()},
    }))
    .unwrap();
    event.now = Some(arrived);
    let answer = router.serve(event).await;
    let body: Value = serde_json::from_str(answer.body()).unwrap();
    assert_eq!(body["meta"]["requestDateTime"], arrived.to_string());
    let report: Value = serde_json::from_str(&outbox.rows()[0].body).unwrap();
    assert_eq!(
        (&report["timestamp"], &report["processTimespan"]),
        (&arrived.with_millis().into(), &json!(1))
    );
}

#[tokio::test]
async fn lb10_links_are_made_of_the_route_and_our_own_ids() {
    let router = router(Arc::default());
    for (path, link) in [
        ("/hello/urn:banco:1", "https://mtls.example/hello/urn:banco:1"),
        ("/hello/urn%3Abanco%3A1", "https://mtls.example/hello/urn%253Abanco%253A1"),
        ("/hello/a b\n?", "https://mtls.example/hello/a%20b%0A%3F"),
    ] {
        let answer = call(&router, "GET", path, json!({})).await;
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        assert_eq!(body["links"]["self"], link);
    }
}
