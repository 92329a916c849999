//! Server of a site: listener, connections, body limit and faults.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use ponte_machine::SandboxError;
use rustls::ServerConfig;
use rustls_pki_types::CertificateDer;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::faults::{Closed, Effect, Fault, Faults, StatusFault};
use crate::front::{self, Idle};
use crate::message::{Answer, Request};

/// Above the 10 MB of a report batch (M03), so that the site itself can say 413.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// A handler of requests behind a listener.
pub trait Site: Send + Sync + 'static {
    /// The answer to one request.
    fn answer(&self, request: Request) -> impl Future<Output = Answer> + Send;
}

/// One listener of the world.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<Arc<ServerConfig>>,
    faults: Faults,
    idle: Duration,
}

impl Server {
    /// Opens 127.0.0.1 at `port`, 0 for any free one.
    pub async fn bind(
        name: &'static str,
        port: u16,
        tls: Option<Arc<ServerConfig>>,
    ) -> Result<Self, SandboxError> {
        let failed = |source| SandboxError::Port { port, server: name, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address, tls, faults: Faults::default(), idle: front::LIMIT })
    }

    /// `http://127.0.0.1:port` or `https://localhost:port`.
    pub fn url(&self) -> String {
        if self.tls.is_some() {
            format!("https://localhost:{}", self.address.port())
        } else {
            format!("http://127.0.0.1:{}", self.address.port())
        }
    }

    /// Another time after which an idle connection and half a request end.
    #[must_use]
    pub fn idle(self, idle: Duration) -> Self {
        Self { idle, ..self }
    }

    /// The faults of this server.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Answers until the runtime ends.
    pub fn spawn(self, site: Arc<impl Site>) {
        tokio::spawn(async move {
            loop {
                let stream = front::accept(&self.listener).await;
                let (tls, faults, site) = (self.tls.clone(), self.faults.clone(), Arc::clone(&site));
                tokio::spawn(async move {
                    match tls {
                        Some(tls) => serve_tls(stream, tls, faults, self.idle, site).await,
                        None => serve(stream, None, faults, self.idle, site).await,
                    }
                });
            }
        });
    }
}

async fn serve_tls(
    stream: TcpStream,
    tls: Arc<ServerConfig>,
    faults: Faults,
    idle: Duration,
    site: Arc<impl Site>,
) {
    let Some(stream) = front::handshake(&TlsAcceptor::from(tls), stream, idle).await else { return };
    let certificate = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first().cloned());
    serve(stream, certificate, faults, idle, site).await;
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send,
    certificate: Option<CertificateDer<'static>>,
    faults: Faults,
    limit: Duration,
    site: Arc<impl Site>,
) {
    let idle = Idle::after(limit);
    let stream = TokioIo::new(idle.watch(stream));
    let service = service_fn(|request| {
        let (certificate, faults, site, idle) =
            (certificate.clone(), faults.clone(), Arc::clone(&site), idle.clone());
        async move { respond(request, certificate, &faults, &idle, site.as_ref()).await }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limit);
    tokio::select! {
        // A caller that goes away in the middle is its own business.
        _ = http.serve_connection(stream, service) => {}
        () = idle.over() => {}
    }
}

async fn respond(
    request: http::Request<Incoming>,
    certificate: Option<CertificateDer<'static>>,
    faults: &Faults,
    idle: &Idle,
    site: &impl Site,
) -> Result<http::Response<Full<Bytes>>, Closed> {
    let (parts, body) = request.into_parts();
    if !front::names_one_host(&parts) {
        return Ok(response(Answer::message(StatusCode::BAD_REQUEST, "Bad Request")));
    }
    let body = match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => body.to_bytes(),
        Err(problem) if problem.is::<LengthLimitError>() => {
            return Ok(response(Answer::message(StatusCode::PAYLOAD_TOO_LARGE, "Request body too large")));
        }
        Err(_) => return Err(Closed),
    };
    let _at_work = idle.busy();
    let request = Request {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body,
        certificate,
    };
    if request.path == "/sandbox/faults" {
        return Ok(response(control_faults(faults, &request)));
    }
    let struck = faults.strike(request.method.as_str(), &request.path);
    with_fault(struck, site.answer(request)).await.map(response)
}

async fn with_fault(fault: Option<Effect>, answer: impl Future<Output = Answer>) -> Result<Answer, Closed> {
    let Some(fault) = fault else { return Ok(answer.await) };
    let with_body = |answer: Answer, body: String| Answer { body: body.into(), ..answer };
    fault.apply(answer, instead, with_body).await
}

fn instead(StatusFault { status, body, retry_after }: StatusFault) -> Answer {
    let answer = match body {
        Some(body) => Answer::json_text(status, body),
        None => Answer::message(status, status.canonical_reason().unwrap_or("fault")),
    };
    match retry_after {
        Some(seconds) => answer.with(http::header::RETRY_AFTER, HeaderValue::from(seconds)),
        None => answer,
    }
}

/// `GET`, `POST` and `DELETE /sandbox/faults`, as every server has them of itself.
pub fn control_faults(faults: &Faults, request: &Request) -> Answer {
    match request.method {
        Method::GET => {}
        Method::DELETE => faults.clear(),
        Method::POST => match request.json::<Fault>() {
            Ok(fault) => faults.add(fault),
            Err(problem) => return Answer::message(StatusCode::BAD_REQUEST, &problem),
        },
        _ => return Answer::message(StatusCode::METHOD_NOT_ALLOWED, "GET, POST or DELETE"),
    }
    Answer::json(StatusCode::OK, &serde_json::json!({ "faults": faults.list() }))
}

fn response(answer: Answer) -> http::Response<Full<Bytes>> {
    let mut response = http::Response::new(Full::new(answer.body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}
