//! Tests of what a host does before it looks for a route: `Host`, the size of a head, connections over which nothing moves.

use std::time::Duration;

use http::Request;
use http_body_util::Full;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::stack::{Caller, Small};

/// Short enough to wait for, long enough for a call on a busy machine to begin within, below the 3 s of a call that a function naps over.
const IDLE: Duration = Duration::from_millis(500);
/// A connection that is still open then stays open.
const PATIENCE: Duration = Duration::from_secs(20);

/// Status and body of the answer to a head that is sent as it stands.
async fn raw(host: &str, head: &str) -> (u16, String) {
    let mut stream = Caller::default().connect(host).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // What is sent after a head that was refused may find the connection closed.
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_host_or_two_are_400() {
    let small = Small::up().await;
    let public = small.host("public");
    let bad = (400, r#"{"message":"Bad Request"}"#.to_owned());
    for hosts in
        ["", "host: localhost\r\nhost: localhost\r\n", "host: localhost\r\nhost: elsewhere\r\n", "host:\r\n"]
    {
        let head = format!("GET /do/jwt HTTP/1.1\r\nconnection: close\r\n{hosts}\r\n");
        assert_eq!(raw(&public, &head).await, bad, "{hosts:?}");
    }
    let one = "GET /do/jwt HTTP/1.1\r\nconnection: close\r\nhost: localhost\r\n\r\n";
    assert_eq!(raw(&public, one).await, (200, "a.b.c".to_owned()));
    // Under HTTP/2 the authority is the host, and a second one is one too many.
    let caller = Caller { http2: true, ..Caller::default() };
    for (host, status) in [(None, 200), (Some("elsewhere"), 400)] {
        let mut request = Request::get(format!("{public}/do/jwt"));
        if let Some(host) = host {
            request = request.header("host", host);
        }
        let answer = caller.call(&public, request.body(Full::default()).unwrap()).await.unwrap();
        assert_eq!(answer.0, status, "{host:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_above_10240_bytes_is_431() {
    let small = Small::up().await;
    let public = small.host("public");
    let authority = public.trim_start_matches("https://");
    for http2 in [false, true] {
        let uri = if http2 { format!("{public}/do/jwt") } else { "/do/jwt".to_owned() };
        // Names of headers do not count.
        let most = 10_240 - "GET /do/jwt HTTP/1.1".len() - authority.len();
        for (length, status) in [(most, 200), (most + 1, 431), (40_000, 431)] {
            let request = Request::get(&uri).header("host", authority).header("x", "a".repeat(length));
            let caller = Caller { http2, ..Caller::default() };
            let answer = caller.call(&public, request.body(Full::default()).unwrap()).await.unwrap();
            assert_eq!(answer.0, status, "{http2} {length}");
        }
    }
    // The path counts as well.
    let long =
        format!("GET /{} HTTP/1.1\r\nconnection: close\r\nhost: localhost\r\n\r\n", "a".repeat(10_240));
    let said = (431, r#"{"message":"Request Header Fields Too Large"}"#.to_owned());
    assert_eq!(raw(&public, &long).await, said);
}

/// Reads until the other side ends the connection.
async fn ends(mut stream: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut read = Vec::new();
    let ended = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut read)).await;
    assert!(ended.is_ok(), "the connection stays open");
    read
}

async fn sent<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, bytes: &[u8]) -> S {
    stream.write_all(bytes).await.unwrap();
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_and_half_sent_connections_end_and_a_call_under_way_does_not() {
    let small = Small::impatient(IDLE).await;
    let public = small.host("public");
    let port: u16 = public.rsplit(':').next().unwrap().parse().unwrap();
    let (plain, h2) = (Caller::default(), Caller { http2: true, ..Caller::default() });
    // Nothing at all, and the beginning of a handshake.
    ends(TcpStream::connect(("127.0.0.1", port)).await.unwrap()).await;
    ends(sent(TcpStream::connect(("127.0.0.1", port)).await.unwrap(), &[22, 3, 1, 0, 200, 1]).await).await;
    // Nothing after the handshake, half a head, half a body.
    for begun in [
        "",
        "P",
        "POST /echo/a HTTP/1.1\r\nhost: localhost\r\n",
        "POST /echo/a HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\nhalf",
    ] {
        let said = ends(sent(plain.connect(&public).await.unwrap(), begun.as_bytes()).await).await;
        assert!(!said.starts_with(b"HTTP/1.1 200"), "{begun:?}");
    }
    // After an answer.
    let kept = "GET /do/jwt HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let said = ends(sent(plain.connect(&public).await.unwrap(), kept.as_bytes()).await).await;
    assert!(said.starts_with(b"HTTP/1.1 200") && said.ends_with(b"a.b.c"));
    // HTTP/2: the preface and empty settings, and then nothing.
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    ends(sent(h2.connect(&public).await.unwrap(), preface).await).await;
    // Who waits for us is not idle, however long it takes.
    for caller in [plain, h2] {
        let (status, _, body) = caller.get(&public, "/do/nap").await.unwrap();
        assert_eq!((status, body.as_str()), (200, "rested"));
    }
}
