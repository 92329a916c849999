//! The way of a call through a router, from the event to the answer and the report.

use ponte_catalog::{Access, Api, Frequency, Limits, Meta, Method, Reach, Row, Shape};
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
mod signed;
mod unreadable;

const ORGANISATION: &str = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
/// The first id that is given out.
const FRESH: &str = "00000000-0000-4000-8000-000000000001";
const GIVEN: &str = "22222222-2222-4222-8222-222222222222";

static API: Api = Api {
    name: "things",
    version: "1.2.3",
    base: "/open-banking/things/v1",
    longest_link: 2_000,
    signed: false,
    listed: true,
};
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
    idempotent: false,
    success: 200,
    shape: Shape::Object,
    meta: Meta::Time,
    fields: None,
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Low,
    limits: Limits::Institution,
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
async fn s31_the_interaction_id_is_mirrored_byte_for_byte_in_the_answer_and_in_the_report() {
    for given in [
        "C770AEF3-6784-41F7-8E0E-FF5F97BDDB3A",
        "c770AEf3-6784-41f7-8E0e-ff5F97bddb3A",
        "c770aef3-6784-41f7-8e0e-ff5f97bddb3a",
    ] {
        let outbox = Arc::new(OutboxInMemory::default());
        let router = router(Arc::clone(&outbox));
        let form =
            json!({"content-type": "application/x-www-form-urlencoded", "x-fapi-interaction-id": given});
        let log = Log::capture();
        for (method, path) in [("POST", "/form"), ("GET", ROW.template), ("GET", "/nothing")] {
            let answer = call(&router, method, path, form.clone()).await;
            assert_eq!(answer["headers"]["x-fapi-interaction-id"], given, "{path}");
        }
        let reports = outbox.rows();
        let report: Value = serde_json::from_str(&reports[0].body).unwrap();
        assert_eq!((reports.len(), &report["fapiInteractionId"]), (1, &json!(given)));
        assert_eq!(log.text().matches(&format!("interaction={given}")).count(), 4, "{}", log.text());
    }
}

#[tokio::test]
async fn s31_an_id_of_the_institution_s_own_is_mirrored_byte_for_byte_where_there_is_no_other() {
    let own = "C770AEF3-6784-41F7-8E0E-FF5F97BDDB3A";
    for (headers, mirrored) in [
        (json!({"x-correlation-id": own}), own),
        (json!({"x-correlation-id": own, "x-fapi-interaction-id": GIVEN}), GIVEN),
    ] {
        let answer = call(&router(Arc::default()), "GET", "/hello/a", headers).await;
        assert_eq!(answer["headers"]["x-fapi-interaction-id"], mirrored);
    }
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
async fn c54_a_path_and_a_method_that_an_api_does_not_have_are_answered_with_its_version() {
    let router = router(Arc::default());
    for (method, path, status, version) in [
        ("GET", "/open-banking/things/v1/other", 404, Some("1.2.3")),
        ("GET", "/open-banking/things/v1", 404, Some("1.2.3")),
        ("GET", "/open-banking/things/v1/", 404, Some("1.2.3")),
        ("PUT", ROW.template, 405, Some("1.2.3")),
        ("HEAD", ROW.template, 405, Some("1.2.3")),
        ("BREW", ROW.template, 405, Some("1.2.3")),
        ("GET", "/open-banking/things/v10/things", 404, None),
        ("GET", "/open-banking/things/v2/things", 404, None),
        ("GET", "/nothing", 404, None),
        ("PUT", "/form", 405, None),
    ] {
        let answer = call(&router, method, path, json!({})).await;
        let told = (answer["statusCode"].as_i64(), answer["headers"]["x-v"].as_str());
        assert_eq!(told, (Some(status), version), "{method} {path}");
    }
}

#[tokio::test]
async fn rfc9110_a_method_that_is_not_allowed_is_told_which_are() {
    let router = router(Arc::default()).open("PUT", "/hello/{name}", None, hello);
    for (method, path, allowed) in [
        ("DELETE", "/hello/a", "GET, HEAD, PUT"),
        ("GET", "/form", "POST"),
        ("HEAD", "/form", "POST"),
        ("POST", ROW.template, "GET"),
    ] {
        let answer = call(&router, method, path, json!({})).await;
        let told = (answer["statusCode"].as_i64(), answer["headers"]["allow"].as_str());
        assert_eq!(told, (Some(405), Some(allowed)), "{method} {path}");
    }
}

#[tokio::test]
async fn rfc9110_a_body_in_a_coding_is_415_and_told_that_none_is_taken() {
    let router = router(Arc::default());
    let of = |coding: &str, body: &str, encoded: bool| {
        json!({
            "rawPath": "/form", "body": body, "isBase64Encoded": encoded,
            "headers": {
                "content-type": "application/x-www-form-urlencoded", "content-encoding": coding,
                "x-fapi-interaction-id": GIVEN,
            },
            "requestContext": {"http": {"method": "POST"}, "timeEpoch": 1_772_366_400_000_i64},
        })
    };
    let answer = async |event: Value| {
        serde_json::to_value(router.serve(serde_json::from_value(event).unwrap()).await).unwrap()
    };
    // The beginning of a gzip file, which is no text.
    for (coding, body, encoded) in
        [("gzip", "H4sIAAAAAAAA", true), ("br", "a=1", false), ("deflate, gzip", "a", false)]
    {
        let refused = answer(of(coding, body, encoded)).await;
        assert_eq!(code(&refused), (415, "TIPO_NAO_SUPORTADO".to_owned()), "{coding}");
        assert_eq!(refused["headers"]["accept-encoding"], "identity");
    }
    assert_eq!(code(&answer(of("identity", "a=1", false)).await).0, 200);
}

/// Another form of a refusal than that of Open Finance.
fn plain(refusal: Refusal, _: Moment, _: &'static str) -> Answer {
    let refusal = refusal.within(&[500]);
    Answer::json(refusal.status(), format!(r#"{{"error":"{}"}}"#, refusal.code())).with_headers_of(&refusal)
}

#[tokio::test]
async fn rfc6749_a_function_with_another_form_of_refusals_has_it_for_all_that_can_become_of_a_call() {
    let outbox = Arc::new(OutboxInMemory::default());
    let router = router(Arc::clone(&outbox))
        .open("POST", "/text/{name}", None, hello)
        .reported("/text")
        .refusing(plain);
    let form = "application/x-www-form-urlencoded";
    let event = |method: &str, path: &str, content_type: Option<&str>, coding: Option<&str>, body: &str| {
        let mut event = json!({
            "rawPath": path, "body": body, "isBase64Encoded": true, "headers": {"x-fapi-interaction-id": GIVEN},
            "requestContext": {"http": {"method": method}, "timeEpoch": 1_772_366_400_000_i64},
        });
        if let Some(content_type) = content_type {
            event["headers"]["content-type"] = content_type.into();
        }
        if let Some(coding) = coding {
            event["headers"]["content-encoding"] = coding.into();
        }
        event
    };
    for (event, status) in [
        (event("GET", "/nothing", None, None, ""), 404),
        (event("GET", "/form", None, None, ""), 405),
        (event("POST", "/form", None, None, "YT0x"), 415),
        (event("POST", "/form", Some("application/json"), None, "YT0x"), 415),
        (event("POST", "/form", Some(form), Some("gzip"), "H4sIAAAAAAAA"), 415),
        (event("POST", "/form", Some(form), None, "//8="), 400),
        (event("POST", "/form", Some(form), None, "no base64!"), 400),
        (event("POST", "/text/panic", None, None, ""), 500),
    ] {
        let log = Log::capture();
        let before = outbox.rows().len();
        let answer =
            serde_json::to_value(router.serve(serde_json::from_value(event.clone()).unwrap()).await).unwrap();
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        assert_eq!(answer["statusCode"], status, "{event}");
        assert!(body["error"].is_string() && body.get("errors").is_none(), "{body}");
        assert_eq!(answer["headers"]["x-fapi-interaction-id"], GIVEN);
        assert!(log.text().contains(&format!("status={status}")), "{}", log.text());
        let reported = outbox.rows().len() - before;
        let anonymous = log.text().matches("call not reported").count();
        assert_eq!(reported + anonymous, usize::from(!matches!(status, 404 | 405)), "{event}");
    }
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
