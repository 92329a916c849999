//! SDK clients: what they trust and call, connections that died, signatures of the wrong time, credentials that are over.

use std::sync::atomic::{AtomicI64, Ordering};

use super::*;
use crate::testing::aws_at;
use aws_sdk_dynamodb::primitives::{DateTime, DateTimeFormat};
use connections::AMAZON_ROOTS;
use ponte_kit::clock::ManualClock;
use ponte_kit::proxy::Proxy;
use ponte_kit::stub::{Reply, Stub};
use ponte_ports::Clock as _;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

#[test]
fn every_pinned_root_is_readable() {
    let mut store = rustls::RootCertStore::empty();
    for root in CertificateDer::pem_slice_iter(AMAZON_ROOTS) {
        store.add(root.unwrap()).unwrap();
    }
    assert_eq!(store.len(), 5);
}

#[test]
fn a_service_endpoint_wins_over_the_general_one() {
    let source = |name: &str| {
        let value = match name {
            "AWS_REGION" => "sa-east-1",
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => "test",
            "AWS_ENDPOINT_URL" => "http://127.0.0.1:1",
            "AWS_ENDPOINT_URL_DYNAMODB" => "http://127.0.0.1:2",
            _ => return None,
        };
        Some(value.to_owned())
    };
    let aws = Aws::read_from(&source).unwrap();
    assert_eq!(aws.endpoints.dynamodb.as_deref(), Some("http://127.0.0.1:2"));
    assert_eq!(aws.endpoints.sqs.as_deref(), Some("http://127.0.0.1:1"));
    assert_eq!(aws.endpoints.secrets.as_deref(), Some("http://127.0.0.1:1"));
}

#[test]
fn missing_credentials_are_named_together() {
    let Err(error) = Aws::read_from(&|_| None) else { panic!("read from nothing") };
    let text = error.to_string();
    for name in ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        assert!(text.contains(&format!("{name} is missing")), "{text}");
    }
}

/// A store that is called through a proxy, by a clock to be set.
async fn behind_a_proxy(stub: &Stub) -> (aws_sdk_dynamodb::Client, Proxy, Arc<ManualClock>) {
    let (proxy, clock) = (Proxy::before(stub.address).await, Arc::new(ManualClock::default()));
    let mut aws = aws_at(&proxy.url());
    aws.http = SharedHttpClient::new(Connections::by(clock.clone()));
    (aws.dynamodb(), proxy, clock)
}

async fn reads(client: &aws_sdk_dynamodb::Client, at_once: usize) {
    let reads = (0..at_once).map(|_| {
        let request = client
            .get_item()
            .table_name("t")
            .key("pk", aws_sdk_dynamodb::types::AttributeValue::S("p".into()));
        tokio::spawn(request.send())
    });
    for read in reads.collect::<Vec<_>>() {
        read.await.unwrap().unwrap();
    }
}

async fn slow_store() -> Stub {
    Stub::start(|_, _| Reply::Kept { after: Duration::from_millis(100), body: "{}".to_owned() }).await
}

#[tokio::test]
async fn lb12_two_of_twenty_connections_to_one_host_are_kept_and_for_20_s() {
    let stub = slow_store().await;
    let (client, proxy, clock) = behind_a_proxy(&stub).await;
    reads(&client, 20).await;
    assert_eq!(proxy.connections(), 20);
    proxy.until_open(2).await;
    reads(&client, 20).await;
    assert_eq!(proxy.connections(), 38, "two of twenty were kept");
    proxy.until_open(2).await;
    clock.forward(20);
    reads(&client, 1).await;
    proxy.until_open(1).await;
    assert_eq!(proxy.connections(), 39, "none lived longer than 20 s");
}

#[tokio::test]
async fn lb12_dead_connections_cost_one_try_however_many_they_are() {
    let stub = slow_store().await;
    let (client, proxy, _) = behind_a_proxy(&stub).await;
    reads(&client, 5).await;
    proxy.reset_open();
    reads(&client, 1).await;
    assert_eq!((proxy.connections(), stub.heads().len()), (6, 6));
    assert_eq!(proxy.dead_ends(), 1, "the second try was on a fresh connection");
    reads(&client, 2).await;
    proxy.reset_open();
    reads(&client, 5).await;
    assert_eq!(stub.heads().len(), 13, "each came through once");
}

#[tokio::test]
async fn lb12_connections_that_fell_silent_while_the_environment_slept_are_not_used() {
    let stub = slow_store().await;
    let (client, proxy, clock) = behind_a_proxy(&stub).await;
    reads(&client, 2).await;
    clock.forward(19);
    reads(&client, 1).await;
    assert_eq!(proxy.connections(), 2, "kept as long as they may be alive");
    proxy.silence_open();
    clock.forward(20);
    reads(&client, 1).await;
    assert_eq!((proxy.connections(), stub.heads().len()), (3, 4));
    clock.forward(-3_600);
    reads(&client, 1).await;
    assert_eq!(proxy.connections(), 4, "LB-04: used in the future is used long ago");
}

#[tokio::test]
async fn lb12_a_connection_that_fell_silent_takes_the_others_with_it() {
    let stub = slow_store().await;
    let (client, proxy, _) = behind_a_proxy(&stub).await;
    reads(&client, 5).await;
    proxy.silence_open();
    reads(&client, 1).await;
    assert_eq!((proxy.connections(), stub.heads().len(), proxy.dead_ends()), (6, 6, 1));
}

/// A store that judges the time of signatures like AWS, by a clock that differs from ours by so many seconds.
async fn judging(difference: Arc<AtomicI64>) -> Stub {
    Stub::start(move |_, request| {
        let signed = request.head.lines().find_map(|line| line.strip_prefix("x-amz-date: ")).unwrap();
        let (d, t) = signed.trim().split_once('T').unwrap();
        let signed = format!("{}-{}-{}T{}:{}:{}Z", &d[..4], &d[4..6], &d[6..], &t[..2], &t[2..4], &t[4..6]);
        let signed = DateTime::from_str(&signed, DateTimeFormat::DateTime).unwrap().secs();
        let now = SystemClock.now().seconds() + difference.load(Ordering::SeqCst);
        let (status, body) = if (signed - now).abs() <= 300 {
            (200, "{}")
        } else {
            (400, r#"{"__type":"com.amazon.coral.service#InvalidSignatureException","message":"Signature expired"}"#)
        };
        let date = DateTime::from_secs(now).fmt(DateTimeFormat::HttpDate).unwrap();
        let head = format!("HTTP/1.1 {status} X\r\ndate: {date}\r\nconnection: close\r\ncontent-length: ");
        Reply::Raw(format!("{head}{}\r\n\r\n{body}", body.len()).into_bytes())
    })
    .await
}

#[tokio::test]
async fn lb06_a_clock_that_goes_wrong_and_comes_right_again_fails_no_call() {
    for wrong in [400, -400] {
        let difference = Arc::new(AtomicI64::new(0));
        let stub = judging(Arc::clone(&difference)).await;
        let client = aws_at(&stub.url()).dynamodb();
        for (seconds, tries) in [(0, 1), (wrong, 3), (wrong, 4), (0, 6), (0, 7), (-wrong, 9), (wrong, 11)] {
            difference.store(seconds, Ordering::SeqCst);
            reads(&client, 1).await;
            assert_eq!(stub.heads().len(), tries, "{seconds} s off");
        }
    }
}

#[tokio::test]
async fn lb11_credentials_that_are_over_end_the_process_after_its_answer() {
    for (code, ends) in [
        ("ExpiredTokenException", true),
        ("com.amazon.coral.service#UnrecognizedClientException", true),
        ("AccessDeniedException", false),
        ("ResourceNotFoundException", false),
    ] {
        let body = format!(r#"{{"__type":"{code}","message":"m"}}"#);
        let stub = Stub::start(move |_, _| Reply::json(400, &body)).await;
        let aws = aws_at(&stub.url());
        assert_eq!(aws.ending().reason(), None);
        assert!(aws.secrets().get_secret_value().secret_id("s").send().await.is_err());
        assert_eq!(aws.ending().reason().is_some(), ends, "{code}");
        assert_eq!(stub.heads().len(), 1, "{code}: asking again does not help");
    }
}
