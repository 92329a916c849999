//! Members of an event that cannot be read, one at a time: each is as if absent, and the call is served (LB-09).

use super::*;

/// An event with `member` in place of what is well formed; both are JSON text.
async fn with(pointer: &str, member: &str) -> (Value, Vec<OutboxRow>) {
    let outbox = Arc::new(OutboxInMemory::default());
    let router = router(Arc::clone(&outbox)).open("POST", "/text/{name}", None, hello).reported("/text");
    let mut event = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": "/text/a", "rawQueryString": "",
        "headers": {"x-fapi-interaction-id": GIVEN, "x-other": "1"}, "cookies": ["a=1", "b=2"], "body": "text",
        "requestContext": {
            "http": {"method": "POST", "path": "/text/a", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
            "timeEpoch": 1_772_366_400_000_i64, "domainName": "mtls.example",
        },
        "isBase64Encoded": false,
    });
    let holder = pointer.rsplit_once('/').map(|(holder, name)| (event.pointer_mut(holder).unwrap(), name));
    let (holder, name) = holder.unwrap();
    match holder {
        Value::Array(elements) => elements.push(json!("@@")),
        object => object[name] = json!("@@"),
    }
    let text = event.to_string().replace("\"@@\"", member);
    let answer = router.serve(serde_json::from_str(&text).unwrap()).await;
    (serde_json::to_value(answer).unwrap(), outbox.rows())
}

#[tokio::test]
async fn lb09_one_unreadable_member_is_as_if_absent() {
    let values = [
        "null",
        "7",
        "true",
        "[]",
        "{}",
        r#""\ud800""#,
        r#""\u0001""#,
        r#""a\nb""#,
        r#""\u007f""#,
        r#"[{"a":["b"]}]"#,
    ];
    let members = [
        "/headers/x-other",
        "/headers/",
        "/headers/with a space",
        "/headers/não",
        "/cookies/-",
        "/requestContext/timeEpoch",
        "/requestContext/domainName",
        "/requestContext/authentication",
        "/requestContext/http/path",
        "/requestContext/http/protocol",
        "/requestContext/http/sourceIp",
        "/requestContext/authorizer",
        "/requestContext/time",
        "/isBase64Encoded",
        "/rawQueryString",
        "/stageVariables",
        "/pathParameters",
        "/version",
        "/routeKey",
    ];
    for member in members {
        for value in values {
            let (answer, reports) = with(member, value).await;
            if member == "/isBase64Encoded" && value == "true" {
                // Its body is no base64.
                assert_eq!(answer["statusCode"], 400);
                continue;
            }
            assert_eq!(code(&answer).0, 200, "{member} {value}: {answer}");
            assert_eq!(answer["headers"]["x-fapi-interaction-id"], GIVEN, "{member} {value}");
            assert_eq!(reports.len(), 1, "{member} {value}");
        }
    }
}

#[tokio::test]
async fn lb09_a_name_that_is_no_text_takes_only_its_header_away() {
    let text = r#"{"headers":{"\ud800":"1","x-fapi-interaction-id":"22222222-2222-4222-8222-222222222222"},
        "rawPath":"/hello/a","requestContext":{"http":{"method":"GET"}}}"#;
    let answer = router(Arc::default()).serve(serde_json::from_str(text).unwrap()).await;
    assert_eq!((answer.status(), answer.header_value("x-fapi-interaction-id")), (200, Some(GIVEN)));
}

#[tokio::test]
async fn lb09_where_a_member_is_needed_it_is_the_caller_s_fault() {
    // The interaction id of a row, and a body.
    let unreadable = json!({"x-fapi-interaction-id": "\u{1}22222222-2222-4222-8222-222222222222"});
    let answer = call(&router(Arc::default()), "GET", ROW.template, unreadable).await;
    assert_eq!(code(&answer), (400, "PARAMETRO_INVALIDO".to_owned()));
    assert_eq!(answer["headers"]["x-v"], "1.2.3");
    for body in ["7", r#"{"a":1}"#, r#""\udc00""#] {
        let (answer, reports) = with("/body", body).await;
        assert_eq!(code(&answer), (400, "PARAMETRO_INVALIDO".to_owned()), "{body}");
        assert_eq!(answer["headers"]["x-fapi-interaction-id"], GIVEN);
        let report: Value =
            serde_json::from_str(reports.first().map_or("{}", |row| row.body.as_str())).unwrap();
        assert!(reports.is_empty() || report["statusCode"] == 400, "{body}");
    }
}

#[tokio::test]
async fn lb27_paths_that_make_no_sense_are_not_found_and_nothing_of_them_is_repeated() {
    let router = router(Arc::default());
    for path in
        ["/hello/a\u{1}\n/x", "\"\\'", "/\u{0}", &format!("/{}", "p".repeat(8_000)), "", "//", "/%2e%2e/"]
    {
        let answer = call(&router, "GET", path, json!({})).await;
        assert_eq!(code(&answer), (404, "NAO_ENCONTRADO".to_owned()), "{path}");
        assert!(path.len() < 4 || !answer.to_string().contains(&path[1..]), "{path}");
    }
}
