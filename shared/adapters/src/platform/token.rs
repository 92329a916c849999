//! The token of the metrics platform: fetched over mTLS, kept, and fetched by one caller at a time (M01, T52).

use std::sync::Arc;
use std::time::Duration;

use ponte_domain::ports::{Clock, PortError};
use ponte_domain::rotation::Rotating;
use ponte_values::{Moment, SecretText};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, StatusCode};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::{failure, http};

const WHAT: &str = "metrics platform token";
const LIMIT: usize = 64 * 1024;
const DEADLINE: Duration = Duration::from_secs(5);

#[derive(Serialize)]
struct Request<'a> {
    client_id: &'a str,
    grant_type: &'static str,
}

#[derive(Deserialize)]
struct Issued {
    access_token: SecretText,
    expires_in: u64,
}

/// A token in use.
#[derive(Clone)]
pub(super) struct Token {
    text: Arc<SecretText>,
    /// Used until then: its life less 10 %.
    until: Moment,
}

impl Token {
    pub(super) fn text(&self) -> &str {
        self.text.expose()
    }
}

/// Fetches tokens and keeps the last one.
pub(super) struct Tokens {
    /// Asked for at each fetch: a fetch under way ends with the certificate it began with.
    client: Rotating<Client>,
    url: String,
    client_id: String,
    clock: Arc<dyn Clock>,
    /// Held while fetching, so that those who wait find the token that the first one got.
    kept: Mutex<Option<Token>>,
}

impl Tokens {
    pub(super) fn new(client: Rotating<Client>, auth: &str, client_id: &str, clock: Arc<dyn Clock>) -> Self {
        Self {
            client,
            // M01: with the slash at the end.
            url: format!("{auth}/token/"),
            client_id: client_id.to_owned(),
            clock,
            kept: Mutex::new(None),
        }
    }

    /// The token in use, or a new one.
    pub(super) async fn get(&self) -> Result<Token, PortError> {
        let mut kept = self.kept.lock().await;
        match &*kept {
            Some(token) if self.clock.now() < token.until => Ok(token.clone()),
            _ => Ok(kept.insert(self.fetch().await?).clone()),
        }
    }

    /// A token other than `refused`, which the platform did not take.
    pub(super) async fn after(&self, refused: &Token) -> Result<Token, PortError> {
        let mut kept = self.kept.lock().await;
        match &*kept {
            Some(token) if !Arc::ptr_eq(&token.text, &refused.text) => Ok(token.clone()),
            _ => Ok(kept.insert(self.fetch().await?).clone()),
        }
    }

    async fn fetch(&self) -> Result<Token, PortError> {
        let request = Request { client_id: &self.client_id, grant_type: "client_credentials" };
        let body = serde_json::to_vec(&request).map_err(|error| failure::json(WHAT, &error))?;
        let asked = self.clock.now();
        let client = self.client.at(asked).await;
        let response = client
            .post(&self.url)
            .header(CONTENT_TYPE, "application/json")
            .timeout(DEADLINE)
            .body(body)
            .send()
            .await
            .map_err(|error| failure::http(WHAT, error))?;
        let status = response.status();
        if !matches!(status, StatusCode::OK | StatusCode::CREATED) {
            return Err(PortError::new(WHAT, format!("status {}", status.as_u16())));
        }
        let body = http::bounded(WHAT, response, LIMIT).await?;
        let issued = serde_json::from_slice::<Issued>(&body).map_err(|error| failure::json(WHAT, &error))?;
        let life = Duration::from_secs(issued.expires_in.min(7 * 24 * 3600)) * 9 / 10;
        Ok(Token { text: Arc::new(issued.access_token), until: asked.plus(life) })
    }
}
