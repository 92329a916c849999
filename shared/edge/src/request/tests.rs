//! What a request says, however it is written.

use serde_json::json;

use super::*;
use crate::sample;

fn asking(accept: Option<&str>, cookies: &[&str]) -> Request {
    let headers = accept.map_or_else(|| json!({}), |accept| json!({ "accept": accept }));
    let event = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": "/", "rawQueryString": "", "headers": headers,
        "cookies": cookies,
        "requestContext": {"http": {"method": "GET", "path": "/"}, "timeEpoch": 0},
        "isBase64Encoded": false,
    });
    Request::read(serde_json::from_value(event).unwrap(), Moment::from_millis(0))
}

#[test]
fn a_media_type_is_asked_for_by_its_name_alone() {
    for accept in ["application/json", "text/plain, Application/JSON;q=0.5"] {
        assert!(asking(Some(accept), &[]).names("application/json"), "{accept}");
    }
    let others = [None, Some("*/*"), Some("application/*"), Some("application/json;q=0, */*")];
    for accept in others {
        assert!(!asking(accept, &[]).names("application/json"), "{accept:?}");
    }
}

#[test]
fn cookies_are_read_by_their_name() {
    let request = asking(None, &["a=1", "b=2=3", "c"]);
    assert_eq!((request.cookie("a"), request.cookie("b")), (Some("1"), Some("2=3")));
    assert_eq!((request.cookie("c"), request.cookie("d")), (None, None));
}

#[test]
fn rfc9110_a_caller_takes_what_its_accept_header_has_room_for() {
    for accept in [
        None,
        Some("*/*"),
        Some("application/*"),
        Some("APPLICATION/JSON"),
        Some("text/html, application/json;q=0.5"),
        Some("text/html;q=0, Application/*; q=0.1"),
        Some("application/json;q=0, */*"),
    ] {
        assert!(asking(accept, &[]).accepts("application/json"), "{accept:?}");
    }
    for accept in
        ["", "text/html", "text/*", "application/jwt", "application", "*/*;q=0", "application/*; q=0.000"]
    {
        assert!(!asking(Some(accept), &[]).accepts("application/json"), "{accept}");
    }
    for weight in ["q=0", "q=0.0", "q=0.00", "q=0.000"] {
        let accept = format!("application/json;{weight}");
        assert!(!asking(Some(&accept), &[]).accepts("application/json"), "{weight}");
        assert!(!asking(Some(&accept), &[]).names("application/json"), "{weight}");
    }
}

#[test]
fn rfc6750_a_bearer_token_is_read_whatever_the_case_of_its_scheme() {
    let bearer =
        |value: &str| sample::request("", &json!({ "authorization": value }), "").bearer().map(str::to_owned);
    for value in ["Bearer abc", "bearer abc", "BEARER  abc "] {
        assert_eq!(bearer(value).as_deref(), Some("abc"), "{value}");
    }
    for value in ["", "abc", "Bearer", "Bearer ", "Bearer   ", "Basic abc"] {
        assert_eq!(bearer(value), None, "{value}");
    }
    assert_eq!(sample::request("", &json!({}), "").bearer(), None);
}

#[test]
fn a_media_type_is_read_without_its_parameters() {
    let read = |value: &str| sample::request("", &json!({ "content-type": value }), "").content_type();
    assert_eq!(read(" Application/JSON ; charset=utf-8").as_deref(), Some("application/json"));
    assert_eq!(read("application/jwt").as_deref(), Some("application/jwt"));
    assert_eq!(sample::request("", &json!({}), "").content_type(), None);
}

#[test]
fn a_request_says_what_the_gateway_handed_over() {
    let headers = json!({"X-Given": "yes\tsir", "x-broken": "a\u{1}b"});
    let request = sample::request("a=1&b=2%20x&a=3", &headers, "text");
    let request = request.with_ids(vec![("thingId", "urn:banco:1".to_owned())]);
    assert_eq!(
        (request.header("x-given"), request.header("x-broken"), request.header("x")),
        (Some("yes\tsir"), None, None)
    );
    let carried = ["x-given", "x-broken", "x"].map(|name| request.carries(name));
    assert_eq!(carried, [true, true, false], "what cannot be read is there all the same");
    let queried = ["a", "b", "c"].map(|name| request.query(name));
    assert_eq!(queried, [Some("1"), Some("2 x"), None]);
    let all: Vec<_> = request.queries().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(all, [("a", "1"), ("b", "2 x"), ("a", "3")]);
    assert_eq!((request.id("thingId"), request.id("other")), ("urn:banco:1", ""));
    assert_eq!((request.body(), request.has_readable_body()), ("text", true));
    assert_eq!(request.cookies().collect::<Vec<_>>(), [("a", "1"), ("b", "2")]);
    assert_eq!((request.host.as_str(), request.source.as_str()), ("mtls.example", "203.0.113.7"));
    let told = format!("{request:?}");
    assert!(told.contains("GET") && !told.contains("yes") && !told.contains("things"), "{told}");
}

#[test]
fn rfc9110_a_body_in_a_coding_is_known_by_its_header_and_there_is_none_without_a_body() {
    let coded = |coding: &str, body| {
        sample::request("", &json!({ "content-encoding": coding }), body).has_coded_body()
    };
    for coding in ["gzip", "GZIP", "identity, gzip", "br", "a\u{1}b"] {
        assert!(coded(coding, "{}"), "{coding}");
        assert!(!coded(coding, ""), "{coding}");
    }
    for coding in ["", "identity", "Identity", " identity "] {
        assert!(!coded(coding, "{}"), "{coding}");
    }
    assert!(!sample::request("", &json!({}), "{}").has_coded_body());
}

#[test]
fn a_body_that_the_gateway_wrote_as_base64_is_the_text_behind_it() {
    let body = |text: &str, encoded: bool| {
        let event =
            json!({"requestContext": {"http": {"method": "POST"}}, "body": text, "isBase64Encoded": encoded});
        let request = Request::read(serde_json::from_value(event).unwrap(), sample::now());
        request.has_readable_body().then(|| request.body().to_owned())
    };
    assert_eq!(body("eyJhIjoiw6kifQ==", true).as_deref(), Some(r#"{"a":"é"}"#));
    assert_eq!(body("eyJhIjoiw6kifQ==", false).as_deref(), Some("eyJhIjoiw6kifQ=="));
    for unreadable in ["no base64!", "//8="] {
        assert_eq!(body(unreadable, true), None, "{unreadable}");
    }
}
