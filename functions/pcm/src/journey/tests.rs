//! The six bodies of the funnel article, and what is wrong with others.

use serde_json::{Value, json};

use super::*;

fn now() -> Moment {
    Moment::parse("2026-03-01T12:00:05.250Z").unwrap()
}

fn consent() -> ConsentId {
    ConsentId::parse("urn:banco:1").unwrap()
}

fn read(body: &Value) -> Result<Report, StepFault> {
    Report::read(&consent(), body.to_string().as_bytes(), now())
}

fn with(step: &str, more: Value) -> Value {
    let mut data = json!({"platform": "BROWSER", "osVersion": "20.04", "os": "LINUX"});
    let Value::Object(more) = more else { unreachable!("an object") };
    data.as_object_mut().unwrap().extend(more);
    json!({"step": step, "data": data})
}

const URI: &str = "https://api.banco.com.br/open-banking/api/v1/resource";

#[test]
fn m40_the_six_bodies_of_the_article_become_the_six_reports() {
    for (step, more, path, own) in [
        (
            "REDIRECT_TO_SERVER",
            json!({"uriAuthorizationEndpoint": URI}),
            "client/redirect-to-server",
            json!({"uriAuthorizationEndpoint": URI, "platform": "BROWSER", "clientOrgId": ""}),
        ),
        (
            "REDIRECT_TARGET",
            json!({"uriAuthorizationEndpoint": URI, "type": "AWAITING_HANDOFF"}),
            "server/redirect-target",
            json!({"type": "AWAITING_HANDOFF", "uriAuthorizationEndpoint": URI, "platform": null, "serverOrgId": ""}),
        ),
        (
            "AUTHENTICATED",
            json!({}),
            "server/authenticated",
            json!({"platform": "BROWSER", "serverOrgId": ""}),
        ),
        (
            "REDIRECT_TO_CLIENT",
            json!({"uri_callback": URI, "type": "AUTHORISED"}),
            "server/redirect-to-client",
            json!({"type": "AUTHORISED", "uri_callback": URI, "serverOrgId": ""}),
        ),
        (
            "REDIRECT_TARGET_WITH_ERRORS",
            json!({"error": "access_denied"}),
            "client/redirect-target-with-errors",
            json!({"error": "access_denied", "clientOrgId": ""}),
        ),
        (
            "REDIRECT_TARGET_WITHOUT_ERRORS",
            json!({}),
            "client/redirect-target-without-errors",
            json!({"clientOrgId": ""}),
        ),
    ] {
        let report = read(&with(step, more)).unwrap();
        assert_eq!(report.row.path, format!("/report-api/v2/hybrid-flow/{path}"));
        let body: Value = serde_json::from_str(&report.row.body).unwrap();
        assert_eq!(
            (&body["os"], &body["osVersion"], &body["consentId"]),
            (&json!("LINUX"), &json!("20.04"), &json!("urn:banco:1"))
        );
        assert_eq!(body["timestamp"], "2026-03-01T12:00:05.250Z");
        for (name, value) in own.as_object().unwrap() {
            assert_eq!(&body[name], value, "{step} {name}");
        }
    }
}

#[test]
fn m40_long_addresses_are_cut_and_the_platform_of_an_arrival_may_be_left_out() {
    let long = format!("https://banco.example/{}", "a".repeat(300));
    let report =
        read(&with("REDIRECT_TO_CLIENT", json!({"uri_callback": long, "type": "REJECTED"}))).unwrap();
    let body: Value = serde_json::from_str(&report.row.body).unwrap();
    assert_eq!(body["uri_callback"].as_str().unwrap().chars().count(), 200);
    let arrival = json!({"step": "REDIRECT_TARGET", "data": {"os": "IOS", "osVersion": "18", "type": "AWAITING_USER_AUTH"}});
    assert!(read(&arrival).is_ok());
}

#[test]
fn the_same_step_within_a_minute_is_one_report() {
    let body = with("AUTHENTICATED", json!({})).to_string();
    let at = |text: &str| Report::read(&consent(), body.as_bytes(), Moment::parse(text).unwrap()).unwrap();
    let (one, again, later) =
        (at("2026-03-01T12:00:05Z"), at("2026-03-01T12:00:59Z"), at("2026-03-01T12:01:00Z"));
    assert_eq!((&one.marker, &one.row.id), (&again.marker, &again.row.id));
    assert_ne!((&one.marker, &one.row.id), (&later.marker, &later.row.id));
    let other = Report::read(&ConsentId::parse("urn:banco:2").unwrap(), body.as_bytes(), now()).unwrap();
    assert_ne!(other.row.id, one.row.id);
    let step = read(&with("REDIRECT_TARGET_WITHOUT_ERRORS", json!({}))).unwrap();
    assert_ne!(step.row.id, one.row.id);
}

#[test]
fn what_is_wrong_is_named() {
    use StepFault::{Invalid, Missing, Unreadable, Unwanted};
    for (body, fault) in [
        (json!({}), Unreadable),
        (json!(["AUTHENTICATED", with("AUTHENTICATED", json!({}))["data"]]), Unreadable),
        (json!({"step": "ARRIVED", "data": {}}), Unreadable),
        (with("AUTHENTICATED", json!({"imei": "1"})), Unreadable),
        (json!({"step": "AUTHENTICATED", "data": {"os": "LINUX", "osVersion": "1"}}), Missing("platform")),
        (json!({"step": "AUTHENTICATED", "data": {"platform": "APP", "osVersion": "1"}}), Missing("os")),
        (json!({"step": "AUTHENTICATED", "data": {"platform": "APP", "os": "IOS"}}), Missing("osVersion")),
        (with("AUTHENTICATED", json!({"platform": "TV"})), Invalid("platform")),
        (with("AUTHENTICATED", json!({"os": "BEOS"})), Invalid("os")),
        (with("AUTHENTICATED", json!({"osVersion": " "})), Invalid("osVersion")),
        (with("AUTHENTICATED", json!({"osVersion": "1".repeat(101)})), Invalid("osVersion")),
        (with("AUTHENTICATED", json!({"type": "AUTHORISED"})), Unwanted("type")),
        (with("AUTHENTICATED", json!({"error": "x"})), Unwanted("error")),
        (with("REDIRECT_TARGET", json!({})), Missing("type")),
        (with("REDIRECT_TARGET", json!({"type": "AUTHORISED"})), Invalid("type")),
        (with("REDIRECT_TO_CLIENT", json!({"type": "AUTHORISED"})), Missing("uri_callback")),
        (with("REDIRECT_TO_CLIENT", json!({"uri_callback": URI})), Missing("type")),
        (
            with("REDIRECT_TO_CLIENT", json!({"uri_callback": URI, "type": "AWAITING_HANDOFF"})),
            Invalid("type"),
        ),
        (
            with("REDIRECT_TO_CLIENT", json!({"uri_callback": "a".repeat(2_001), "type": "REJECTED"})),
            Invalid("uri_callback"),
        ),
        (with("REDIRECT_TARGET_WITH_ERRORS", json!({})), Missing("error")),
        (with("REDIRECT_TO_SERVER", json!({"uri_callback": URI})), Unwanted("uri_callback")),
    ] {
        assert_eq!(read(&body).unwrap_err(), fault, "{body}");
    }
}
