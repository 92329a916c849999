//! The token of the metrics platform: one for all environments of the function, fetched over mTLS by one of them at a
//! time, kept where they share it and in this process (M01, T52).

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use ponte_metrics::ports::{SharedToken, SharedTokens, TokenLease};
use ponte_ports::rotation::Rotating;
use ponte_ports::{Clock, Ids, PortError};
use ponte_values::{Moment, SecretText};
use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::http::{Client, Resend};
use crate::{failure, http};
use ponte_cloud::environment::SystemIds;

const WHAT: &str = "metrics platform token";
const LIMIT: usize = 64 * 1024;
const DEADLINE: Duration = Duration::from_secs(5);
/// How long one environment may fetch; longer than a fetch may take.
const TURN: Duration = Duration::from_secs(10);
/// Pause after a failed fetch, for every environment.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// Pause between two looks at the shared token while another environment fetches it.
const LOOK: Duration = Duration::from_millis(100);
/// Looks before giving up: five seconds.
const LOOKS: u32 = 50;
/// Between two looks while the old token is still good.
const GLANCE: Duration = Duration::from_secs(5);

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
    version: u64,
    /// Used without a look at what is shared for so long; not before its begin, where the clock has gone back (LB-04).
    used: Range<Moment>,
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
    shared: Arc<dyn SharedTokens>,
    clock: Arc<dyn Clock>,
    /// Held while looking and fetching, so that those who wait find the token that the first one got.
    kept: Mutex<Option<Token>>,
}

impl Tokens {
    pub(super) fn new(
        client: Rotating<Client>,
        (auth, client_id): (&str, &str),
        shared: Arc<dyn SharedTokens>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            client,
            // M01: with the slash at the end.
            url: format!("{auth}/token/"),
            client_id: client_id.to_owned(),
            shared,
            clock,
            kept: Mutex::new(None),
        }
    }

    /// The token in use, or a new one.
    pub(super) async fn get(&self) -> Result<Token, PortError> {
        let mut kept = self.kept.lock().await;
        match &*kept {
            Some(token) if token.used.contains(&self.clock.now()) => Ok(token.clone()),
            _ => Ok(kept.insert(self.shared(None).await?).clone()),
        }
    }

    /// A token other than `refused`, which the platform did not take.
    pub(super) async fn after(&self, refused: &Token) -> Result<Token, PortError> {
        let mut kept = self.kept.lock().await;
        match &*kept {
            Some(token) if token.version > refused.version => Ok(token.clone()),
            _ => Ok(kept.insert(self.shared(Some(refused.version)).await?).clone()),
        }
    }

    /// The shared token, above `refused`; fetched here if it is our turn, awaited if it is somebody else's.
    async fn shared(&self, refused: Option<u64>) -> Result<Token, PortError> {
        let refused = refused.unwrap_or_default();
        for look in 0..=LOOKS {
            if look > 0 {
                tokio::time::sleep(LOOK).await;
            }
            let lease = self.shared.look().await?;
            let now = self.clock.now();
            let good = lease.token.as_ref().filter(|token| lease.version > refused && token.is_good(now));
            match good {
                Some(token) if now < token.renew_at => {
                    return Ok(used(lease.version, token, now..token.renew_at));
                }
                good => {
                    let good = good.map(|token| {
                        // The next one is on its way: this one goes on, and what is shared is looked at again soon.
                        used(lease.version, token, now..now.plus(GLANCE).min(token.ends_at))
                    });
                    match (self.turn(&lease, now).await?, good) {
                        (Some(owner), None) => return self.fetch(lease.version, &owner).await,
                        (Some(owner), Some(old)) => {
                            return Ok(self.fetch(lease.version, &owner).await.unwrap_or(old));
                        }
                        (None, Some(old)) => return Ok(old),
                        (None, None) => {}
                    }
                }
            }
        }
        Err(PortError::new(WHAT, "another environment is fetching it and has not got it"))
    }

    /// Our id for this turn, if the turn is free.
    async fn turn(&self, lease: &TokenLease, now: Moment) -> Result<Option<String>, PortError> {
        if lease.is_taken(now, TURN) {
            return Ok(None);
        }
        let owner = SystemIds.uuid();
        let ours = self.shared.take_turn(lease.version, &owner, now..now.plus(TURN)).await?;
        Ok(ours.then_some(owner))
    }

    async fn fetch(&self, version: u64, owner: &str) -> Result<Token, PortError> {
        match self.ask().await {
            Ok(token) => {
                // False: our turn was over and somebody else's token is kept. Ours is as good.
                self.shared.keep(version, owner, &token).await?;
                let asked = token.asked_at();
                Ok(used(version + 1, &token, asked..token.renew_at))
            }
            Err(error) => {
                self.shared.leave_turn(owner, self.clock.now().plus(AFTER_FAILURE)).await?;
                Err(error)
            }
        }
    }

    async fn ask(&self) -> Result<SharedToken, PortError> {
        let request = Request { client_id: &self.client_id, grant_type: "client_credentials" };
        let body = serde_json::to_vec(&request).map_err(|error| failure::json(WHAT, &error))?;
        let asked = self.clock.now();
        let client = self.client.at(asked).await;
        let request = |http: &reqwest::Client| {
            http.post(&self.url).header(CONTENT_TYPE, "application/json").body(body.clone())
        };
        let sent = client.send(Resend::AfterIdle, DEADLINE, request);
        let response = sent.await.map_err(|error| failure::http(WHAT, error))?;
        let status = response.status();
        if !matches!(status, StatusCode::OK | StatusCode::CREATED) {
            return Err(PortError::new(WHAT, format!("status {}", status.as_u16())));
        }
        let body = http::bounded(WHAT, response, LIMIT).await?;
        let issued = serde_json::from_slice::<Issued>(&body).map_err(|error| failure::json(WHAT, &error))?;
        let life = Duration::from_secs(issued.expires_in.min(7 * 24 * 3600));
        Ok(SharedToken::issued(issued.access_token, asked, life))
    }
}

fn used(version: u64, token: &SharedToken, used: Range<Moment>) -> Token {
    Token { text: Arc::new(token.text.clone()), version, used }
}
