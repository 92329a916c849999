//! Requests that are refused as a whole, and the answers to batches (M02, M03).

use super::*;

#[tokio::test]
async fn m03_207_keeps_the_order_and_echoes_the_correlation() {
    let bench = Bench::new();
    let good = with(bench.report("CLIENT"), "correlationId", json!("first"));
    let bad = with(with(bench.report("CLIENT"), "statusCode", json!(1)), "correlationId", json!("second"));
    let (status, verdicts) = bench.send(&bench.client, PRIVATE, &json!([good, bad])).await;
    assert_eq!(status, 207);
    for (verdict, said, correlation) in
        [(&verdicts[0], "ACCEPTED", "first"), (&verdicts[1], "DISCARDED", "second")]
    {
        assert_eq!((&verdict["status"], &verdict["correlationId"]), (&json!(said), &json!(correlation)));
    }
    // The documentation writes the path with a slash at its end.
    assert_eq!(bench.send(&bench.client, &format!("{PRIVATE}/"), &json!([good])).await.0, 200);
}

#[tokio::test]
async fn m03_batches_that_are_refused_as_a_whole() {
    let bench = Bench::new();
    let funnel = "/report-api/v2/hybrid-flow/server/authenticated";
    let not_a_list = json!({ "message": "Invalid payload format: MUST be an array" });
    assert_eq!(bench.send(&bench.client, PRIVATE, &json!({})).await, (400, not_a_list));
    assert_eq!(bench.send(&bench.client, PRIVATE, &json!([])).await.0, 400);
    assert_eq!(bench.send(&bench.server, funnel, &json!([])).await, (200, json!([])));
    let many = |count| Value::Array(vec![json!(1); count]);
    let too_many = json!({ "message": "Record limit exceeded" });
    assert_eq!(bench.send(&bench.client, PRIVATE, &many(5_001)).await, (413, too_many.clone()));
    assert_eq!(bench.send(&bench.client, PRIVATE, &many(5_000)).await.0, 400);
    assert_eq!(bench.send(&bench.client, funnel, &many(1_001)).await, (413, too_many));
    let large = json!(["x".repeat(10 * 1024 * 1024)]);
    assert_eq!(
        bench.send(&bench.client, PRIVATE, &large).await,
        (413, json!({ "message": "Payload Too Large" }))
    );
}

#[tokio::test]
async fn m02_m03_addresses_methods_tokens_and_types() {
    let bench = Bench::new();
    let headers = || bench.headers(&bench.client);
    for path in [
        "/report-api/v2/hybrid-flow/server/nothing",
        "/report-api/v1/private/reports",
        "/report-api/v1/private/report/a/b",
        "/private/report",
    ] {
        assert_eq!(bench.raw(Method::POST, path, headers(), "[]".into()).await.0, 404, "{path}");
    }
    // A report cannot be changed: it is fixed and sent again.
    for (method, path) in [
        (Method::GET, PRIVATE.to_owned()),
        (Method::PUT, format!("{PRIVATE}/{INTERACTION}")),
        (Method::DELETE, format!("{PRIVATE}/{INTERACTION}")),
        (Method::GET, "/report-api/v1/consents/stock".to_owned()),
    ] {
        assert_eq!(bench.raw(method.clone(), &path, headers(), "[]".into()).await.0, 405, "{method} {path}");
    }
    let mut plain = headers();
    plain.insert("content-type", "text/plain".parse().unwrap());
    assert_eq!(bench.raw(Method::POST, PRIVATE, plain, "[]".into()).await.0, 415);
    for (accept, status) in
        [("application/xml", 406), ("text/html, */*;q=0.1", 400), ("application/json", 400)]
    {
        let mut headers = headers();
        headers.insert("accept", accept.parse().unwrap());
        assert_eq!(bench.raw(Method::POST, PRIVATE, headers, "[]".into()).await.0, status, "{accept}");
    }
    assert_eq!(bench.raw(Method::POST, PRIVATE, HeaderMap::new(), "[]".into()).await.0, 401);
    let mut headers = HeaderMap::new();
    headers.insert("authorization", "Bearer not.a.token".parse().unwrap());
    let refused = json!({ "message": "Unauthorized" });
    assert_eq!(bench.raw(Method::POST, PRIVATE, headers, "[]".into()).await, (401, refused));
}

#[tokio::test]
async fn m03_more_than_300_requests_a_second_are_429_with_retry_after() {
    let bench = Bench::new();
    // More than the limit of any two neighbouring seconds, counted in far less than two.
    for _ in 0..602 {
        bench.pcm.counters().admits(clock::now());
    }
    let answer = bench.answer(Method::POST, PRIVATE, bench.headers(&bench.client), "[]".into()).await;
    // The second may have turned since.
    if answer.status == 429 {
        assert_eq!(answer.headers["retry-after"], "1");
    } else {
        assert_eq!(answer.status, 400);
    }
}

#[tokio::test]
async fn requests_and_their_items_are_counted() {
    let bench = Bench::new();
    bench.report_one(&bench.report("CLIENT")).await;
    bench.send(&bench.client, PRIVATE, &json!([])).await;
    bench.told(&bench.client).await;
    assert_eq!(
        bench.summary().await["requests"],
        json!([
            { "place": "private", "status": 200, "count": 1, "items": 1 },
            { "place": "private", "status": 400, "count": 1, "items": 0 },
            { "place": "private query", "status": 200, "count": 1, "items": 0 },
        ])
    );
}

/// T50: good items may be discarded on order, every so manieth of the next batches.
#[tokio::test]
async fn t50_discards_to_order() {
    let bench = Bench::new();
    let order = json!({ "every": 2, "message": "Report is too old: by order", "batches": 1 });
    let path = "/sandbox/discards";
    assert_eq!(bench.raw(Method::POST, path, HeaderMap::new(), order.to_string()).await.0, 200);
    let items: Vec<Value> =
        (0..3).map(|_| with(bench.report("CLIENT"), "fapiInteractionId", json!(clock::new_id()))).collect();
    let (status, verdicts) = bench.send(&bench.client, PRIVATE, &json!(items)).await;
    assert_eq!(status, 207);
    let said: Vec<&Value> = verdicts.as_array().unwrap().iter().map(|verdict| &verdict["status"]).collect();
    assert_eq!(said, ["DISCARDED", "ACCEPTED", "DISCARDED"]);
    assert_eq!(bench.send(&bench.client, PRIVATE, &json!(items)).await.0, 200);
    assert_eq!(
        bench.raw(Method::DELETE, path, HeaderMap::new(), String::new()).await.1,
        json!({ "order": null })
    );
}

/// The platform's list may be of another version than ours.
#[tokio::test]
async fn m13_endpoints_are_withdrawn_to_order() {
    let bench = Bench::new();
    let item = bench.report("CLIENT");
    let order = json!({ "withdrawn": [item["endpoint"]] });
    let control = |method, body: String| bench.raw(method, "/sandbox/endpoints", HeaderMap::new(), body);
    assert_eq!(control(Method::POST, order.to_string()).await, (200, order));
    let message = "Unlisted endpoint: /open-banking/accounts/v2/accounts";
    assert_eq!(bench.report_one(&item).await["message"], message);
    control(Method::DELETE, String::new()).await;
    assert_eq!(bench.report_one(&item).await["status"], "ACCEPTED");
}
