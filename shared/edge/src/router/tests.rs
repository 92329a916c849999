//! The way of a call through a router, from the event to the answer and the report.

use ponte_catalog::{Access, Api, Frequency, Meta, Method, Reach, Row, Shape};
use ponte_kit::clock::ManualClock;
use ponte_kit::outbox::OutboxInMemory;
use ponte_ports::outbox::OutboxRow;
use ponte_values::OrganisationId;
use serde_json::{Value, json};

use super::*;
use crate::captured_log::Log;

mod deadline;
mod flood;
mod held;
mod limits;
mod reports;
mod unreadable;

const ORGANISATION: &str = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
/// The first id that is given out.
const FRESH: &str = "00000000-0000-4000-8000-000000000001";
const GIVEN: &str = "22222222-2222-4222-8222-222222222222";

static API: Api = Api { name: "things", version: "1.2.3", base: "/open-banking/things/v1" };
static ROW: Row = Row {
    api: &API,
    operation: "thingsGet",
    method: Method::Get,
    template: "/open-banking/things/v1/things",
    access: Access::Client("things"),
    layer: None,
    product: None,
    ids: &[],
    body: false,
    customer_headers: false,
    success: 200,
    shape: Shape::Object,
    meta: Meta::Time,
    smallest_page: None,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Low,
    codes: &[200],
};

async fn hello(_: Arc<()>, call: OpenCall) -> Result<Answer, Refusal> {
    assert!(call.request.id("name") != "panic", "on purpose");
    let organisation = OrganisationId::parse(ORGANISATION).map_err(|_| Refusal::internal())?;
    Ok(call.object(200, "{}").for_client(organisation))
}

async fn row(_: Arc<()>, call: ClientCall) -> Result<Answer, Refusal> {
    Ok(call.object(200, "{}"))
}

fn router(outbox: Arc<OutboxInMemory>) -> Router<()> {
    let clock = Arc::new(ManualClock::at(Moment::parse("2026-03-01T12:00:00Z").unwrap()));
    let context = Context {
        clock: clock.clone(),
        ids: clock,
        outbox,
        organisation: OrganisationId::parse(ORGANISATION).unwrap(),
        base_url: "https://mtls.example".to_owned(),
    };
    Router::new(context, None, ())
        .client(&ROW, row)
        .open("GET", "/hello/{name}", None, hello)
        .open("POST", "/form", Some("application/x-www-form-urlencoded"), hello)
        .reported("/form")
}

async fn call(router: &Router<()>, method: &str, path: &str, headers: Value) -> Value {
    let event = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "", "headers": headers,
        "requestContext": {
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
            "timeEpoch": 1_772_366_400_000_i64,
        },
        "isBase64Encoded": false,
    });
    serde_json::to_value(router.serve(serde_json::from_value(event).unwrap()).await).unwrap()
}

fn code(answer: &Value) -> (i64, String) {
    let body: Value = serde_json::from_str(answer["body"].as_str().unwrap_or("{}")).unwrap();
    (answer["statusCode"].as_i64().unwrap(), body["errors"][0]["code"].as_str().unwrap_or("").to_owned())
}

#[tokio::test]
async fn s31_the_interaction_id_is_echoed_or_minted() {
    let given =
        call(&router(Arc::default()), "GET", "/hello/a", json!({"x-fapi-interaction-id": GIVEN})).await;
    assert_eq!(given["headers"]["x-fapi-interaction-id"], GIVEN);
    let router = router(Arc::default());
    let minted = call(&router, "GET", "/hello/a", json!({})).await;
    assert_eq!((code(&minted).0, &minted["headers"]["x-fapi-interaction-id"]), (200, &json!(FRESH)));
}

#[tokio::test]
async fn s31_a_row_refuses_a_call_without_interaction_id() {
    for headers in [json!({}), json!({"x-fapi-interaction-id": "1"})] {
        let answer = call(&router(Arc::default()), "GET", ROW.template, headers).await;
        assert_eq!(code(&answer), (400, "PARAMETRO_INVALIDO".to_owned()));
        assert_eq!(answer["headers"]["x-fapi-interaction-id"], FRESH);
        assert_eq!(answer["headers"]["x-v"], "1.2.3");
    }
}

#[tokio::test]
async fn c55_unknown_paths_methods_and_types_have_the_open_finance_body() {
    let router = router(Arc::default());
    assert_eq!(code(&call(&router, "GET", "/nothing", json!({})).await), (404, "NAO_ENCONTRADO".to_owned()));
    assert_eq!(
        code(&call(&router, "PUT", "/form", json!({})).await),
        (405, "METODO_NAO_PERMITIDO".to_owned())
    );
    let wrong = json!({"content-type": "application/json"});
    assert_eq!(code(&call(&router, "POST", "/form", wrong).await), (415, "TIPO_NAO_SUPORTADO".to_owned()));
    let right = json!({"content-type": "application/x-www-form-urlencoded; charset=utf-8"});
    assert_eq!(code(&call(&router, "POST", "/form", right).await).0, 200);
}

#[tokio::test]
async fn t62_the_line_of_a_call_names_its_route_and_its_end() {
    let router = router(Arc::default());
    for (method, path, route, status) in [
        ("GET", "/hello/a", "/hello/{name}", 200),
        ("GET", ROW.template, ROW.template, 400),
        ("BREW", "/nothing", "none", 404),
    ] {
        let log = Log::capture();
        call(&router, method, path, json!({})).await;
        let named = if method == "BREW" { "other" } else { method };
        for told in [format!("route={route:?}"), format!("method={named:?}"), format!("status={status}")] {
            assert!(log.text().contains(&told), "{told}: {}", log.text());
        }
    }
}

#[tokio::test]
async fn a_panic_is_one_call_s_internal_error() {
    let router = router(Arc::default());
    assert_eq!(
        code(&call(&router, "GET", "/hello/panic", json!({})).await),
        (500, "ERRO_INTERNO".to_owned())
    );
    assert_eq!(code(&call(&router, "GET", "/hello/a", json!({})).await).0, 200);
}

#[tokio::test]
async fn m35_an_open_route_is_reported_when_it_can_be_paired() {
    let outbox = Arc::new(OutboxInMemory::default());
    let router = router(Arc::clone(&outbox));
    let content_type = "application/x-www-form-urlencoded";
    call(&router, "POST", "/form", json!({"content-type": content_type})).await;
    assert!(outbox.rows().is_empty(), "no interaction id, nothing to pair by");
    call(&router, "POST", "/form", json!({"content-type": content_type, "x-fapi-interaction-id": GIVEN}))
        .await;
    call(&router, "GET", "/hello/a", json!({"x-fapi-interaction-id": GIVEN})).await;
    let rows = outbox.rows();
    assert_eq!(rows.len(), 1);
    let body: Value = serde_json::from_str(&rows[0].body).unwrap();
    assert_eq!(
        (&body["endpoint"], &body["fapiInteractionId"], &body["role"]),
        (&json!("/form"), &json!(GIVEN), &json!("SERVER"))
    );
}

#[tokio::test]
async fn t62_head_is_answered_where_get_is_open_and_reported_nowhere() {
    let outbox = Arc::new(OutboxInMemory::default());
    let router =
        router(Arc::clone(&outbox)).open("GET", "/document", None, hello).head_as_get().reported("/document");
    let headers = json!({"x-fapi-interaction-id": GIVEN});
    let looked = call(&router, "HEAD", "/document", headers.clone()).await;
    assert_eq!((code(&looked).0, looked["body"].is_null()), (200, true));
    assert_eq!(looked["headers"]["content-type"], "application/json; charset=utf-8");
    // The handler would panic: it is not called.
    let untouched = call(&router, "HEAD", "/hello/panic", headers.clone()).await;
    assert_eq!((code(&untouched).0, untouched["headers"].get("content-type")), (200, None));
    for (path, status) in [("/form", 405), (ROW.template, 405), ("/nothing", 404)] {
        let refused = call(&router, "HEAD", path, headers.clone()).await;
        assert_eq!((code(&refused).0, refused["body"].is_null()), (status, true), "{path}");
    }
    assert!(outbox.rows().is_empty());
}
