//! One HTTP client: its trusted authorities, its client certificate, and connections that are not older than they look.
//!
//! Whatever stands between us and a server forgets a connection that nobody used for a while, and says so with a reset
//! at its next bytes, or not at all. A pool finds idle connections by a timer, which stands still while an execution
//! environment is frozen. So idle connections are thrown away here by the wall clock, and a call whose connection broke
//! before a byte of the answer came may go out once more on a fresh one (LB-01).

use std::error::Error;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ponte_cloud::environment::SystemClock;
use ponte_ports::{Clock, PortError};
use ponte_values::Moment;
use reqwest::{RequestBuilder, Response, redirect};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::{AlertDescription, ClientConfig};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::time::Instant;

use super::certificate::TransportCertificate;
use super::trust::Trust;
use crate::failure;

const WHAT: &str = "outgoing HTTP client";
const CONNECT: Duration = Duration::from_secs(1);
/// How long a connection may be idle; the first to forget one do so after about a minute.
const IDLE: Duration = Duration::from_secs(20);
/// Idle connections to one host: an environment serves one call at a time, and each may be dead.
const MOST_IDLE: usize = 2;

/// When a call goes out once more on a fresh connection, after its own broke before a byte of the answer came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resend {
    /// Always: it only reads.
    Always,
    /// When it may have been sent on a connection that was dead already. On a fresh connection its sender decides, who
    /// counts its tries.
    AfterIdle,
    /// Only if nobody was reached: it may have had its effect otherwise. It goes out on a connection that was not idle.
    Unreached,
}

/// An HTTP client. Clones share their connections.
#[derive(Clone)]
pub struct Client {
    tls: ClientConfig,
    clock: Arc<dyn Clock>,
    pool: Arc<Mutex<Pool>>,
}

struct Pool {
    http: reqwest::Client,
    /// When a call began or its answer came last; `None` before the first.
    used_at: Option<Moment>,
}

impl Client {
    fn over(tls: ClientConfig, clock: Arc<dyn Clock>) -> Result<Self, PortError> {
        let pool = Pool { http: connections(&tls)?, used_at: None };
        Ok(Self { tls, clock, pool: Arc::new(Mutex::new(pool)) })
    }

    /// The same client by another clock, with connections of its own.
    #[cfg(test)]
    pub(crate) fn by(self, clock: Arc<dyn Clock>) -> Self {
        Self::over(self.tls, clock).unwrap()
    }

    /// The connections to call over now; none of them was idle for long.
    pub(crate) fn connections(&self) -> reqwest::Client {
        self.begin().0
    }

    /// Makes a call within `deadline`, the body of its answer included, and once more where `resend` says so.
    pub async fn send(
        &self,
        resend: Resend,
        deadline: Duration,
        request: impl Fn(&reqwest::Client) -> RequestBuilder + Send + Sync,
    ) -> Result<Response, reqwest::Error> {
        let until = Instant::now() + deadline;
        if resend == Resend::Unreached {
            self.renew();
        }
        let (http, used_before) = self.begin();
        match request(&http).timeout(deadline).send().await {
            Ok(response) => {
                self.lock().used_at = Some(self.clock.now());
                Ok(response)
            }
            Err(error) => {
                // What one connection met may have met the others.
                self.renew();
                let again = match resend {
                    Resend::Always => true,
                    Resend::AfterIdle => used_before,
                    Resend::Unreached => error.is_connect(),
                };
                if !again || !broke(&error) {
                    return Err(error);
                }
                let (http, _) = self.begin();
                request(&http).timeout(until.saturating_duration_since(Instant::now())).send().await
            }
        }
    }

    /// Throws the idle connections away. Calls under way end on theirs.
    pub(crate) fn renew(&self) {
        if let Ok(http) = connections(&self.tls) {
            *self.lock() = Pool { http, used_at: None };
        }
    }

    /// The connections for a call that begins now, and whether one of them may have been idle.
    fn begin(&self) -> (reqwest::Client, bool) {
        let now = self.clock.now();
        if self.lock().used_at.is_some_and(|at| !now.is_within(IDLE, at)) {
            self.renew();
        }
        let mut pool = self.lock();
        let used_before = pool.used_at.replace(now).is_some();
        (pool.http.clone(), used_before)
    }

    fn lock(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a call ended without a byte of an answer, and not for want of time.
fn broke(error: &reqwest::Error) -> bool {
    error.is_request() && !error.is_timeout()
}

/// Whether one side refused the certificate of the other, so that nothing was asked.
pub(crate) fn refuses_a_certificate(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        match error.downcast_ref() {
            Some(rustls::Error::InvalidCertificate(_)) => return true,
            Some(rustls::Error::AlertReceived(alert)) if is_of_a_certificate(*alert) => return true,
            _ => {}
        }
        // An error of input and output shows what is in it, and not that it is its source.
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        cause = inner.map(|inner| inner as _).or_else(|| error.source());
    }
    false
}

/// Whether an alert ends a handshake; one that a server sends later says nothing of what it has read (RFC 8446 section 6.2).
const fn is_of_a_certificate(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::HandshakeFailure
            | AlertDescription::NoCertificate
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
            | AlertDescription::DecryptError
            | AlertDescription::CertificateRequired
    )
}

fn connections(tls: &ClientConfig) -> Result<reqwest::Client, PortError> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .redirect(redirect::Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT)
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(MOST_IDLE)
        .build()
        .map_err(|error| failure::http(WHAT, error))
}

/// A client that trusts `trust` and shows `identity`, if there is one, to servers that ask for a certificate.
pub fn client(trust: &Trust, identity: Option<&TransportCertificate>) -> Result<Client, PortError> {
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| PortError::new(WHAT, error))?
        .with_root_certificates(trust.roots());
    let tls = match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            let chain = CertificateDer::pem_slice_iter(identity.certificate.as_bytes())
                .collect::<Result<Vec<_>, _>>()
                .map_err(|error| PortError::new(WHAT, error))?;
            let key = PrivateKeyDer::from_pem_slice(identity.private_key.expose().as_bytes())
                .map_err(|_| PortError::new(WHAT, "the private key of the client certificate is not PEM"))?;
            builder.with_client_auth_cert(chain, key).map_err(|error| PortError::new(WHAT, error))?
        }
    };
    Client::over(tls, Arc::new(SystemClock))
}
