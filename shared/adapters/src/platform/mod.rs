//! The metrics platform: reports in batches, with a token of its own (M01 to M03, M20).

mod answer;
mod token;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ponte_domain::ports::{Clock, Platform, PlatformAnswer, PortError};
use ponte_domain::rotation::Rotating;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, StatusCode};

use crate::{failure, http};
use token::{Token, Tokens};

const WHAT: &str = "metrics platform";
/// Largest answer that is read: 5,000 verdicts with a message each (M03, M20).
const LIMIT: usize = 4 * 1024 * 1024;
const DEADLINE: Duration = Duration::from_secs(10);

/// Where the platform is and who we are there.
#[derive(Clone, Debug)]
pub struct PlatformAddress {
    /// Base URL of the token host (`PCM_AUTH_URL`).
    pub auth: String,
    /// Base URL of the API host (`PCM_API_URL`).
    pub api: String,
    /// `client_id` there.
    pub client_id: String,
}

/// The metrics platform.
pub struct MetricsPlatform {
    client: Client,
    api: String,
    tokens: Tokens,
    deadline: Duration,
}

impl MetricsPlatform {
    /// The platform at `address`. `mutual` shows the client certificate and fetches tokens; `plain` posts (M01).
    #[must_use]
    pub fn new(
        address: PlatformAddress,
        mutual: impl Into<Rotating<Client>>,
        plain: Client,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            client: plain,
            tokens: Tokens::new(mutual.into(), &address.auth, &address.client_id, clock),
            api: address.api,
            deadline: DEADLINE,
        }
    }

    async fn send(
        &self,
        path: &str,
        body: String,
        token: &Token,
    ) -> Result<(StatusCode, Vec<u8>), PortError> {
        let response = self
            .client
            .post(format!("{}{path}", self.api))
            .bearer_auth(token.text())
            .header(CONTENT_TYPE, "application/json")
            .timeout(self.deadline)
            .body(body)
            .send()
            .await
            .map_err(|error| failure::http(WHAT, error))?;
        let status = response.status();
        Ok((status, http::bounded(WHAT, response, LIMIT).await?))
    }

    /// One token, one post; a 401 is believed once and the post repeated with a new token.
    async fn exchange(&self, path: &str, items: &[&str]) -> Result<(StatusCode, Vec<u8>), PortError> {
        let token = self.tokens.get().await?;
        let answer = self.send(path, list(items), &token).await?;
        if answer.0 != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let token = self.tokens.after(&token).await?;
        self.send(path, list(items), &token).await
    }
}

#[async_trait]
impl Platform for MetricsPlatform {
    async fn post(&self, path: &str, items: &[&str]) -> Result<PlatformAnswer, PortError> {
        match self.exchange(path, items).await {
            Ok((status, body)) => Ok(answer::read(status, &body, items.len())),
            // Whether the items arrived is unknown; they stay and are sent again.
            Err(error) => Ok(PlatformAnswer::Later(cause(&error))),
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
