//! Plain HTTP/1.1 on a loopback listener: the AWS endpoint, the Runtime APIs and the control port use it.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use ponte_web::front;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

/// A running server; dropping it closes the listener and every connection.
#[derive(Debug)]
pub(crate) struct Serving {
    task: JoinHandle<()>,
    closing: Option<oneshot::Sender<()>>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Serving {
    /// Keeps a task that accepts connections.
    pub(crate) fn of(task: JoinHandle<()>) -> Self {
        Self { task, closing: None }
    }

    /// Keeps a task that ends by itself, its calls first, when it is told so over `closing`.
    pub(crate) fn closing(task: JoinHandle<()>, closing: oneshot::Sender<()>) -> Self {
        Self { task, closing: Some(closing) }
    }

    /// Takes no further call and lets the running ones end, for at most `grace`.
    pub(crate) async fn close(mut self, grace: Duration) {
        if let Some(closing) = self.closing.take() {
            // A task that is gone has nothing to end.
            let _ = closing.send(());
            let _ = tokio::time::timeout(grace, &mut self.task).await;
        }
    }
}

/// Serves every connection of `listener` with `service`.
pub(crate) fn serve<S, B>(listener: TcpListener, service: S) -> Serving
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    S::Future: Send,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    Serving::of(tokio::spawn(async move {
        // The set owns the connections: when the task is aborted they go with it.
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                stream = front::accept(&listener) => {
                    let mut http = http1::Builder::new();
                    http.timer(TokioTimer::new());
                    let connection = http.serve_connection(TokioIo::new(stream), service.clone());
                    connections.spawn(async move {
                        // A caller that goes away is the caller's business.
                        let _ = connection.await;
                    });
                }
                Some(_) = connections.join_next() => {}
            }
        }
    }))
}

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
