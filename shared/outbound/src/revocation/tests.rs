//! What is dialled, followed, waited for and read.

use std::time::Duration;

use ponte_authorization::ports::Responders as _;
use ponte_fapi::revocation::{list, ocsp};
use ponte_kit::stub::{Reply, Stub};

use super::*;

fn here() -> HttpResponders {
    let mut responders = HttpResponders::new(Reach::Loopback).unwrap();
    (responders.answer, responders.list) = (Duration::from_millis(400), Duration::from_millis(400));
    responders
}

fn bytes(length: usize) -> Reply {
    let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
    Reply::Raw([head.as_bytes(), &vec![b'x'; length]].concat())
}

#[tokio::test]
async fn t41_a_question_and_a_list_are_asked_as_their_rfcs_have_it() {
    let stub = Stub::start(|_, _| bytes(3)).await;
    assert_eq!(here().ask(&format!("{}/ocsp", stub.url()), b"question".to_vec()).await.unwrap(), b"xxx");
    assert_eq!(here().list(&format!("{}/ac.crl", stub.url())).await.unwrap(), b"xxx");
    let heads = stub.heads();
    assert!(heads[0].starts_with("POST /ocsp HTTP/1.1"), "{}", heads[0]);
    assert!(heads[0].contains("content-type: application/ocsp-request"), "{}", heads[0]);
    assert_eq!(stub.bodies()[0], "question");
    assert!(heads[1].starts_with("GET /ac.crl HTTP/1.1"), "{}", heads[1]);
}

#[tokio::test]
async fn t41_a_private_address_is_not_dialled_by_number_or_by_name() {
    let stub = Stub::start(|_, _| bytes(3)).await;
    let port = stub.address.port();
    let public = HttpResponders::new(Reach::Public).unwrap();
    for address in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://localhost:{port}/"),
        // Other spellings of the same address.
        format!("http://2130706433:{port}/"),
        format!("http://0x7f.1:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://[::1]:{port}/"),
    ] {
        assert!(public.ask(&address, Vec::new()).await.is_err(), "{address}");
        assert!(public.list(&address).await.is_err(), "{address}");
    }
    assert!(stub.heads().is_empty());
    // The same name is dialled where the sandbox allows it.
    assert!(here().list(&format!("http://localhost:{port}/")).await.is_ok());
}

#[tokio::test]
async fn t41_only_plain_http_without_credentials_is_an_address() {
    let stub = Stub::start(|_, _| bytes(3)).await;
    let port = stub.address.port();
    for address in [
        format!("https://127.0.0.1:{port}/"),
        format!("http://user@127.0.0.1:{port}/"),
        format!("http://:secret@127.0.0.1:{port}/"),
        format!("ftp://127.0.0.1:{port}/"),
        "file:///etc/passwd".to_owned(),
        "http://10.0.0.1/".to_owned(),
        "ocsp".to_owned(),
    ] {
        assert!(here().ask(&address, Vec::new()).await.is_err(), "{address}");
    }
    assert!(stub.heads().is_empty());
}

#[tokio::test]
async fn t41_redirects_other_statuses_oversize_and_silence_are_no_answer() {
    let inner = Stub::start(|_, _| bytes(3)).await;
    let target = inner.url();
    let stub = Stub::start(move |number, _| match number {
        0 => Reply::redirect(&target),
        1 => Reply::json(503, "x"),
        2 => Reply::Endless,
        _ => Reply::Hang,
    })
    .await;
    for timeout in [false, false, false, true] {
        let error = here().ask(&stub.url(), Vec::new()).await.unwrap_err();
        assert_eq!(error.is_timeout(), timeout, "{error:?}");
    }
    assert!(inner.heads().is_empty(), "a redirect is not followed");
    assert_eq!(stub.heads().len(), 4);
}

#[tokio::test]
async fn t41_answers_and_lists_are_read_up_to_their_limits() {
    let stub = Stub::start(|number, _| match number {
        0 => bytes(ocsp::ANSWER_MAX),
        1 => bytes(ocsp::ANSWER_MAX + 1),
        2 => bytes(list::LIST_MAX),
        _ => bytes(list::LIST_MAX + 1),
    })
    .await;
    let responders = HttpResponders::new(Reach::Loopback).unwrap();
    assert_eq!(responders.ask(&stub.url(), Vec::new()).await.unwrap().len(), ocsp::ANSWER_MAX);
    assert!(responders.ask(&stub.url(), Vec::new()).await.is_err());
    assert_eq!(responders.list(&stub.url()).await.unwrap().len(), list::LIST_MAX);
    assert!(responders.list(&stub.url()).await.is_err());
}
