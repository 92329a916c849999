//! Connections of the SDK clients that are not older than they look.
//!
//! An environment that was frozen wakes up with connections that everybody else has forgotten, and the pool's own timer
//! stood still with it. The SDK tries a call three times; three dead connections to one host were a failed call
//! (LB-12). So idle connections are few and end by the wall clock, and one that fails takes the others with it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_sdk_dynamodb::config::ConfigBag;
use aws_smithy_http_client::tls::{self, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::{RuntimeComponents, RuntimeComponentsBuilder};
use ponte_ports::Clock;
use ponte_values::Moment;

/// The roots of every AWS endpoint (Amazon Trust Services, valid to 2037 and later).
pub(super) const AMAZON_ROOTS: &[u8] = include_bytes!("amazon-roots.pem");
/// How long a connection may be idle.
const IDLE: Duration = Duration::from_secs(20);
/// Idle connections to one host.
const MOST_IDLE: usize = 2;

/// One pool and one TLS configuration for all clients; endpoints that are plain `http` are served by it too.
pub(super) struct Connections {
    clock: Arc<dyn Clock>,
    pool: Arc<Mutex<Pool>>,
}

struct Pool {
    client: SharedHttpClient,
    /// Counts the pools: a call of an earlier one says nothing about this one.
    number: u64,
    /// When a call began last; `None` before the first.
    used_at: Option<Moment>,
}

impl Connections {
    pub(super) fn by(clock: Arc<dyn Clock>) -> Self {
        let pool = Pool { client: client(), number: 0, used_at: None };
        Self { clock, pool: Arc::new(Mutex::new(pool)) }
    }
}

impl Pool {
    /// Throws the idle connections away. Calls under way end on theirs.
    fn renew(&mut self) {
        *self = Self { client: client(), number: self.number + 1, used_at: None };
    }
}

fn lock(pool: &Mutex<Pool>) -> MutexGuard<'_, Pool> {
    pool.lock().unwrap_or_else(PoisonError::into_inner)
}

impl HttpClient for Connections {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let now = self.clock.now();
        let mut pool = lock(&self.pool);
        if pool.used_at.is_some_and(|at| !now.is_within(IDLE, at)) {
            pool.renew();
        }
        pool.used_at = Some(now);
        let inner = pool.client.http_connector(settings, components);
        SharedHttpConnector::new(Watched { inner, pool: Arc::clone(&self.pool), number: pool.number })
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        HttpClient::validate_base_client_config(&lock(&self.pool).client, components, config)
    }

    fn validate_final_config(
        &self,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        HttpClient::validate_final_config(&lock(&self.pool).client, components, config)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        lock(&self.pool).client.connector_metadata()
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").finish_non_exhaustive()
    }
}

/// The connections for one try of a call.
struct Watched {
    inner: SharedHttpConnector,
    pool: Arc<Mutex<Pool>>,
    number: u64,
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl HttpConnector for Watched {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = self.inner.call(request);
        let mut waiting = Waiting { pool: Some(Arc::clone(&self.pool)), number: self.number };
        HttpConnectorFuture::new(async move {
            let answer = answer.await;
            if answer.is_ok() {
                waiting.answered();
            }
            answer
        })
    }
}

/// A try without an answer. When it fails, or is given up for want of time, what its connection met may have met the
/// others.
struct Waiting {
    pool: Option<Arc<Mutex<Pool>>>,
    number: u64,
}

impl Waiting {
    fn answered(&mut self) {
        self.pool = None;
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(pool) = &self.pool {
            let mut pool = lock(pool);
            if pool.number == self.number {
                pool.renew();
            }
        }
    }
}

pub(super) fn client() -> SharedHttpClient {
    let trust = TrustStore::empty().with_pem_certificate(AMAZON_ROOTS);
    let builder = aws_smithy_http_client::Builder::new()
        .tls_provider(tls::Provider::Rustls(CryptoMode::AwsLc))
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(MOST_IDLE);
    match TlsContext::builder().with_trust_store(trust).build() {
        Ok(context) => builder.tls_context(context).build_https(),
        // Unreachable today; the default context then trusts the operating system's roots.
        Err(_) => builder.build_https(),
    }
}
