//! HTTP client of the sandbox, used by the channel, the other participants and the demo; and the answer that it returns.

use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};
use ponte_machine::SandboxError;
use ponte_machine::clock::{self, Stopwatch};
use ponte_values::Moment;
use serde_json::Value;

use crate::{handshake, tls};

/// A receiver gives up after 15 s (L02).
const LIMIT: Duration = Duration::from_secs(15);

/// A client certificate: chain and key as PEM.
#[derive(Clone, Copy)]
pub struct ClientCertificate<'a> {
    /// Chain, leaf first.
    pub chain_pem: &'a str,
    /// PKCS#8 key.
    pub key_pem: &'a str,
}

/// An HTTP client that trusts exactly one authority and never follows a redirect by itself.
#[derive(Clone)]
pub struct Caller {
    client: reqwest::Client,
    tls: rustls::ClientConfig,
    /// It expects to be refused.
    wary: bool,
}

/// A call to be made.
pub struct Call {
    method: Method,
    url: String,
    headers: Vec<(&'static str, String)>,
    body: Option<(&'static str, Bytes)>,
}

/// An answer, whatever its status.
pub struct Reply {
    /// Method of the call.
    pub method: Method,
    /// URL that was called.
    pub url: String,
    /// HTTP status.
    pub status: u16,
    /// Headers of the answer.
    pub headers: HeaderMap,
    /// Body of the answer.
    pub body: Bytes,
    /// The moment before the first byte was sent (M10).
    pub started: Moment,
    /// Milliseconds until the first byte of the answer, at least 1 (M10).
    pub millis: u64,
}

/// No answer came.
#[derive(Debug)]
pub struct NoAnswer {
    /// The whole chain of causes.
    pub reason: String,
    /// The TLS layer of the other side refused us with an alert.
    pub refused_by_tls: bool,
    /// We gave up waiting (M14: to be reported as 408).
    pub timed_out: bool,
    /// The moment before the first byte was sent.
    pub started: Moment,
    /// Milliseconds until it failed, at least 1.
    pub millis: u64,
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for NoAnswer {}

impl NoAnswer {
    /// Nothing was asked: there is no address for it.
    #[must_use]
    pub fn nowhere(reason: String) -> Self {
        Self { reason, refused_by_tls: false, timed_out: false, started: clock::now(), millis: 1 }
    }
}

impl Call {
    /// A call without body.
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self { method, url: url.into(), headers: Vec::new(), body: None }
    }

    /// `GET`.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new(Method::GET, url)
    }

    /// A call with a JSON body.
    pub fn json(method: Method, url: impl Into<String>, body: &Value) -> Self {
        let mut call = Self::new(method, url);
        call.body = Some(("application/json", body.to_string().into()));
        call
    }

    /// `POST` of a JSON body.
    pub fn post_json(url: impl Into<String>, body: &Value) -> Self {
        Self::json(Method::POST, url, body)
    }

    /// `POST` of a form.
    pub fn post_form(url: impl Into<String>, fields: &[(&str, &str)]) -> Self {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut call = Self::new(Method::POST, url);
        call.body = Some(("application/x-www-form-urlencoded", form.into()));
        call
    }

    /// The call with a body of another media type.
    #[must_use]
    pub fn with_body(mut self, media_type: &'static str, body: Bytes) -> Self {
        self.body = Some((media_type, body));
        self
    }

    /// The call with a body that is JSON already, or says so.
    #[must_use]
    pub fn with_json(self, body: Bytes) -> Self {
        self.with_body("application/json", body)
    }

    /// URL that it goes to.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Method and path, as a signature over the call names them.
    #[must_use]
    pub fn line(&self) -> (&str, &str) {
        let behind_scheme = self.url.split_once("://").map_or("", |(_, rest)| rest);
        let path = behind_scheme.find('/').map_or("/", |start| &behind_scheme[start..]);
        (self.method.as_str(), path.split('?').next().unwrap_or_default())
    }

    /// Its body, empty if it has none.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.body.as_ref().map_or(&[], |(_, body)| body)
    }

    /// One more header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// `Authorization: Bearer ..`.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }
}

impl Caller {
    /// Trusts the certificates of `trust_pem` only; with `certificate` it is an mTLS client.
    pub fn new(trust_pem: &str, certificate: Option<ClientCertificate<'_>>) -> Result<Self, SandboxError> {
        Self::over(tls::caller(trust_pem, certificate.map(|one| (one.chain_pem, one.key_pem)))?)
    }

    /// Trusts the public authorities, for what is not of this world.
    pub fn public() -> Result<Self, SandboxError> {
        Self::over(tls::public()?)
    }

    fn over(tls: rustls::ClientConfig) -> Result<Self, SandboxError> {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(LIMIT)
            .build()
            .map_err(|problem| SandboxError::unusable(chain(&problem)))?;
        Ok(Self { client, tls, wary: false })
    }

    /// The same for calls that the TLS layer of the other side may refuse: while a call is on its way, a handshake beside
    /// it listens for the alert. The HTTP client alone sees the refusal of a connection it is already writing to now
    /// and then as an end without a reason, or waits for an answer until it gives up.
    #[must_use]
    pub fn wary(self) -> Self {
        Self { wary: true, ..self }
    }

    /// Makes the call and reads the answer to its end.
    pub async fn send(&self, call: Call) -> Result<Reply, NoAnswer> {
        let mut request = self.client.request(call.method.clone(), &call.url);
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        if let Some((media_type, body)) = call.body {
            request = request.header("content-type", media_type).body(body);
        }
        let started = clock::now();
        let watch = Stopwatch::start();
        let failed = |problem: reqwest::Error, refusal: Option<rustls::Error>, millis| NoAnswer {
            refused_by_tls: refusal.is_some(),
            timed_out: problem.is_timeout(),
            reason: refusal.map_or_else(|| chain(&problem), |alert| alert.to_string()),
            started,
            millis,
        };
        let sent = tokio::select! {
            biased;
            sent = request.send() => sent,
            alert = Box::pin(self.warning(&call.url)) => {
                let reason = alert.to_string();
                let millis = watch.millis();
                return Err(NoAnswer { reason, refused_by_tls: true, timed_out: false, started, millis });
            }
        };
        let response = match sent {
            Ok(response) => response,
            Err(problem) => {
                let millis = watch.millis();
                let refusal =
                    if problem.is_timeout() { None } else { Box::pin(self.refusal(&call.url)).await };
                return Err(failed(problem, refusal, millis));
            }
        };
        let millis = watch.millis();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.map_err(|problem| failed(problem, None, millis))?;
        Ok(Reply { method: call.method, url: call.url, status, headers, body, started, millis })
    }

    /// The alert that a handshake beside the call hears; never ends when there is none.
    async fn warning(&self, url: &str) -> rustls::Error {
        if self.wary
            && let Some(alert) = self.refusal(url).await
        {
            return alert;
        }
        std::future::pending().await
    }

    /// Whether the call failed because the other side refuses our handshake: asked again, without a request.
    async fn refusal(&self, url: &str) -> Option<rustls::Error> {
        handshake::refusal(self.tls.clone(), url).await
    }
}

impl Reply {
    /// The body as JSON, `null` when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// A header as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// This answer as one that is of no use.
    pub fn unexpected(&self, wanted: &str) -> NoAnswer {
        let reason =
            format!("{wanted} was asked for at {}, {} came: {}", self.url, self.status, self.excerpt());
        NoAnswer {
            reason,
            refused_by_tls: false,
            timed_out: false,
            started: self.started,
            millis: self.millis,
        }
    }

    /// The body as text, cut after 300 characters.
    #[must_use]
    pub fn excerpt(&self) -> String {
        String::from_utf8_lossy(&self.body).chars().take(300).collect()
    }
}

fn chain(problem: &reqwest::Error) -> String {
    let mut text = problem.to_string();
    let mut cause = problem.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
