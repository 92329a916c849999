//! Tests of funnel steps, open data, stock of consents and payment status.

use super::*;

const STOCK: &str = "/report-api/v1/consents/stock";
const OPEN_DATA: &str = "/report-api/v1/opendata/report";
const PAYMENTS: &str = "/report-api/v1/payments/status";

#[tokio::test]
async fn m40_m41_each_funnel_step_has_its_own_fields() {
    let bench = Bench::new();
    let common = |more: Value| {
        let mut item = json!({
            "consentId": "urn:x:1", "os": "LINUX", "osVersion": "20.04", "timestamp": clock::now().with_millis(),
        });
        for (name, value) in more.as_object().unwrap() {
            item[name] = value.clone();
        }
        item
    };
    let (client, server) = (bench.client.id.as_str(), bench.server.id.as_str());
    for (step, good, bad) in [
        (
            "client/redirect-to-server",
            json!({ "platform": "BROWSER", "clientOrgId": client, "uriAuthorizationEndpoint": "https://as/auth" }),
            json!({ "clientOrgId": client }),
        ),
        (
            "server/redirect-target",
            json!({ "type": "AWAITING_USER_AUTH", "serverOrgId": server }),
            json!({ "type": "AWAITING_USER_AUTH", "serverOrgId": server, "platform": "BROWSER" }),
        ),
        (
            "server/authenticated",
            json!({ "platform": "APP", "serverOrgId": "" }),
            json!({ "platform": "TV", "serverOrgId": "" }),
        ),
        (
            "server/redirect-to-client",
            json!({ "platform": "APP", "serverOrgId": "", "type": "AUTHORISED", "uri_callback": "https://c/cb" }),
            json!({ "platform": "APP", "serverOrgId": server, "type": "AUTHORISED" }),
        ),
        (
            "client/redirect-target-with-errors",
            json!({ "platform": "APP", "clientOrgId": client, "error": "access_denied" }),
            json!({ "platform": "APP", "clientOrgId": client }),
        ),
        (
            "client/redirect-target-without-errors",
            json!({ "platform": "APP", "clientOrgId": client }),
            json!({ "platform": "APP", "clientOrgId": server }),
        ),
    ] {
        let reporter = if step.starts_with("server") { &bench.server } else { &bench.client };
        let path = format!("/report-api/v2/hybrid-flow/{step}");
        let (good, bad) = (common(good), common(bad));
        let (status, verdicts) = bench.send(reporter, &path, &json!([good, bad])).await;
        assert_eq!(status, 207, "{step}");
        assert_eq!(verdicts[0]["status"], "ACCEPTED", "{step}: {verdicts}");
        assert_eq!(verdicts[1]["status"], "DISCARDED", "{step}: {verdicts}");
        // All bad is still 207 here, and a step told again is the same step.
        assert_eq!(bench.send(reporter, &path, &json!([bad])).await.0, 207, "{step}");
        let again = bench.send(reporter, &path, &json!([good])).await.1;
        assert_eq!(again[0]["reportId"], verdicts[0]["reportId"], "{step}");
    }
    let summary = bench.summary().await;
    assert_eq!(summary["funnel"]["byConsent"]["urn:x:1"].as_array().unwrap().len(), 6);
    assert_eq!(summary["repeatedOthers"], 6);
}

#[tokio::test]
async fn m52_open_data_has_a_list_and_fields_of_its_own() {
    let bench = Bench::new();
    let good = json!({
        "endpoint": "/open-banking/channels/v2/branches", "statusCode": 200, "httpMethod": "GET",
        "timestamp": clock::now().with_millis(), "processTimespan": 3,
        "additionalInfo": { "clientIp": "192.0.2.1" },
    });
    assert_eq!(bench.send(&bench.server, OPEN_DATA, &json!([good])).await.0, 200);
    for (field, value, message) in [
        (
            "endpoint",
            json!("/open-banking/accounts/v2/accounts"),
            "Unlisted endpoint: /open-banking/accounts/v2/accounts",
        ),
        ("additionalInfo", Value::Null, "Missing property: 'additionalInfo'"),
        (
            "additionalInfo",
            json!({ "consentId": "urn:x:1" }),
            "Additional property not allowed: additionalInfo.consentId",
        ),
        ("role", json!("SERVER"), "Additional property not allowed: role"),
    ] {
        let bad = with(good.clone(), field, value);
        let (status, verdicts) = bench.send(&bench.server, OPEN_DATA, &json!([good, bad])).await;
        assert_eq!((status, &verdicts[1]["message"]), (207, &json!(message)));
    }
    assert_eq!(bench.summary().await["openData"]["discarded"], 4);
}

fn stock(bench: &Bench, consents: u64) -> Value {
    json!({
        "date": clock::now().date_utc().to_string(), "orgId": bench.server.id, "role": "SERVER", "scope": "DADOS",
        "totalCustomerPF": 3, "totalCustomerPJ": 1,
        "consentsStockList": [
            { "clientOrgId": bench.client.id, "serverOrgId": bench.server.id, "totalActiveConsents": consents },
        ],
    })
}

#[tokio::test]
async fn m50_equal_stocks_keep_the_first_and_a_changed_one_replaces_it() {
    let bench = Bench::new();
    let send = async |consents| {
        let (status, verdict) = bench.send(&bench.server, STOCK, &stock(&bench, consents)).await;
        assert_eq!((status, &verdict["status"]), (200, &json!("ACCEPTED")), "{verdict}");
        verdict["reportId"].clone()
    };
    let first = send(7).await;
    assert_eq!(send(7).await, first);
    let changed = send(8).await;
    assert_ne!(changed, first);
    let days = bench.summary().await["stock"]["days"].clone();
    assert_eq!(
        (days.as_array().unwrap().len(), &days[0]["reportId"], &days[0]["consents"]),
        (1, &changed, &json!(8))
    );
    let bench = bench.restarted();
    assert_eq!(bench.summary().await["stock"]["days"], days);
}

#[tokio::test]
async fn m50_what_is_wrong_with_a_stock() {
    let bench = Bench::new();
    let tomorrow = clock::now().date_utc().plus_days(1).to_string();
    let mut foreign = stock(&bench, 7)["consentsStockList"].clone();
    foreign[0]["serverOrgId"] = bench.client.id.clone().into();
    for (field, value, message) in [
        ("date", json!(tomorrow), "Invalid field value: 'date' is in the future"),
        ("date", json!("22/11/2026"), "Invalid field value: 'date'"),
        ("orgId", json!(bench.client.id), "Requester id mismatch with: orgId"),
        ("scope", json!("PAGAMENTOS"), "Invalid field value: 'scope'"),
        ("totalCustomerPF", json!(7), "Invalid field value: unique customers are more than active consents"),
        ("totalCustomerPJ", json!("1"), "Field type mismatch: 'totalCustomerPJ' must be a number"),
        ("consentsStockList", foreign, "Requester id mismatch with: serverOrgId"),
        ("consentsStockList", Value::Null, "Missing property: 'consentsStockList'"),
    ] {
        let bad = with(stock(&bench, 7), field, value);
        let (status, verdict) = bench.send(&bench.server, STOCK, &bad).await;
        assert_eq!((status, &verdict["message"]), (200, &json!(message)), "{field}");
    }
    // Nobody shares anything: an empty list with no customers.
    let mut empty = with(stock(&bench, 0), "consentsStockList", json!([]));
    empty["totalCustomerPF"] = 0.into();
    empty["totalCustomerPJ"] = 0.into();
    assert_eq!(bench.send(&bench.server, STOCK, &empty).await.1["status"], "ACCEPTED");
    let refused = json!({ "message": "Invalid payload format: MUST be an object" });
    assert_eq!(bench.send(&bench.server, STOCK, &json!([empty])).await, (400, refused));
}

#[tokio::test]
async fn m51_payment_status_by_post_and_get() {
    let bench = Bench::new();
    let payment = |status: &str, kind: &str| {
        json!({
            "eventDateTime": clock::now().to_string(), "consentId": "urn:x:1", "paymentId": "P-1",
            "paymentStatus": status, "paymentType": kind, "clientOrgId": bench.client.id,
        })
    };
    let items =
        json!([payment("SCHD", "SCHEDULED"), payment("ACSC", "SCHEDULED"), payment("DONE", "RECURRENT")]);
    let (status, verdicts) = bench.send(&bench.server, PAYMENTS, &items).await;
    assert_eq!(
        (status, &verdicts[0]["paymentId"], &verdicts[2]["status"]),
        (207, &json!("P-1"), &json!("DISCARDED"))
    );
    let one = format!("{PAYMENTS}/P-1");
    let (status, found) = bench.send(&bench.server, &one, &Value::Null).await;
    assert_eq!(
        (status, &found["paymentStatus"], &found["reportId"]),
        (200, &json!("ACSC"), &verdicts[1]["reportId"])
    );
    assert_eq!(bench.send(&bench.client, &one, &Value::Null).await.0, 404);
    let again = bench.send(&bench.server, PAYMENTS, &json!([items[1]])).await.1;
    assert_eq!(again[0]["reportId"], verdicts[1]["reportId"]);
    for (field, value) in [
        ("paymentType", json!("LATER")),
        ("paymentId", json!("-1")),
        ("consentId", json!("x".repeat(101))),
        ("clientOrgId", json!("0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01")),
        ("eventDateTime", json!("2026-01-01")),
        ("paymentStatus", Value::Null),
    ] {
        let bad = with(payment("ACSC", "SWEEPING"), field, value);
        let (status, verdicts) = bench.send(&bench.server, PAYMENTS, &json!([bad])).await;
        assert_eq!((status, &verdicts[0]["status"]), (207, &json!("DISCARDED")), "{field}");
    }
    let bench = bench.restarted();
    assert_eq!(bench.send(&bench.server, &one, &Value::Null).await.1["reportId"], verdicts[1]["reportId"]);
}
