//! What a call that anybody can make costs in the log (T62): one line, of bounded length whatever was sent.

use super::*;

/// Bytes of one line, in whatever form it is written.
const LINE: usize = 512;

/// Calls of a flood: paths, queries, headers, bodies and methods as long as the gateway lets them be, and longer.
fn flood() -> Vec<Value> {
    let long = "segredo-".repeat(4_000);
    let mut calls = Vec::new();
    for method in ["GET", "HEAD", "POST", "BREW", &"X".repeat(4_000)] {
        for path in
            ["/hello/a", "/hello/", "/form", "/nothing", &format!("/hello/{long}"), &format!("/{long}")]
        {
            for value in ["x", long.as_str()] {
                calls.push(json!({
                    "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": format!("q={value}"),
                    "headers": {
                        "user-agent": value, "accept": value, "x-fapi-interaction-id": value, "x-correlation-id": value,
                        "authorization": value, "content-type": value, "referer": value,
                    },
                    "cookies": [format!("a={value}")],
                    "body": value,
                    "requestContext": {
                        "domainName": value,
                        "http": {
                            "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": value, "userAgent": value,
                        },
                        "timeEpoch": 1_772_366_400_000_i64,
                    },
                    "isBase64Encoded": false,
                }));
            }
        }
    }
    calls
}

#[tokio::test]
async fn t62_an_anonymous_call_costs_one_short_line_of_the_log_whatever_is_sent() {
    let router = router(Arc::default());
    let log = Log::capture();
    let mut written = 0;
    for event in flood() {
        router.serve(serde_json::from_value(event.clone()).unwrap()).await;
        let text = log.text();
        let line = &text[written..];
        written = text.len();
        assert_eq!(line.lines().count(), 1, "{line}");
        assert!(line.len() <= LINE, "{} bytes: {line}", line.len());
        assert!(!line.contains("segredo"), "{line}");
    }
    let calls = flood().len();
    println!("{calls} calls, {} bytes of the log each", written / calls);
}
