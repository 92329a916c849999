//! Tests of listener and faults, over a real socket.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Answer, Request, Server, Site};
use crate::faults::{Effect, Fault, Faults};

/// Says back what it got.
struct Echo;

impl Site for Echo {
    async fn answer(&self, request: Request) -> Answer {
        Answer::json(
            StatusCode::OK,
            &serde_json::json!({ "path": request.path, "bytes": request.body.len() }),
        )
    }
}

async fn start() -> (String, Faults, reqwest::Client) {
    let server = Server::bind("echo", 0, None).await.unwrap();
    let (url, faults) = (server.url(), server.faults().clone());
    server.spawn(Arc::new(Echo));
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(crate::tls::caller("", None).unwrap())
        .no_proxy()
        .timeout(Duration::from_millis(500))
        .build()
        .unwrap();
    (url, faults, client)
}

#[tokio::test]
async fn loopback_only_and_answers() {
    let (url, _, client) = start().await;
    assert!(url.starts_with("http://127.0.0.1:"));
    let answer = client.post(format!("{url}/a/b")).body("four").send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), r#"{"bytes":4,"path":"/a/b"}"#);
}

#[tokio::test]
async fn each_fault_shows_on_the_wire() {
    let (url, faults, client) = start().await;
    let call = || client.get(format!("{url}/x")).send();

    faults.add(Fault::always(Effect::Status { status: 503, body: None, retry_after: Some(7) }).times(1));
    let answer = call().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["retry-after"]), (503, &"7".parse().unwrap()));

    faults.add(Fault::always(Effect::Throttle).times(1));
    let answer = call().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["retry-after"]), (429, &"1".parse().unwrap()));

    faults.add(Fault::always(Effect::Body { body: "<html>".into() }).times(1));
    let answer = call().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (200, "<html>"));

    for effect in [Effect::Close, Effect::LoseReply, Effect::Hang] {
        faults.add(Fault::always(effect.clone()).times(1));
        assert!(call().await.is_err(), "{effect:?}");
    }
    faults.add(Fault::always(Effect::Delay { milliseconds: 20 }).times(1));
    assert_eq!(call().await.unwrap().status(), 200);
    assert_eq!(call().await.unwrap().status(), 200);
}

#[tokio::test]
async fn faults_are_set_and_cleared_over_http() {
    let (url, _, client) = start().await;
    let control = format!("{url}/sandbox/faults");
    let set = |body: &'static str| client.post(&control).body(body).send();
    assert_eq!(set(r#"{"kind":"nonsense"}"#).await.unwrap().status(), 400);
    assert_eq!(set(r#"{"kind":"status","status":500}"#).await.unwrap().status(), 200);
    let call = || client.get(format!("{url}/x")).send();
    assert_eq!(call().await.unwrap().status(), 500);
    let listed: serde_json::Value = client.get(&control).send().await.unwrap().json().await.unwrap();
    assert_eq!(listed["faults"].as_array().unwrap().len(), 1);
    client.delete(&control).send().await.unwrap();
    assert_eq!(call().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_413() {
    let (url, _, client) = start().await;
    let answer =
        client.post(&url).timeout(Duration::from_secs(10)).body(vec![b'a'; 17 * 1024 * 1024]).send().await;
    // The server may close before the client has sent everything; it never answers 200.
    assert!(answer.is_err() || answer.is_ok_and(|answer| answer.status() == 413));
}

#[tokio::test]
async fn a_busy_port_is_named() {
    let first = Server::bind("first", 0, None).await.unwrap();
    let port: u16 = first.url().rsplit(':').next().unwrap().parse().unwrap();
    let problem = Server::bind("second", port, None).await.err().unwrap().to_string();
    assert!(problem.contains(&port.to_string()) && problem.contains("second"), "{problem}");
}

#[tokio::test]
async fn no_host_is_400_and_who_says_nothing_is_not_waited_for() {
    let server = Server::bind("echo", 0, None).await.unwrap().idle(Duration::from_millis(300));
    let address = server.url().trim_start_matches("http://").to_owned();
    server.spawn(Arc::new(Echo));
    for (sent, status) in [
        ("GET / HTTP/1.1\r\nconnection: close\r\n\r\n", "HTTP/1.1 400 "),
        ("GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n", "HTTP/1.1 400 "),
        ("GET / HTTP/1.1\r\nhost: a\r\n\r\n", "HTTP/1.1 200 "),
        ("", ""),
        ("GET / HT", ""),
        ("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf", ""),
    ] {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let ended = stream.read_to_string(&mut answer);
        assert!(tokio::time::timeout(Duration::from_secs(20), ended).await.is_ok(), "{sent:?} stays open");
        assert!(answer.starts_with(status) && answer.is_empty() == status.is_empty(), "{sent:?}: {answer}");
    }
}
