//! Answers of a layer behind a listener, byte by byte.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;

use super::*;

/// "ponte\n" by `gzip -n`.
const PONTE: &[u8] =
    &[31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 43, 200, 207, 43, 73, 229, 2, 0, 190, 122, 220, 209, 6, 0, 0, 0];

/// A layer that answers one call with these bytes; its URL, and the head of the call in small letters with its body.
fn layer(answer: Vec<u8>) -> (String, JoinHandle<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0].to_ascii_lowercase());
        }
        let head = String::from_utf8(head).unwrap();
        let length = head.split_once("content-length: ").unwrap().1.lines().next().unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        stream.read_exact(&mut body).unwrap();
        // Whoever has read enough hangs up.
        let _ = stream.write_all(&answer);
        (head, body)
    });
    (url, asked)
}

fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {head}\r\nconnection: close\r\ncontent-type: application/json\r\n");
    [head.as_bytes(), format!("content-length: {}\r\n\r\n", body.len()).as_bytes(), body].concat()
}

async fn ask(url: &str) -> Result<Received, String> {
    sent(url, false).await
}

async fn sent(url: &str, gzip: bool) -> Result<Received, String> {
    let http = Http::new(url, &TlsOptions::default()).unwrap();
    let credential = Some("secret".to_owned());
    let sent = Sent {
        method: "POST",
        path: "/loans/find",
        content_type: "application/json",
        credential,
        body: b"{}".to_vec(),
        gzip,
    };
    http.send(sent).await
}

#[tokio::test]
async fn gzip_is_offered_and_inflated() {
    let (url, asked) = layer(answer("200 OK\r\ncontent-encoding: gzip\r\nretry-after: 7", PONTE));
    let received = ask(&url).await.unwrap();
    assert_eq!((received.status, &received.body[..], received.retry_after), (200, &b"ponte\n"[..], Some(7)));
    assert_eq!(received.content_type, "application/json");
    let (head, body) = asked.join().unwrap();
    assert_eq!(
        (body, received.takes_gzip, head.contains("content-encoding")),
        (b"{}".to_vec(), false, false)
    );
    for line in ["post /loans/find http/1.1", "accept-encoding: gzip", "authorization: bearer secret"] {
        assert!(head.contains(line), "{head}");
    }
    let (url, _) = layer(answer("200 OK\r\ncontent-encoding: gzip", b"{}"));
    assert!(ask(&url).await.unwrap_err().contains("not the gzip"));
}

#[tokio::test]
async fn a_question_goes_compressed_where_it_is_to() {
    let (url, asked) = layer(answer("200 OK\r\naccept-encoding: br, gzip", b"{}"));
    assert!(sent(&url, true).await.unwrap().takes_gzip);
    let (head, body) = asked.join().unwrap();
    assert!(head.contains("content-encoding: gzip\r\n") && body.starts_with(&[31, 139]), "{head}");
}

#[tokio::test]
async fn an_answer_is_read_as_far_as_ponte_reads_it() {
    let (url, _) = layer(answer("200 OK", &vec![b' '; LIMIT]));
    assert_eq!(ask(&url).await.unwrap().body.len(), LIMIT);
    let (url, _) = layer(answer("200 OK", &vec![b' '; LIMIT + 1]));
    assert!(ask(&url).await.unwrap_err().contains("above 6291456 bytes"));
    // Without a length the bytes are counted.
    let endless = [&b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"[..], &vec![b' '; LIMIT + 1]].concat();
    let (url, _) = layer(endless);
    assert!(ask(&url).await.unwrap_err().contains("above 6291456 bytes"));
    let (url, _) = layer(answer("404 Not Found", &vec![b' '; ERROR_LIMIT + 1]));
    let received = ask(&url).await.unwrap();
    assert_eq!((received.status, received.body.len()), (404, 0));
}

#[tokio::test]
async fn what_does_not_answer_is_told_with_its_url() {
    for url in ["ftp://localhost", "localhost:8080", "https://localhost/?a=1", ""] {
        assert!(Http::new(url, &TlsOptions::default()).is_err(), "{url}");
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let fault = Http::new(&url, &TlsOptions::default()).unwrap().answers().await.unwrap_err();
    assert!(fault.contains(url.trim_end_matches('/')) && fault.contains("is the layer running"), "{fault}");
}
