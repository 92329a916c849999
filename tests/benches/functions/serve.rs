//! A small HTTP server on one thread, for the Runtime API and the canned answers.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, spawn_local};
use tokio_rustls::TlsAcceptor;

/// A server; it stops listening when dropped.
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Answers every request on a free loopback port with `answer`.
pub(crate) async fn serve<A>(tls: Option<TlsAcceptor>, answer: A) -> std::io::Result<Server>
where
    A: AsyncFn(Request<Bytes>) -> Response<Full<Bytes>> + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let answer = Rc::new(answer);
    let accepting = spawn_local(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // Nagle's algorithm would hold small answers back and show up as time of the function.
            let _ = stream.set_nodelay(true);
            let (tls, answer) = (tls.clone(), Rc::clone(&answer));
            spawn_local(async move {
                match tls {
                    None => connection(stream, &*answer).await,
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(stream).await {
                            connection(stream, &*answer).await;
                        }
                    }
                }
            });
        }
    });
    Ok(Server { address, accepting })
}

/// Serves one connection until the other side leaves.
async fn connection<A>(stream: impl AsyncRead + AsyncWrite + Unpin, answer: &A)
where
    A: AsyncFn(Request<Bytes>) -> Response<Full<Bytes>>,
{
    let service = service_fn(async |request: Request<hyper::body::Incoming>| {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        Ok::<_, Infallible>(answer(Request::from_parts(head, body)).await)
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    // A process that is killed at the end of its rounds drops its connections; that is no fault.
    let _ = http.max_buf_size(2 << 20).serve_connection(TokioIo::new(stream), service).await;
}

/// A JSON answer.
pub(crate) fn json(status: u16, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    response.headers_mut().insert("content-type", http::HeaderValue::from_static("application/json"));
    response
}
