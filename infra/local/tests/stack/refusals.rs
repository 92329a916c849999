//! Callers whose certificate is missing or strange: each of their records is taken, together or apart, then they hear why.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::version::{TLS12, TLS13};
use rustls::{AlertDescription, ClientConnection, Error};

use crate::certificates::papers;
use crate::stack::{Caller, Small};

/// Between the records of a caller.
const PAUSE: Duration = Duration::from_millis(20);
/// A host that says nothing has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a caller writes its flight.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Written {
    /// A record, a pause, and the next one.
    RecordByRecord,
    AtOnce,
}

/// What a caller hears, and how many records it wrote.
fn refused(caller: &Caller<'_>, host: &str, written: Written) -> (Error, usize) {
    let port: u16 = host.rsplit(':').next().unwrap().parse().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut connection = ClientConnection::new(Arc::new(caller.tls()), name).unwrap();
    let mut records = 0;
    loop {
        let mut flight = Vec::new();
        while connection.wants_write() {
            connection.write_tls(&mut flight).unwrap();
        }
        let mut rest = flight.as_slice();
        while let [_, _, _, high, low, ..] = rest {
            let (record, others) = rest.split_at(5 + usize::from(u16::from_be_bytes([*high, *low])));
            if written == Written::RecordByRecord {
                stream.write_all(record).unwrap_or_else(|fault| panic!("record {records}: {fault}"));
                std::thread::sleep(PAUSE);
            }
            records += 1;
            rest = others;
        }
        if written == Written::AtOnce {
            stream.write_all(&flight).unwrap();
        }
        let mut answer = [0; 4096];
        let count = stream.read(&mut answer).unwrap_or_else(|fault| panic!("after {records}: {fault}"));
        assert!(count > 0, "closed without an alert after {records}");
        let mut answer = &answer[..count];
        while !answer.is_empty() {
            connection.read_tls(&mut answer).unwrap();
            if let Err(refusal) = connection.process_new_packets() {
                return (refusal, records);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s72_a_caller_of_tls_12_without_a_certificate_hears_handshake_failure_after_its_whole_flight() {
    let small = Small::up().await;
    for host in ["mtls", "management"].map(|name| small.host(name)) {
        for written in [Written::RecordByRecord; 10].into_iter().chain([Written::AtOnce; 5]) {
            let caller = Caller { version: Some(&TLS12), ..Caller::default() };
            let (refusal, records) = refused(&caller, &host, written);
            assert_eq!(
                refusal,
                Error::AlertReceived(AlertDescription::HandshakeFailure),
                "{host} {written:?}"
            );
            // ClientHello; Certificate, ClientKeyExchange, ChangeCipherSpec, Finished.
            assert_eq!(records, 5);
        }
    }
    // The host goes on.
    let known = Caller { version: Some(&TLS12), certificate: Some(&papers().client), ..Caller::default() };
    assert_eq!(known.get(&small.host("mtls"), "/echo/a").await.unwrap().0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn s72_a_stranger_of_tls_12_hears_why_after_its_whole_flight() {
    let small = Small::up().await;
    for (host, certificate) in
        [("mtls", &papers().stranger), ("mtls", &papers().system), ("management", &papers().client)]
    {
        let caller = Caller { version: Some(&TLS12), certificate: Some(certificate), ..Caller::default() };
        let (refusal, records) = refused(&caller, &small.host(host), Written::RecordByRecord);
        assert!(matches!(refusal, Error::AlertReceived(_)), "{host}: {refusal}");
        // CertificateVerify besides.
        assert_eq!(records, 6, "{host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s72_a_caller_of_tls_13_without_a_certificate_hears_certificate_required() {
    let small = Small::up().await;
    for host in ["mtls", "management"].map(|name| small.host(name)) {
        let caller = Caller { version: Some(&TLS13), ..Caller::default() };
        let (refusal, _) = refused(&caller, &host, Written::RecordByRecord);
        assert_eq!(refusal, Error::AlertReceived(AlertDescription::CertificateRequired), "{host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_offers_no_cipher_of_ours_hears_so_at_once() {
    let small = Small::up().await;
    let caller = Caller { version: Some(&TLS12), suite: Some(0xcca8), ..Caller::default() };
    let (refusal, records) = refused(&caller, &small.host("mtls"), Written::RecordByRecord);
    assert_eq!((refusal, records), (Error::AlertReceived(AlertDescription::HandshakeFailure), 1));
}
