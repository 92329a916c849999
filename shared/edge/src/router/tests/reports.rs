//! Which calls are reported, and what their reports say.

use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, PKCS_RSA_SHA256,
};

use super::*;

const ZEROS: &str = "00000000-0000-0000-0000-000000000000";
/// Arrival at the gateway, 250 ms before the clock of the tests.
const ARRIVED: i64 = 1_772_366_399_750;

/// A certificate of the organisation, as the gateway passes it on.
fn certificate() -> String {
    let key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
    let mut params = CertificateParams::default();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CustomDnType(vec![2, 5, 4, 97]), format!("OFBBR-{ORGANISATION}"));
    params.self_signed(&key).unwrap().pem()
}

/// Calls over a connection of `certificate`; the answer and the reports.
async fn called(path: &str, interaction: Option<&str>, certificate: Option<&str>) -> (Value, Vec<Value>) {
    let outbox = Arc::new(OutboxInMemory::default());
    let router = router(Arc::clone(&outbox)).open("GET", "/broken/{name}", None, hello).reported("/broken");
    let mut event = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "", "headers": {},
        "requestContext": {
            "http": {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
            "timeEpoch": ARRIVED,
        },
        "isBase64Encoded": false,
    });
    if let Some(id) = interaction {
        event["headers"]["x-fapi-interaction-id"] = id.into();
    }
    if let Some(pem) = certificate {
        event["requestContext"]["authentication"] = json!({"clientCert": {
            "clientCertPem": pem, "subjectDN": "", "issuerDN": "", "serialNumber": "1",
            "validity": {"notBefore": "", "notAfter": ""},
        }});
    }
    let answer = serde_json::to_value(router.serve(serde_json::from_value(event).unwrap()).await).unwrap();
    let rows = outbox.rows();
    (answer, rows.iter().map(|row| serde_json::from_str(&row.body).unwrap()).collect())
}

#[tokio::test]
async fn m10_a_served_call_is_timed_from_its_arrival_at_the_gateway() {
    let (_, reports) = called("/broken/a", Some(GIVEN), None).await;
    assert_eq!(reports[0]["httpMethod"], "GET");
    assert_eq!(reports[0]["timestamp"], "2026-03-01T11:59:59.750Z");
    assert_eq!(reports[0]["processTimespan"], 250);
}

#[tokio::test]
async fn m15_an_interaction_id_of_zeros_is_refused_and_the_refusal_reported_under_a_fresh_one() {
    let pem = certificate();
    let (answer, reports) = called(ROW.template, Some(ZEROS), Some(&pem)).await;
    assert_eq!(code(&answer), (400, "PARAMETRO_INVALIDO".to_owned()));
    assert_eq!(answer["headers"]["x-fapi-interaction-id"], FRESH);
    let report = &reports[0];
    assert_eq!(
        (&report["fapiInteractionId"], &report["statusCode"], &report["clientOrgId"]),
        (&json!(FRESH), &json!(400), &json!(ORGANISATION))
    );
}

#[tokio::test]
async fn m15_a_call_that_panicked_is_reported_as_what_it_answered() {
    let pem = certificate();
    let (answer, reports) = called("/broken/panic", Some(GIVEN), Some(&pem)).await;
    assert_eq!(code(&answer), (500, "ERRO_INTERNO".to_owned()));
    assert_eq!((&reports[0]["statusCode"], &reports[0]["endpoint"]), (&json!(500), &json!("/broken")));
}

#[tokio::test]
async fn m21_m22_a_call_of_nobody_we_know_is_not_reported() {
    for certificate in [None, Some("no certificate")] {
        let (answer, reports) = called(ROW.template, None, certificate).await;
        assert_eq!((code(&answer).0, reports), (400, Vec::<Value>::new()));
    }
}
