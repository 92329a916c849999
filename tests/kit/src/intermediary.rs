//! An intermediary before a service that speaks plain HTTP: by rule it answers in its place, asks it something else, or loses its
//! reply after the work was done (T06, LB-06, LB-08, LB-21 to LB-23). A proxy, beside it, knows connections alone.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

use crate::message::message;
use crate::stub::{self, Reply, Request};

/// What becomes of a request.
pub enum Exchange {
    /// The service answers it.
    Pass,
    /// The service answers the same request with this body.
    Instead(String),
    /// The service does the work, and the connection closes before its reply.
    Lose,
    /// The service hears nothing of it.
    Answer(Reply),
}

type Rule = dyn Fn(usize, &Request) -> Exchange + Send + Sync;

/// An intermediary on a free port of the loopback interface; it ends with the runtime of the test.
pub struct Intermediary {
    /// Where it listens.
    pub address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Intermediary {
    /// Before `upstream`; `rule` gets the number of the request, from 0, and the request.
    pub async fn before(
        upstream: SocketAddr,
        rule: impl Fn(usize, &Request) -> Exchange + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::<Mutex<Vec<Request>>>::default();
        let (seen, rule): (_, Arc<Rule>) = (Arc::clone(&requests), Arc::new(rule));
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (seen, rule) = (Arc::clone(&seen), Arc::clone(&rule));
                tokio::spawn(async move { exchange(near, upstream, &seen, &*rule).await });
            }
        });
        Self { address, requests }
    }

    /// Base URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

/// Carries one request after another until either side closes or a reply is lost.
async fn exchange(mut near: TcpStream, upstream: SocketAddr, seen: &Mutex<Vec<Request>>, rule: &Rule) {
    let Ok(mut far) = TcpStream::connect(upstream).await else { return };
    while let Some(bytes) = message(&mut near).await {
        let request = Request::of(&bytes);
        let number = {
            let mut seen = seen.lock().unwrap();
            seen.push(request.clone());
            seen.len() - 1
        };
        let goes_on = match rule(number, &request) {
            Exchange::Answer(reply) => stub::write(&mut near, reply).await,
            Exchange::Pass => forward(&bytes, &mut far, Some(&mut near)).await,
            Exchange::Instead(body) => {
                forward(&with_body(&request.head, &body), &mut far, Some(&mut near)).await
            }
            Exchange::Lose => forward(&bytes, &mut far, None).await,
        };
        if !goes_on {
            return;
        }
    }
}

/// Has the service answer, and hands its reply to whoever hears it; whether the connection goes on.
async fn forward(request: &[u8], far: &mut TcpStream, near: Option<&mut TcpStream>) -> bool {
    if far.write_all(request).await.is_err() {
        return false;
    }
    match (message(far).await, near) {
        (Some(reply), Some(near)) => near.write_all(&reply).await.is_ok(),
        _ => false,
    }
}

fn with_body(head: &str, body: &str) -> Vec<u8> {
    let lines = head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("content-length:"));
    let head = lines.collect::<Vec<_>>().join("\r\n");
    format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}
