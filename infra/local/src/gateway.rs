//! API Gateway on one machine: TLS listeners for the hosts, HTTP API events (payload 2.0), routes as the template
//! says. Answers of its own use API Gateway's words: 404 `Not Found`, 413 `Request Entity Too Large`, 502 `Internal
//! Server Error` for a function that failed or gave an invalid answer, 503 `Service Unavailable` after 30 s; and before a route is
//! looked for, 400 for a request that does not name its host once, 431 for a head that is too large.

mod access_log;
mod answer;
mod body;
mod certificate;
mod event;
mod routes;
mod tls;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use ponte_web::front::{self, Idle};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;

pub use access_log::AccessLog;
pub use routes::Routes;
pub use tls::{Identity, TlsError, server_config};

use crate::runtime::{Function, Functions, MAX_PAYLOAD, Outcome};
use crate::serve::Serving;
use answer::Reply;
use body::BodyError;
use certificate::ClientCertificate;
use event::{Caller, Event};

/// An integration that takes longer is given up (the function goes on).
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(30);
/// Most bytes of the request line and the values of the headers.
const LARGEST_HEAD: usize = 10_240;

/// One host: an HTTP API behind a listener.
pub struct Gateway {
    /// `apiId` in events.
    pub api_id: String,
    /// Routes of the API.
    pub routes: Routes,
    /// Where routes lead.
    pub functions: Functions,
    /// One line per call, when the template wants one.
    pub access_log: Option<AccessLog>,
    /// After so long an idle connection, half a handshake and half a request end.
    pub idle: Duration,
}

impl Gateway {
    /// Answers every connection of `listener` until the returned guard closes or goes.
    pub(crate) fn serve(self, listener: TcpListener, tls: rustls::ServerConfig) -> Serving {
        let gateway = Arc::new(self);
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let (closing, mut closed) = oneshot::channel();
        let task = tokio::spawn(async move {
            let (graceful, mut connections) = (GracefulShutdown::new(), JoinSet::new());
            loop {
                tokio::select! {
                    stream = front::accept(&listener) => {
                        let (gateway, acceptor) = (Arc::clone(&gateway), acceptor.clone());
                        connections.spawn(connection(gateway, acceptor, stream, graceful.watcher()));
                    }
                    Some(_) = connections.join_next() => {}
                    Ok(()) = &mut closed => break,
                }
            }
            drop(listener);
            graceful.shutdown().await;
        });
        Serving::closing(task, closing)
    }

    async fn answer(
        &self,
        caller: &Caller,
        idle: &Idle,
        request: Request<Incoming>,
    ) -> Response<Full<Bytes>> {
        let started = Instant::now();
        let (parts, body) = request.into_parts();
        let mut event = Event::new(&self.api_id, caller, &parts);
        let reply = match unusable(&parts) {
            Some(refusal) => refusal,
            None => self.reply(&mut event, idle, body).await,
        };
        if let Some(log) = &self.access_log {
            log.write(&event, reply.status, started.elapsed());
        }
        reply.into_response(event.request_id())
    }

    async fn reply(&self, event: &mut Event<'_>, idle: &Idle, body: Incoming) -> Reply {
        let Some(matched) = self.routes.find(event.method(), event.wire_path()) else {
            return Reply::message(StatusCode::NOT_FOUND, "Not Found");
        };
        let function = self.functions.get(&matched.route.function);
        event.set_route(matched);
        let body = match body::read(body).await {
            Ok(body) => body,
            Err(BodyError::TooLarge) => {
                return Reply::message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
            }
            Err(BodyError::Broken) => return Reply::message(StatusCode::BAD_REQUEST, "Bad Request"),
        };
        let Some(function) = function else {
            return Reply::message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
        };
        let event = event.to_json(&body);
        // Within the gateway's limit, beyond Lambda's: a synchronous invocation takes 6 MB.
        if event.len() > MAX_PAYLOAD {
            return Reply::message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
        }
        let _at_work = idle.busy();
        integrate(function, event, INTEGRATION_TIMEOUT).await
    }
}

/// The answer to a head that is not looked at any further.
fn unusable(head: &Parts) -> Option<Reply> {
    let (status, text) = if !front::names_one_host(head) {
        (StatusCode::BAD_REQUEST, "Bad Request")
    } else if front::size(head) > LARGEST_HEAD {
        (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "Request Header Fields Too Large")
    } else {
        return None;
    };
    Some(Reply::message(status, text))
}

/// Invokes the function of a route; its answer, or that of the gateway when the function failed.
async fn integrate(function: &Arc<Function>, event: Bytes, limit: Duration) -> Reply {
    let Ok(outcome) = tokio::time::timeout(limit, function.invoke(event)).await else {
        return Reply::message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable");
    };
    let name = &function.settings().name;
    match outcome {
        Outcome::Answered(answer) => Reply::from_function(&answer).unwrap_or_else(|fault| {
            tracing::error!(function = name, fault, "malformed answer");
            Reply::message(StatusCode::BAD_GATEWAY, "Internal Server Error")
        }),
        Outcome::Failed { kind, message } => {
            tracing::error!(function = name, kind, message, "invocation failed");
            Reply::message(StatusCode::BAD_GATEWAY, "Internal Server Error")
        }
        Outcome::NotStarted(fault) => {
            tracing::error!(function = name, fault, "function did not start");
            Reply::message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
        }
    }
}

/// Handshake, then HTTP/1.1 or HTTP/2 as the caller chose.
async fn connection(gateway: Arc<Gateway>, acceptor: TlsAcceptor, stream: TcpStream, closing: Watcher) {
    let (Ok(peer), Ok(local)) = (stream.peer_addr(), stream.local_addr()) else { return };
    let Some(stream) = front::handshake(&acceptor, stream, gateway.idle).await else { return };
    let certificate = match stream.get_ref().1.peer_certificates().and_then(|chain| chain.first()) {
        None => None,
        Some(leaf) => match ClientCertificate::read(leaf) {
            Ok(certificate) => Some(certificate),
            Err(fault) => {
                tracing::error!(fault, "the client certificate cannot be described");
                return;
            }
        },
    };
    let caller = Arc::new(Caller { address: peer.ip(), port: local.port(), certificate });
    let limit = gateway.idle;
    let idle = Idle::after(limit);
    let stream = TokioIo::new(idle.watch(stream));
    let of_connection = idle.clone();
    let service = service_fn(move |request| {
        let (gateway, caller, idle) = (Arc::clone(&gateway), Arc::clone(&caller), of_connection.clone());
        async move { Ok::<_, Infallible>(gateway.answer(&caller, &idle, request).await) }
    });
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1().timer(TokioTimer::new()).header_read_timeout(limit);
    http.http2().timer(TokioTimer::new());
    tokio::select! {
        // When the host closes, the request that is being answered is the last one of its connection.
        _ = closing.watch(http.serve_connection(stream, service).into_owned()) => {}
        () = idle.over() => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::tests::function;

    #[tokio::test]
    async fn an_integration_that_takes_too_long_is_503_and_goes_on() {
        let (function, _folder) = function(Duration::from_secs(5));
        let nap = Bytes::from_static(br#"{"do":"nap"}"#);
        let reply = integrate(&function, nap, Duration::from_millis(1)).await;
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
        while function.tally().invocations == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(function.tally().failures, 0);
    }
}
