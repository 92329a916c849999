//! Calls of the layer, measured and bounded. How bytes get there is the caller's.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use tokio::time::{Instant, timeout};

/// How long an answer is waited for: well above every budget, so that a slow answer is told from none.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A call.
#[derive(Clone, Debug)]
pub struct Sent {
    /// HTTP method.
    pub method: &'static str,
    /// Path below the base URL of the layer: `/accounts/find`.
    pub path: &'static str,
    /// Media type of the body.
    pub content_type: &'static str,
    /// Bearer credential, if one is shown.
    pub credential: Option<String>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether the body goes compressed, with `Content-Encoding: gzip`.
    pub gzip: bool,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Received {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, empty without one.
    pub content_type: String,
    /// `Retry-After` in seconds, if there is one.
    pub retry_after: Option<u64>,
    /// Whether it has an `Accept-Encoding` that names gzip.
    pub takes_gzip: bool,
    /// The body, decoded from its content encoding.
    pub body: Vec<u8>,
}

/// Carries calls to the layer.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Makes a call, once; the reason where no answer comes.
    async fn send(&self, sent: Sent) -> Result<Received, String>;
}

/// The layer, with the credential that Ponte would show.
pub(crate) struct Layer {
    transport: Arc<dyn Transport>,
    credential: String,
}

/// What came of a call.
pub(crate) struct Asked {
    pub(crate) received: Result<Received, String>,
    pub(crate) took: Duration,
}

impl Asked {
    /// The status, if an answer came.
    pub(crate) fn status(&self) -> Option<u16> {
        self.received.as_ref().ok().map(|received| received.status)
    }
}

impl Layer {
    pub(crate) fn new(transport: Arc<dyn Transport>, credential: String) -> Self {
        Self { transport, credential }
    }

    /// A call as Ponte makes it.
    pub(crate) async fn ask(&self, path: &'static str, body: &Value) -> Asked {
        self.send(self.call(path, body.to_string().into_bytes())).await
    }

    /// The call that [`Self::ask`] makes, to be changed.
    pub(crate) fn call(&self, path: &'static str, body: Vec<u8>) -> Sent {
        let credential = Some(self.credential.clone());
        Sent { method: "POST", path, content_type: "application/json", credential, body, gzip: false }
    }

    /// Any call.
    pub(crate) async fn send(&self, sent: Sent) -> Asked {
        let started = Instant::now();
        let received = timeout(PATIENCE, self.transport.send(sent)).await;
        let received = received.unwrap_or_else(|_| Err(format!("no answer in {} s", PATIENCE.as_secs())));
        Asked { received, took: started.elapsed() }
    }
}
