//! Events against the documented shape of payload format 2.0.

use http::Request;
use serde_json::{Value, json};

use super::*;
use crate::gateway::routes::Routes;

fn event(request: http::request::Builder, body: &[u8]) -> Value {
    let caller = Caller { address: "127.0.0.1".parse().unwrap(), port: 8440, certificate: None };
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let mut event = Event::new("mtlsapi", &caller, &parts);
    let route = |path: &str, function: &str| Route {
        api: "a".to_owned(),
        method: "ANY".to_owned(),
        path: path.to_owned(),
        function: function.to_owned(),
    };
    let routes = Routes::of(
        "a",
        &[
            route("/open-banking/{proxy+}", "data"),
            route("/open-banking/oob-consents/{proxy+}", "consents"),
            route("/auth/{proxy+}", "oauth"),
        ],
    );
    let found = routes.find(event.method(), event.wire_path()).unwrap();
    event.set_route(found);
    serde_json::from_slice(&event.to_json(&Bytes::copy_from_slice(body))).unwrap()
}

#[test]
fn every_field_of_the_documented_shape_is_there() {
    let request = Request::get("/open-banking/accounts/v2/accounts?page=2&tag=a&tag=b%20c&empty")
        .header("Host", "localhost:8440")
        .header("X-Two", "one")
        .header("x-two", "two, three")
        .header("Cookie", "a=1; b=2")
        .header("User-Agent", "receiver/1");
    let event = event(request, b"");
    assert_eq!(event["version"], "2.0");
    assert_eq!(event["routeKey"], "ANY /open-banking/{proxy+}");
    assert_eq!(event["rawPath"], "/open-banking/accounts/v2/accounts");
    assert_eq!(event["rawQueryString"], "page=2&tag=a&tag=b%20c&empty");
    assert_eq!(event["queryStringParameters"], json!({"page": "2", "tag": "a,b c", "empty": ""}));
    assert_eq!(event["pathParameters"], json!({"proxy": "accounts/v2/accounts"}));
    assert_eq!(event["cookies"], json!(["a=1", "b=2"]));
    assert_eq!(event["headers"]["x-two"], "one,two, three");
    assert!(event["headers"].get("cookie").is_none());
    assert_eq!(event["headers"]["x-forwarded-for"], "127.0.0.1");
    assert_eq!(event["headers"]["x-forwarded-port"], "8440");
    assert_eq!(event["headers"]["x-forwarded-proto"], "https");
    assert_eq!(event["isBase64Encoded"], false);
    assert!(event.get("body").is_none());
    let context = &event["requestContext"];
    assert_eq!(context["accountId"], "000000000000");
    assert_eq!(context["apiId"], "mtlsapi");
    assert_eq!(context["stage"], "$default");
    assert_eq!(context["routeKey"], event["routeKey"]);
    assert_eq!(
        (&context["domainName"], &context["domainPrefix"]),
        (&json!("localhost"), &json!("localhost"))
    );
    assert!(context.get("authentication").is_none());
    let http = json!({"method": "GET", "path": "/open-banking/accounts/v2/accounts", "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1", "userAgent": "receiver/1"});
    assert_eq!(context["http"], http);
    assert!(context["timeEpoch"].as_i64().unwrap() > 1_700_000_000_000);
    let time = context["time"].as_str().unwrap();
    assert!(time.len() == 26 && time.ends_with(" +0000"), "{time}");
}

#[test]
fn certificate_headers_of_a_caller_are_dropped() {
    let request = Request::get("/open-banking/x")
        .header("x-amzn-mtls-clientcert", "forged")
        .header("X-Amzn-Mtls-Clientcert-Leaf", "forged")
        .header("x-client-cert", "forged")
        .header("X-Client-Certificate", "forged")
        .header("x-forwarded-client-cert", "forged")
        .header("ssl-client-cert", "forged")
        .header("connection", "keep-alive, x-hop")
        .header("x-hop", "1")
        .header("x-kept", "1");
    let event = event(request, b"");
    let names: Vec<&String> = event["headers"].as_object().unwrap().keys().collect();
    assert!(!event.to_string().contains("forged"), "{names:?}");
    assert!(event["headers"].get("x-hop").is_none() && event["headers"].get("connection").is_none());
    assert_eq!(event["headers"]["x-kept"], "1");
}

#[test]
fn text_travels_as_text_and_everything_else_as_base64() {
    let body = |content_type: Option<&str>, body: &[u8]| {
        let mut request = Request::post("/open-banking/x");
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let event = event(request, body);
        (event["body"].as_str().unwrap().to_owned(), event["isBase64Encoded"].as_bool().unwrap())
    };
    assert_eq!(body(Some("application/json; charset=utf-8"), b"{}"), ("{}".to_owned(), false));
    assert_eq!(body(Some("text/plain"), b"x"), ("x".to_owned(), false));
    assert_eq!(body(Some("application/x-www-form-urlencoded"), b"a=1"), ("YT0x".to_owned(), true));
    assert_eq!(body(Some("application/jwt"), b"a.b.c"), ("YS5iLmM=".to_owned(), true));
    assert_eq!(body(None, b"x"), ("eA==".to_owned(), true));
    assert_eq!(body(Some("application/json"), &[0xff]), ("/w==".to_owned(), true));
}

#[test]
fn the_path_arrives_decoded_and_http2_gets_a_host() {
    let request = Request::get("https://localhost:8440/open-banking/urn%3Abank%3A1").version(Version::HTTP_2);
    let event = event(request, b"");
    assert_eq!(event["rawPath"], "/open-banking/urn:bank:1");
    assert_eq!(event["pathParameters"]["proxy"], "urn:bank:1");
    assert_eq!(event["headers"]["host"], "localhost:8440");
    assert_eq!(event["requestContext"]["http"]["protocol"], "HTTP/2.0");
}

#[test]
fn the_files_of_events_are_what_this_gateway_would_send() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../events");
    let mut seen = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let told: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let http = &told["requestContext"]["http"];
        let Some(method) = http["method"].as_str() else { continue };
        seen += 1;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let query = Some(text(&told["rawQueryString"])).filter(|query| !query.is_empty());
        let uri = text(&told["rawPath"]) + &query.map_or(String::new(), |query| format!("?{query}"));
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in told["headers"].as_object().unwrap() {
            request = request.header(name, value.as_str().unwrap());
        }
        let body = text(&told["body"]);
        let encoded = told["isBase64Encoded"] == true;
        let body = if encoded { STANDARD.decode(body).unwrap() } else { body.into_bytes() };
        assert_eq!(told["headers"]["content-length"], body.len().to_string(), "{}", path.display());
        let sent = event(request, &body);
        for part in
            ["rawPath", "routeKey", "pathParameters", "queryStringParameters", "body", "isBase64Encoded"]
        {
            assert_eq!(told.get(part), sent.get(part), "{part} in {}", path.display());
        }
        for part in ["", "/requestContext", "/requestContext/http"] {
            let keys = |event: &Value| -> Vec<String> {
                let object = event.pointer(part).unwrap().as_object().unwrap();
                object.keys().filter(|key| *key != "authentication").cloned().collect()
            };
            assert_eq!(keys(&told), keys(&sent), "{part} in {}", path.display());
        }
    }
    assert!(seen >= 6, "only {seen} HTTP events");
}
