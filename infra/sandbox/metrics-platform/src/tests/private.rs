//! Every reason to discard a private report (M10 to M15, M22, M30 to M39).

use super::*;

#[tokio::test]
async fn m10_to_m22_every_reason_to_discard() {
    let bench = Bench::new();
    let old = Moment::from_seconds(clock::now().seconds() - 8 * 86_400);
    let ahead = Moment::from_seconds(clock::now().seconds() + 600);
    let unknown = "0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01";
    let none = Value::Null;
    for (role, field, value, text) in [
        ("CLIENT", "httpMethod", none.clone(), "Missing property: 'httpMethod'"),
        ("CLIENT", "httpMethod", json!("HEAD"), "Invalid field value: 'httpMethod'"),
        ("CLIENT", "endpoint", json!("/open-banking/x/v1/y"), "Unlisted endpoint: /open-banking/x/v1/y"),
        ("CLIENT", "endpoint", json!("/token"), "Unlisted endpoint: GET /token"),
        (
            "SERVER",
            "endpoint",
            json!("/open-banking/channels/v2/branches"),
            "Unlisted endpoint: /open-banking/channels/v2/branches",
        ),
        ("CLIENT", "clientOrgId", none.clone(), "Missing property: 'clientOrgId'"),
        ("CLIENT", "clientOrgId", json!("x"), "Invalid field value: 'clientOrgId'"),
        ("CLIENT", "clientOrgId", json!(bench.server.id), "Requester id mismatch with: clientOrgId"),
        ("SERVER", "serverOrgId", json!(bench.client.id), "Requester id mismatch with: serverOrgId"),
        (
            "CLIENT",
            "serverOrgId",
            json!(unknown),
            "OrganisationId doesn't exist on Directory: 0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01",
        ),
        (
            "CLIENT",
            "clientSSId",
            json!(bench.server.software_statement_id),
            "Invalid field value: 'clientSSId' is not of 'clientOrgId'",
        ),
        ("CLIENT", "clientSSId", none.clone(), "Missing property: 'clientSSId'"),
        ("SERVER", "clientSSId", json!("x"), "Additional property not allowed: clientSSId"),
        ("SERVER", "endpointUriPrefix", json!("x"), "Additional property not allowed: endpointUriPrefix"),
        ("CLIENT", "serverASId", json!("x"), "Additional property not allowed: serverASId"),
        ("CLIENT", "additionalInfo", none.clone(), "Missing property: 'additionalInfo'"),
        ("CLIENT", "additionalInfo", json!([]), "Field type mismatch: 'additionalInfo' must be an object"),
        (
            "CLIENT",
            "processTimespan",
            json!(0),
            "Invalid field value: processTimespan must be greater than zero",
        ),
        (
            "CLIENT",
            "processTimespan",
            json!("1"),
            "Field type mismatch: 'processTimespan' must be an integer",
        ),
        ("CLIENT", "statusCode", json!(199), "Invalid field value: statusCode must be between 200 and 599"),
        ("CLIENT", "statusCode", json!(600), "Invalid field value: statusCode must be between 200 and 599"),
        (
            "CLIENT",
            "timestamp",
            json!(old.with_millis()),
            "Report is too old: Timestamp is older than 7 days",
        ),
        (
            "CLIENT",
            "timestamp",
            json!(ahead.with_millis()),
            "Invalid field value: 'timestamp' is in the future",
        ),
        ("CLIENT", "timestamp", json!("yesterday"), "Invalid field value: 'timestamp'"),
        ("CLIENT", "timestamp", json!(clock::now().to_string()), "Invalid field value: 'timestamp'"),
        (
            "CLIENT",
            "fapiInteractionId",
            json!("00000000-0000-0000-0000-000000000000"),
            "Invalid field value: 'fapiInteractionId'",
        ),
        ("SERVER", "fapiInteractionId", none.clone(), "Missing property: 'fapiInteractionId'"),
        ("CLIENT", "role", json!("BOTH"), "Invalid field value: 'role'"),
        ("CLIENT", "role", none.clone(), "Missing property: 'role'"),
        ("CLIENT", "endpointUriPrefix", json!("x".repeat(201)), "Invalid field value: 'endpointUriPrefix'"),
        ("CLIENT", "endpointUriPrefix", json!("https://é"), "Invalid field value: 'endpointUriPrefix'"),
        ("CLIENT", "correlationId", json!("x".repeat(101)), "Invalid field value: 'correlationId'"),
        ("CLIENT", "correlationId", json!("a;b"), "Invalid field value: 'correlationId'"),
    ] {
        let reporter = if role == "SERVER" { &bench.server } else { &bench.client };
        let item = with(bench.report(role), field, value);
        let (status, verdicts) = bench.send(reporter, PRIVATE, &json!([item])).await;
        assert_eq!(status, 400, "{field}: {verdicts}");
        assert_eq!((&verdicts[0]["status"], &verdicts[0]["message"]), (&json!("DISCARDED"), &json!(text)));
    }
    assert_eq!(
        bench.report_one(&json!("text")).await["message"],
        "Invalid payload format: each item MUST be an object"
    );
}

#[tokio::test]
async fn m15_m22_the_edges_of_what_is_taken() {
    let bench = Bench::new();
    let at = |seconds: i64| json!(Moment::from_seconds(clock::now().seconds() + seconds).with_millis());
    for (role, field, value) in [
        ("CLIENT", "timestamp", at(-7 * 86_400 + 60)),
        ("CLIENT", "timestamp", at(290)),
        ("CLIENT", "statusCode", json!(599)),
        ("CLIENT", "correlationId", json!("x".repeat(100))),
        ("CLIENT", "endpointUriPrefix", json!("x".repeat(200))),
        ("CLIENT", "additionalInfo", json!({})),
        ("SERVER", "additionalInfo", json!({})),
        ("SERVER", "additionalInfo", json!({ "dropReason": "CREDENTIAL_UNAVAILABLE" })),
    ] {
        let item = with(bench.report(role), field, value);
        let verdict = bench.report_one(&item).await;
        assert_eq!(verdict["status"], "ACCEPTED", "{field}: {verdict}");
    }
}

#[tokio::test]
async fn m30_to_m39_additional_info_by_name_and_type() {
    let bench = Bench::new();
    for (info, message) in [
        (json!({ "consentId": 1 }), "Field type mismatch: 'additionalInfo.consentId' must be a string"),
        (json!({ "consentId": "x" }), "Invalid field value: 'additionalInfo.consentId'"),
        (json!({ "dropReason": "NONE" }), "Additional property not allowed: additionalInfo.dropReason"),
        (json!({ "anything": "x" }), "Additional property not allowed: additionalInfo.anything"),
        (json!({ "tokenId": "short" }), "Invalid field value: 'additionalInfo.tokenId'"),
        (json!({ "nfcPayment": true }), "Field type mismatch: 'additionalInfo.nfcPayment' must be a string"),
        (json!({ "nfcPayment": "yes" }), "Invalid field value: 'additionalInfo.nfcPayment'"),
        (json!({ "personType": "PX" }), "Invalid field value: 'additionalInfo.personType'"),
        (json!({ "paymentType": "NOW" }), "Invalid field value: 'additionalInfo.paymentType'"),
        (json!({ "errorCodes": ["A", "B"] }), "Invalid field value: 'additionalInfo.errorCodes'"),
        (json!({ "errorCodes": [1] }), "Field type mismatch: 'additionalInfo.errorCodes' must be a string"),
        (
            json!({ "statusSummary": { "available": 1 } }),
            "Missing property: 'additionalInfo.statusSummary.unavailable'",
        ),
        (
            json!({ "companyProfileInfo": { "porteEmpresa": "5" } }),
            "Invalid field value: 'additionalInfo.companyProfileInfo.porteEmpresa'",
        ),
        (json!({ "paymentList": vec![json!({}); 61] }), "Invalid field value: 'additionalInfo.paymentList'"),
        (
            json!({ "paymentList": [{ "paymentId": 1 }] }),
            "Field type mismatch: 'additionalInfo.paymentList.paymentId' must be a string",
        ),
    ] {
        let verdict = bench.report_one(&with(bench.report("CLIENT"), "additionalInfo", info.clone())).await;
        assert_eq!(verdict["message"], message, "{info}");
    }
    for info in [
        json!({ "errorCodes": [] }),
        json!({ "errorCodes": ["A"] }),
        json!({ "errorCodes": "A" }),
        json!({ "statusSummary": {
            "available": "1", "unavailable": "0", "temporarilyUnavailable": "0", "pendingAuthorisation": "0" } }),
        json!({ "statusSummary": {
            "available": 1, "unavailable": 0, "temporary_unavailable": 0, "pending_authorisation": 0 } }),
        json!({ "companyProfileInfo": { "naturezaJuridica": "2062", "porteEmpresa": "05" } }),
        json!({ "paymentList": [{ "paymentId": "p", "status": "ACSC" }], "paymentType": "AUTOMATIC" }),
        json!({ "grantType": "CLIENT_CREDENTIALS", "webhookEnable": "FALSE", "authenticatorAttachment": "" }),
    ] {
        let verdict = bench.report_one(&with(bench.report("CLIENT"), "additionalInfo", info.clone())).await;
        assert_eq!(verdict["status"], "ACCEPTED", "{info}: {verdict}");
    }
    for info in [json!({ "consentId": "urn:x:1" }), json!({ "dropReason": "MAYBE" })] {
        let verdict = bench.report_one(&with(bench.report("SERVER"), "additionalInfo", info.clone())).await;
        assert_eq!(verdict["status"], "DISCARDED", "{info}");
    }
}
