//! The client of the metrics platform: reports are posted in batches and read back one interaction at a time (M01 to M03).

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use ponte_metrics::ledger::check::PlatformReport;
use ponte_metrics::ports::{Platform, PlatformAnswer, PlatformUnavailable, SharedTokens};
use ponte_ports::rotation::Rotating;
use ponte_ports::{Clock, PortError};
use reqwest::header::CONTENT_TYPE;
use reqwest::{RequestBuilder, StatusCode};

use super::address::PlatformAddress;
use super::answer::{self, Response, WHAT};
use super::token::{Token, Tokens};
use crate::http::{Client, Resend};
use crate::{failure, http};

/// Largest answer that is read, in bytes: 5,000 verdicts with a message each (M03, M20).
const LIMIT: usize = 4 * 1024 * 1024;
const DEADLINE: Duration = Duration::from_secs(10);
/// Where reports of calls are read back, one interaction at a time (M02).
const FIND: &str = "/report-api/v1/private/report/";
/// Where one report goes alone, not in a list (M50).
const ALONE: &str = "/consents/stock";

/// The metrics platform.
pub struct MetricsPlatform {
    client: Client,
    api: String,
    tokens: Tokens,
    deadline: Duration,
}

impl MetricsPlatform {
    /// The platform at `address`. `mutual` shows the client certificate and fetches tokens, which all environments
    /// keep in `shared`; `plain` posts (M01).
    #[must_use]
    pub fn new(
        address: PlatformAddress,
        mutual: impl Into<Rotating<Client>>,
        plain: Client,
        shared: Arc<dyn SharedTokens>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let tokens = Tokens::new(mutual.into(), (&address.auth, &address.client_id), shared, clock);
        Self { client: plain, tokens, api: address.api, deadline: DEADLINE }
    }

    async fn send(
        &self,
        resend: Resend,
        request: impl Fn(&reqwest::Client) -> RequestBuilder + Send + Sync,
        token: &Token,
    ) -> Result<Response, PortError> {
        let request = |http: &reqwest::Client| request(http).bearer_auth(token.text());
        let sent = self.client.send(resend, self.deadline, request);
        let response = sent.await.map_err(|error| failure::http(WHAT, error))?;
        let (status, after) = (response.status(), answer::retry_after(response.headers()));
        Ok(Response { status, after, body: http::bounded(WHAT, response, LIMIT).await? })
    }

    /// One token, one request; a 401 is believed once and the request repeated with a new token.
    async fn exchange(
        &self,
        resend: Resend,
        request: impl Fn(&reqwest::Client) -> RequestBuilder + Send + Sync,
    ) -> Result<Response, PortError> {
        let token = self.tokens.get().await?;
        let answer = self.send(resend, &request, &token).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let token = self.tokens.after(&token).await?;
        self.send(resend, &request, &token).await
    }
}

#[async_trait]
impl Platform for MetricsPlatform {
    async fn post(&self, path: &str, items: &[&str]) -> Result<PlatformAnswer, PortError> {
        let url = format!("{}{path}", self.api);
        let body = match items {
            [item] if path.ends_with(ALONE) => Bytes::copy_from_slice(item.as_bytes()),
            items => Bytes::from(list(items)),
        };
        let request = |http: &reqwest::Client| {
            http.post(&url).header(CONTENT_TYPE, "application/json").body(body.clone())
        };
        // On a fresh connection the items may have arrived: then the worker decides, as after any other silence.
        let sent = self.exchange(Resend::AfterIdle, request);
        // The token counts too: the worker reckons with this time before it begins a post.
        let answered = tokio::time::timeout(self.deadline, sent).await;
        match answered.unwrap_or_else(|elapsed| Err(PortError::timeout(WHAT, elapsed))) {
            Ok(response) => Ok(answer::read(&response, items.len())),
            // Whether the items arrived is unknown; they stay and are sent again.
            Err(error) => {
                Ok(PlatformAnswer::Later(PlatformUnavailable { reason: cause(&error), after: None }))
            }
        }
    }

    async fn find(&self, interaction: &str) -> Result<Vec<PlatformReport>, PortError> {
        let url = format!("{}{FIND}{interaction}", self.api);
        let response = self.exchange(Resend::Always, |http| http.get(&url)).await?;
        match response.status {
            StatusCode::OK => answer::filed(&response.body),
            StatusCode::NOT_FOUND => Ok(Vec::new()),
            status => Err(PortError::new(WHAT, format!("status {}", status.as_u16()))),
        }
    }
}

/// The items are JSON already: the list is spliced, not serialised again.
fn list(items: &[&str]) -> String {
    let mut list = String::with_capacity(items.iter().map(|item| item.len() + 1).sum::<usize>() + 2);
    list.push('[');
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            list.push(',');
        }
        list.push_str(item);
    }
    list.push(']');
    list
}

fn cause(error: &PortError) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}

#[cfg(test)]
mod tests;
