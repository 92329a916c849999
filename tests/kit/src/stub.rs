//! Stub servers: they answer by rule, record their requests, and misbehave on demand.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::message::message;

/// A request as it arrived.
#[derive(Clone)]
pub struct Request {
    /// Request line and headers.
    pub head: String,
    /// Body, as text.
    pub body: String,
}

impl Request {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        Self { head: head.to_owned(), body: body.to_owned() }
    }

    /// A header by its name, in whichever case it came; empty without it.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(':'));
        headers.find(|(other, _)| other.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value.trim())
    }
}

/// Reaction of a stub to a request.
pub enum Reply {
    /// Bytes as they are; the connection is closed after them.
    Raw(Vec<u8>),
    /// A body without end and without an announced length.
    Endless,
    /// A body of JSON with status 200 after a while; the connection is kept for the next request.
    Kept {
        /// Until the answer.
        after: Duration,
        /// The body.
        body: String,
    },
    /// Nothing, for as long as the caller waits.
    Hang,
    /// `{}` with status 200: the head after a while, and the body after another.
    Slow {
        /// Until the head.
        head: Duration,
        /// From the head to the body.
        body: Duration,
    },
}

impl Reply {
    /// JSON with a status.
    pub fn json(status: u16, body: impl AsRef<str>) -> Self {
        let body = body.as_ref();
        Self::Raw(
            format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
            .into_bytes(),
        )
    }

    /// JSON with status 200, at once, over a connection that is kept.
    pub fn kept(body: impl Into<String>) -> Self {
        Self::Kept { after: Duration::ZERO, body: body.into() }
    }

    /// A redirect.
    #[must_use]
    pub fn redirect(to: &str) -> Self {
        Self::Raw(
            format!("HTTP/1.1 302 X\r\nlocation: {to}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
                .into_bytes(),
        )
    }
}

type Rule = dyn Fn(usize, &Request) -> Reply + Send + Sync;

/// A server on a free port of the loopback interface; it ends with the runtime of the test.
pub struct Stub {
    /// Where it listens.
    pub address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Stub {
    /// Speaks plain HTTP; `rule` gets the number of the request, from 0, and the request.
    pub async fn start(rule: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::serve(None, Arc::new(rule)).await
    }

    /// Speaks HTTPS.
    pub async fn start_tls(
        tls: ServerConfig,
        rule: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::serve(Some(TlsAcceptor::from(Arc::new(tls))), Arc::new(rule)).await
    }

    async fn serve(tls: Option<TlsAcceptor>, rule: Arc<Rule>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::<Mutex<Vec<Request>>>::default();
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, seen, rule) = (tls.clone(), Arc::clone(&seen), Arc::clone(&rule));
                tokio::spawn(async move {
                    match tls {
                        None => answer(stream, &seen, &*rule).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                answer(stream, &seen, &*rule).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, requests }
    }

    /// Base URL over plain HTTP.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Base URL over HTTPS.
    #[must_use]
    pub fn tls_url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// Request lines and headers of all requests so far.
    #[must_use]
    pub fn heads(&self) -> Vec<String> {
        self.requests.lock().unwrap().iter().map(|request| request.head.clone()).collect()
    }

    /// Bodies of all requests so far.
    #[must_use]
    pub fn bodies(&self) -> Vec<String> {
        self.requests.lock().unwrap().iter().map(|request| request.body.clone()).collect()
    }
}

async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, seen: &Mutex<Vec<Request>>, rule: &Rule) {
    while answer_one(&mut stream, seen, rule).await {}
}

/// Answers one request; whether the connection is kept for another.
async fn answer_one(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    seen: &Mutex<Vec<Request>>,
    rule: &Rule,
) -> bool {
    let Some(bytes) = message(stream).await else { return false };
    let request = Request::of(&bytes);
    let number = {
        let mut seen = seen.lock().unwrap();
        seen.push(request.clone());
        seen.len() - 1
    };
    write(stream, rule(number, &request)).await
}

/// Answers with a reply; whether the connection is kept for another request.
pub(crate) async fn write(stream: &mut (impl AsyncWrite + Unpin), reply: Reply) -> bool {
    match reply {
        Reply::Kept { after, body } => {
            tokio::time::sleep(after).await;
            let head = "HTTP/1.1 200 X\r\ncontent-type: application/json\r\ncontent-length: ";
            let reply = format!("{head}{}\r\n\r\n{body}", body.len());
            return stream.write_all(reply.as_bytes()).await.is_ok() && stream.flush().await.is_ok();
        }
        Reply::Raw(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Reply::Endless => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").await;
            while stream.write_all(&[b' '; 4096]).await.is_ok() {}
        }
        Reply::Hang => std::future::pending().await,
        Reply::Slow { head, body } => {
            tokio::time::sleep(head).await;
            let _ =
                stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n").await;
            let _ = stream.flush().await;
            tokio::time::sleep(body).await;
            let _ = stream.write_all(b"{}").await;
            let _ = stream.shutdown().await;
        }
    }
    false
}
