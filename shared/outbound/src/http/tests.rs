//! Trust, identity, redirects and limits of the outgoing client.

use super::*;
use crate::testing::{shown, trust};
use ponte_kit::authority::Authority;
use ponte_kit::stub::{Reply, Stub};

#[tokio::test]
async fn only_the_configured_authorities_are_trusted() {
    let authority = Authority::generate();
    let stub = Stub::start_tls(authority.server(), |_, _| Reply::json(200, "{}")).await;
    let known = client(&trust(&authority), None).unwrap();
    assert_eq!(known.connections().get(stub.tls_url()).send().await.unwrap().status(), 200);
    for stranger in [trust(&Authority::generate()), Trust::webpki()] {
        let client = client(&stranger, None).unwrap();
        assert!(client.connections().get(stub.tls_url()).send().await.is_err());
    }
    assert_eq!(stub.heads().len(), 1);
}

#[tokio::test]
async fn m01_the_client_certificate_is_shown_where_it_is_asked_for() {
    let authority = Authority::generate();
    let stub = Stub::start_tls(authority.mutual_server(), |_, _| Reply::json(200, "{}")).await;
    let with = client(&trust(&authority), Some(&shown(authority.identity()))).unwrap();
    assert_eq!(with.connections().get(stub.tls_url()).send().await.unwrap().status(), 200);
    let without = client(&trust(&authority), None).unwrap();
    assert!(without.connections().get(stub.tls_url()).send().await.is_err());
    let other = client(&trust(&authority), Some(&shown(Authority::generate().identity()))).unwrap();
    assert!(other.connections().get(stub.tls_url()).send().await.is_err());
    assert_eq!(stub.heads().len(), 1);
}

#[tokio::test]
async fn t28_redirects_are_answers_and_not_followed() {
    let inner = Stub::start(|_, _| Reply::json(200, "{}")).await;
    let target = inner.url();
    let stub = Stub::start(move |_, _| Reply::redirect(&target)).await;
    let response =
        client(&Trust::webpki(), None).unwrap().connections().get(stub.url()).send().await.unwrap();
    assert_eq!(response.status(), 302);
    assert!(inner.heads().is_empty());
}

#[tokio::test]
async fn a_body_is_read_up_to_its_limit() {
    let stub = Stub::start(|number, _| match number {
        0 => Reply::json(200, "12345"),
        1 => Reply::json(200, "123456"),
        2 => Reply::Endless,
        // More is announced than comes.
        _ => Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n123".to_vec()),
    })
    .await;
    let client = client(&Trust::webpki(), None).unwrap();
    let read = async || bounded("test", client.connections().get(stub.url()).send().await.unwrap(), 5).await;
    assert_eq!(read().await.unwrap(), b"12345");
    for _ in 1..4 {
        assert!(read().await.is_err());
    }
}

#[tokio::test]
async fn empty_members_of_gzip_have_an_end() {
    let member = gzip::compressed(b"");
    let stub = Stub::start(move |members, _| {
        let head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n";
        Reply::Raw([head.to_vec(), member.repeat(members + 1)].concat())
    })
    .await;
    let client = client(&Trust::webpki(), None).unwrap();
    let limit = 2 * gzip::compressed(b"").len();
    let read = async || {
        let response = client.connections().get(stub.url()).send().await.unwrap();
        bounded("test", response, limit).await
    };
    for _ in 0..2 {
        assert_eq!(read().await.unwrap(), b"");
    }
    assert!(read().await.is_err());
}

#[test]
fn a_certificate_that_does_not_fit_its_key_is_refused_at_start() {
    let authority = Authority::generate();
    let (one, other) = (shown(authority.identity()), shown(authority.identity()));
    let mixed = TransportCertificate { certificate: one.certificate, private_key: other.private_key };
    assert!(client(&Trust::webpki(), Some(&mixed)).is_err());
    let broken = TransportCertificate { certificate: String::new(), private_key: "x".to_owned().into() };
    assert!(client(&Trust::webpki(), Some(&broken)).is_err());
}
