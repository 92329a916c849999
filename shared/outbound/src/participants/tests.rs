//! Calls against stub servers that are slow, silent, gone or sly.

use ponte_metrics::report::AdditionalInfo;
use ponte_metrics::report::additional::data::DataCall;
use ponte_metrics::report::additional::security::{Grant, SecurityCall};
use ponte_values::{ConsentId, SecretText};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use zeroize::Zeroizing;

use super::*;
use crate::http::Trust;
use crate::testing::{shown, trust};
use ponte_cloud::environment::{SystemClock, SystemIds};
use ponte_kit::authority::Authority;
use ponte_kit::outbox::OutboxInMemory;
use ponte_kit::stub::{Reply, Stub};

const INTERACTION_ID: &str = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
const OWN: &str = "11111111-1111-4111-8111-111111111111";
const OTHER: &str = "22222222-2222-4222-8222-222222222222";
const STATEMENT: &str = "33333333-3333-4333-8333-333333333333";
const ACCOUNTS: &str = "/open-banking/accounts/v2/accounts";

/// The only report so far.
fn report(outbox: &OutboxInMemory) -> Value {
    let rows = outbox.rows();
    assert_eq!(rows.len(), 1);
    serde_json::from_str(&rows[0].body).unwrap()
}

fn organisation(id: &str) -> OrganisationId {
    OrganisationId::parse(id).unwrap()
}

fn institutions(client: Client, outbox: Arc<dyn Outbox>) -> Institutions {
    let caller =
        Caller { organisation: organisation(OWN), statement: SoftwareStatementId::parse(STATEMENT).unwrap() };
    let pepper = Pepper::new(Zeroizing::new(vec![0; 16])).unwrap();
    let context = ReportContext { clock: Arc::new(SystemClock), ids: Arc::new(SystemIds), outbox };
    Institutions::new(client, caller, pepper, context)
}

fn plain() -> (Institutions, Arc<OutboxInMemory>) {
    let kept = Arc::new(OutboxInMemory::default());
    (institutions(http::client(&Trust::webpki(), None).unwrap(), kept.clone()), kept)
}

fn nothing(_: &CallEnd<'_>, _: Option<&ParticipantResponse>) -> AdditionalInfo {
    AdditionalInfo::none()
}

/// A read of accounts at `url` of `server`.
fn read<'a>(url: &'a str, server: &'a OrganisationId) -> OutgoingCall<'a> {
    OutgoingCall {
        endpoint: ACCOUNTS,
        method: "GET",
        url,
        server,
        interaction: InteractionId::parse(INTERACTION_ID).ok(),
        token: None,
        headers: &[("accept", "application/json")],
        body: None,
        correlation: None,
        info: &nothing,
    }
}

fn accounts(stub: &Stub) -> String {
    format!("{}{ACCOUNTS}", stub.url())
}

#[tokio::test]
async fn m11_a_call_is_made_with_our_certificate_and_reported_as_client() {
    let authority = Authority::generate();
    let stub = Stub::start_tls(authority.mutual_server(), |_, _| Reply::json(200, r#"{"data":[]}"#)).await;
    let kept = Arc::new(OutboxInMemory::default());
    let client = http::client(&trust(&authority), Some(&shown(authority.identity()))).unwrap();
    let institutions = institutions(client, kept.clone());
    let (server, token) = (organisation(OTHER), SecretText::from("token".to_owned()));
    let consent = ConsentId::parse("urn:banco:1").unwrap();
    let url = format!("{}/opbk{ACCOUNTS}?page=2", stub.tls_url());
    let info = |ended: &CallEnd<'_>, _: Option<&ParticipantResponse>| DataCall::Data(&consent).info(ended);
    let call =
        OutgoingCall { token: Some(&token), info: &info, correlation: Some("j-1"), ..read(&url, &server) };
    let answer = institutions.send(call).await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (200, br#"{"data":[]}"#.as_slice()));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let head = stub.heads()[0].to_ascii_lowercase();
    for sent in
        ["get /opbk/open-banking", "authorization: bearer token", &format!("{INTERACTION}: {INTERACTION_ID}")]
    {
        assert!(head.contains(sent), "{head}");
    }
    let mut report = report(&kept);
    let (timestamp, span) = (report["timestamp"].take(), report["processTimespan"].take());
    assert!(Moment::parse(timestamp.as_str().unwrap()).is_ok() && span.as_u64().unwrap() >= 1);
    assert_eq!(
        report,
        json!({
            "fapiInteractionId": INTERACTION_ID, "endpoint": ACCOUNTS, "statusCode": 200, "httpMethod": "GET",
            "timestamp": null, "processTimespan": null, "correlationId": "j-1", "clientSSId": STATEMENT,
            "clientOrgId": OWN, "serverOrgId": OTHER, "role": "CLIENT",
            "endpointUriPrefix": format!("{}/opbk", stub.tls_url()),
            "additionalInfo": {"consentId": "urn:banco:1", "tokenId": "6lzK4aJCmniV"},
        })
    );
}

#[tokio::test]
async fn m10_the_span_ends_with_the_first_byte_of_the_answer() {
    let (institutions, kept) = plain();
    let stub =
        Stub::start(|_, _| Reply::Slow { head: Duration::from_millis(150), body: Duration::ZERO }).await;
    let server = organisation(OTHER);
    let before = SystemClock.now();
    let answer = institutions.send(read(&accounts(&stub), &server)).await.unwrap();
    assert_eq!(answer.body, b"{}");
    let report = report(&kept);
    let sent = Moment::parse(report["timestamp"].as_str().unwrap()).unwrap();
    let span = report["processTimespan"].as_u64().unwrap();
    assert!(sent >= before && sent <= SystemClock.now());
    assert!(span >= 150, "{span}");
}

#[tokio::test]
async fn m10_a_body_that_comes_late_does_not_count() {
    let (institutions, kept) = plain();
    let stub =
        Stub::start(|_, _| Reply::Slow { head: Duration::ZERO, body: Duration::from_millis(350) }).await;
    let started = Instant::now();
    let server = organisation(OTHER);
    institutions.send(read(&accounts(&stub), &server)).await.unwrap();
    let whole = u64::try_from(started.elapsed().as_millis()).unwrap();
    let span = report(&kept)["processTimespan"].as_u64().unwrap();
    assert!(whole >= 350 && span + 100 <= whole, "{span} of {whole}");
}

#[tokio::test]
async fn m14_a_server_that_does_not_answer_is_a_408_once_our_patience_is_over() {
    let (mut institutions, kept) = plain();
    institutions.patience = Duration::from_millis(100);
    let stub = Stub::start(|_, _| Reply::Hang).await;
    let server = organisation(OTHER);
    let fault = institutions.send(read(&accounts(&stub), &server)).await.err().unwrap();
    assert!(matches!(fault, CallFault::GaveUp), "{fault}");
    let report = report(&kept);
    assert_eq!((&report["statusCode"], &report["fapiInteractionId"]), (&json!(408), &json!(INTERACTION_ID)));
    assert!(report["processTimespan"].as_u64().unwrap() >= 100);
}

#[test]
fn m14_our_patience_is_fifteen_seconds() {
    assert_eq!(plain().0.patience, Duration::from_secs(15));
}

#[tokio::test]
async fn m10_a_call_that_was_never_made_is_not_reported() {
    let (institutions, kept) = plain();
    let server = organisation(OTHER);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = format!("http://{}{ACCOUNTS}", listener.local_addr().unwrap());
    drop(listener);
    for url in [gone.as_str(), "no url", "https://"] {
        let fault = institutions.send(read(url, &server)).await.err().unwrap();
        assert!(matches!(fault, CallFault::Unreachable(_)), "{url}: {fault}");
    }
    let bad = OutgoingCall { method: "NO METHOD", ..read(&gone, &server) };
    assert!(matches!(institutions.send(bad).await.err().unwrap(), CallFault::Unreachable(_)));
    assert!(kept.rows().is_empty());
}

#[tokio::test]
async fn m10_a_connection_that_breaks_has_no_status_to_report() {
    let (institutions, kept) = plain();
    let stub = Stub::start(|_, _| Reply::Raw(Vec::new())).await;
    let server = organisation(OTHER);
    let fault = institutions.send(read(&accounts(&stub), &server)).await.err().unwrap();
    assert!(matches!(fault, CallFault::Broken(_)), "{fault}");
    assert!(kept.rows().is_empty());
}

#[tokio::test]
async fn m10_an_answer_without_its_body_is_reported_with_its_status() {
    let (institutions, kept) = plain();
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n123".to_vec();
    let stub = Stub::start(move |_, _| Reply::Raw(cut.clone())).await;
    let server = organisation(OTHER);
    let fault = institutions.send(read(&accounts(&stub), &server)).await.err().unwrap();
    assert!(matches!(fault, CallFault::Broken(_)), "{fault}");
    assert_eq!(report(&kept)["statusCode"], 200);
}

#[tokio::test]
async fn t28_a_redirect_is_an_answer() {
    let (institutions, kept) = plain();
    let inner = Stub::start(|_, _| Reply::json(200, "{}")).await;
    let target = inner.url();
    let stub = Stub::start(move |_, _| Reply::redirect(&target)).await;
    let server = organisation(OTHER);
    let answer = institutions.send(read(&accounts(&stub), &server)).await.unwrap();
    assert_eq!(answer.status, 302);
    assert!(inner.heads().is_empty());
    assert_eq!(report(&kept)["statusCode"], 302);
}

#[tokio::test]
async fn m15_a_server_that_was_told_no_interaction_id_says_its_own() {
    let (institutions, kept) = plain();
    let answer = format!(
        "HTTP/1.1 400 X\r\n{INTERACTION}: {INTERACTION_ID}\r\ncontent-type: application/json\r\ncontent-length: 25\r\n\r\n{{\"error\":\"invalid_grant\"}}"
    );
    let stub = Stub::start(move |_, _| Reply::Raw(answer.clone().into_bytes())).await;
    let server = organisation(OTHER);
    let url = format!("{}/as/token", stub.url());
    let info = |ended: &CallEnd<'_>, _: Option<&ParticipantResponse>| {
        assert_eq!(ended.error_code, Some("invalid_grant"));
        SecurityCall::Token(Grant::ClientCredentials).info(ended)
    };
    let call = OutgoingCall {
        endpoint: "/token",
        method: "POST",
        interaction: None,
        body: Some(b"grant_type=client_credentials".to_vec()),
        info: &info,
        ..read(&url, &server)
    };
    institutions.send(call).await.unwrap();
    assert_eq!(stub.bodies(), ["grant_type=client_credentials"]);
    let report = report(&kept);
    assert_eq!(
        (&report["fapiInteractionId"], &report["endpointUriPrefix"]),
        (&json!(INTERACTION_ID), &json!(url))
    );
    assert_eq!(report["additionalInfo"], json!({"grantType": "CLIENT_CREDENTIALS"}));
}

#[tokio::test]
async fn a_report_that_is_not_stored_does_not_fail_the_call() {
    let institutions = institutions(
        http::client(&Trust::webpki(), None).unwrap(),
        Arc::new(OutboxInMemory { fails: true.into(), ..OutboxInMemory::default() }),
    );
    let stub = Stub::start(|_, _| Reply::json(200, "{}")).await;
    let server = organisation(OTHER);
    assert_eq!(institutions.send(read(&accounts(&stub), &server)).await.unwrap().status, 200);
}
