//! Calls over HTTP, as Ponte makes them: by its own client, with gzip offered, and no more of an answer than Ponte reads.

use std::time::Duration;

use async_trait::async_trait;
use ponte_layer_check::{Received, Sent, Transport};
use ponte_outbound::http::{Client, Resend, bounded, compressed};
use ponte_outbound::institution::{ERROR_LIMIT, LIMIT, offers_gzip};
use ponte_ports::chain;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use url::Url;

use super::tls::TlsOptions;

/// Name of the layer in errors.
const WHAT: &str = "the layer";
/// How long it may take to find out whether anything answers.
const KNOCK: Duration = Duration::from_secs(5);
/// Longer than the check waits.
const DEADLINE: Duration = Duration::from_mins(1);

/// A layer behind its URL.
pub(crate) struct Http {
    client: Client,
    base: String,
}

impl Http {
    /// The layer at `url`.
    pub(crate) fn new(url: &str, tls: &TlsOptions) -> Result<Self, String> {
        let parsed = Url::parse(url).map_err(|error| format!("{url}: {error}"))?;
        if !matches!(parsed.scheme(), "http" | "https")
            || parsed.query().is_some()
            || parsed.fragment().is_some()
        {
            return Err(format!("{url}: an http or https URL without a query is needed"));
        }
        Ok(Self { client: tls.client()?, base: url.trim_end_matches('/').to_owned() })
    }

    /// Whether anything answers there at all.
    pub(crate) async fn answers(&self) -> Result<(), String> {
        let asked = self.client.send(Resend::Always, KNOCK, |http| http.get(&self.base)).await;
        asked.map(drop).map_err(|error| {
            format!(
                "nothing answers at {}: {}; is the layer running, and is the port right?",
                self.base,
                chain(&error)
            )
        })
    }
}

#[async_trait]
impl Transport for Http {
    async fn send(&self, sent: Sent) -> Result<Received, String> {
        let body = if sent.gzip { compressed(&sent.body) } else { sent.body };
        let request = |http: &reqwest::Client| {
            let method = sent.method.parse().unwrap_or(reqwest::Method::POST);
            let request = http.request(method, format!("{}{}", self.base, sent.path));
            let request = request.header(CONTENT_TYPE, sent.content_type).header(ACCEPT_ENCODING, "gzip");
            let request = if sent.gzip { request.header(CONTENT_ENCODING, "gzip") } else { request };
            let request = request.body(body.clone());
            match &sent.credential {
                Some(credential) => request.bearer_auth(credential),
                None => request,
            }
        };
        // An idle connection that the layer forgot is no fault of it.
        let answer = self.client.send(Resend::AfterIdle, DEADLINE, request).await;
        let answer = answer.map_err(|error| format!("no answer: {}", chain(&error.without_url())))?;
        let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
        let (status, content_type) =
            (answer.status().as_u16(), header(CONTENT_TYPE).unwrap_or_default().to_owned());
        let retry_after = header(RETRY_AFTER).and_then(|wait| wait.trim().parse().ok());
        let takes_gzip = offers_gzip(answer.headers());
        let limit = if status == 200 { LIMIT } else { ERROR_LIMIT };
        let body = match bounded(WHAT, answer, limit).await {
            // The status says enough, as it does to Ponte.
            Err(error) if status != 200 && error.is_unusable() => Vec::new(),
            read => read.map_err(|error| chain(&error))?,
        };
        Ok(Received { status, content_type, retry_after, takes_gzip, body })
    }
}

#[cfg(test)]
mod tests;
