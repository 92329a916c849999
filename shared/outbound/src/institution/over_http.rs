//! A system behind a URL: `POST` of JSON with Bearer, gzip where it is offered, or of a signed JWT.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use ponte_ports::Clock;
use ponte_ports::rotation::Rotating;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};

use super::way::{Carry, ERROR_LIMIT, LIMIT, Media, Question, Reply, Unanswered, Way};
use crate::failure;
use crate::http::{self, Client};

/// Smallest body that is sent compressed, in bytes: less fits into the packets of one round trip anyway.
const WORTH_IT: usize = 4 * 1024;
/// Longest wait of the layer that is told on, in seconds.
pub(super) const LONGEST_WAIT: u64 = 3600;

struct OverHttp {
    /// Asked for at each call: another certificate counts without a deployment.
    client: Rotating<Client>,
    base: String,
    clock: Arc<dyn Clock>,
    /// Whether the layer said at its last answer that it takes gzip.
    takes_gzip: AtomicBool,
}

/// A body as it goes out.
struct Packed {
    bytes: Bytes,
    gzip: bool,
}

impl Way {
    /// The layer below `base` (`INSTITUTION_URL`).
    #[must_use]
    pub fn over_http(client: impl Into<Rotating<Client>>, base: String, clock: Arc<dyn Clock>) -> Self {
        Self(Box::new(OverHttp { client: client.into(), base, clock, takes_gzip: AtomicBool::new(false) }))
    }
}

#[async_trait]
impl Carry for OverHttp {
    async fn carry(&self, question: Question<'_>) -> Result<Reply, Unanswered> {
        let packed = self.packed(&question);
        let mut response = self.posted(&question, &packed).await?;
        if packed.gzip && response.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            // It took gzip before (RFC 9110 section 15.5.16): another process of it, perhaps. Nothing was done.
            self.takes_gzip.store(false, Ordering::Relaxed);
            let plain = Packed { bytes: question.body.clone(), gzip: false };
            response = self.posted(&question, &plain).await?;
        } else {
            self.takes_gzip.store(offers_gzip(response.headers()), Ordering::Relaxed);
        }
        let (status, wait) = (response.status(), wait_of(response.headers()));
        let limit = if status == StatusCode::OK { LIMIT } else { ERROR_LIMIT };
        let body = match http::bounded(question.what, response, limit).await {
            // The status says enough.
            Err(error) if status != StatusCode::OK && error.is_unusable() => Vec::new(),
            read => read.map_err(Unanswered::Unknown)?,
        };
        Ok(Reply { status: status.as_u16(), wait, body })
    }
}

impl OverHttp {
    fn packed(&self, question: &Question<'_>) -> Packed {
        let body = question.body;
        // A signed body is no smaller for it.
        let worth_it = question.media == Media::Json && body.len() >= WORTH_IT;
        if worth_it && self.takes_gzip.load(Ordering::Relaxed) {
            Packed { bytes: http::compressed(body).into(), gzip: true }
        } else {
            Packed { bytes: body.clone(), gzip: false }
        }
    }

    /// The answer; over a new client where the certificate of one side was refused, and the secret has another one by now.
    async fn posted(&self, question: &Question<'_>, packed: &Packed) -> Result<Response, Unanswered> {
        let client = self.client.at(self.clock.now()).await;
        let mut sent = self.post(&client, question, packed).await;
        if sent.as_ref().is_err_and(http::refuses_a_certificate) {
            let newer = self.client.refresh(self.clock.now()).await;
            if !Arc::ptr_eq(&newer, &client) {
                sent = self.post(&newer, question, packed).await;
            }
        }
        sent.map_err(|error| {
            // Whoever did not come to an agreement on TLS has read nothing.
            let arrived = !error.is_connect() && !http::refuses_a_certificate(&error);
            let error = failure::http(question.what, error);
            if arrived { Unanswered::Unknown(error) } else { Unanswered::NotSent(error) }
        })
    }

    async fn post(
        &self,
        client: &Client,
        question: &Question<'_>,
        packed: &Packed,
    ) -> Result<Response, reqwest::Error> {
        let url = format!("{}{}", self.base, question.operation);
        let request = |http: &reqwest::Client| {
            let mut request = http.post(&url).header(CONTENT_TYPE, question.media.content_type());
            request = request.header(ACCEPT_ENCODING, "gzip");
            if let Some(credential) = question.credential {
                request = request.bearer_auth(credential.expose());
            }
            if packed.gzip {
                request = request.header(CONTENT_ENCODING, "gzip");
            }
            request.body(packed.bytes.clone())
        };
        client.send(question.resend, question.left(), request).await
    }
}

/// Whether the layer says in its answer that it takes gzip (RFC 9110 section 12.5.3); a weight of 0 is a no.
#[must_use]
pub fn offers_gzip(headers: &HeaderMap) -> bool {
    let codings = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    codings.flat_map(|codings| codings.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let weight = parts.find_map(|part| part.strip_prefix("q=")?.trim().parse::<f32>().ok());
        named && weight.is_none_or(|weight| weight > 0.0)
    })
}

/// `Retry-After` in seconds; a date is not read.
pub(super) fn wait_of(headers: &HeaderMap) -> Option<Duration> {
    wait(headers.get(RETRY_AFTER)?.to_str().ok()?)
}

/// Seconds, an hour at most.
pub(super) fn wait(text: &str) -> Option<Duration> {
    let seconds: u64 = text.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.min(LONGEST_WAIT)))
}

#[cfg(test)]
mod tests;
