//! Tests of listener and faults, over a real socket.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

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
