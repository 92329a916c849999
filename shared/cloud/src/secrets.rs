//! The secrets of `infra/template.yaml`, read from Secrets Manager into types that show nothing of themselves.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_secretsmanager::config::retry::RetryConfig;
use aws_sdk_secretsmanager::config::timeout::TimeoutConfig;
use aws_sdk_secretsmanager::operation::get_secret_value::{GetSecretValueError, GetSecretValueOutput};
use aws_sdk_secretsmanager::{Client, Config};
use ponte_fapi::token_id::Pepper;
use ponte_ports::{Alarm, Alarms, PortError, SecretVersion, SecretVersions};
use ponte_values::{Moment, SecretText};
use zeroize::{Zeroize as _, Zeroizing};

use crate::failure;

const WHAT: &str = "secrets";
/// Deadline of a look at a secret; after it the value in use serves on.
const DEADLINE: Duration = Duration::from_secs(3);
const ATTEMPT: Duration = Duration::from_secs(1);
/// Longest wait before the first repetition, doubled before the second: both fit into [`DEADLINE`], as they do not by
/// the SDK's own second (LB-23).
const FIRST_WAIT: Duration = Duration::from_millis(300);
/// Tries of a look, the first one included.
const TRIES: u32 = 3;

/// Reads secrets by name or ARN.
pub struct Secrets {
    client: Client,
}

impl Secrets {
    /// The secrets behind `client`.
    #[must_use]
    pub const fn new(client: Client) -> Self {
        Self { client }
    }

    /// A secret that may change while the function runs.
    #[must_use]
    pub fn versions(&self, id: String) -> Arc<dyn SecretVersions> {
        Arc::new(StagedSecret { client: self.client.clone(), id })
    }

    /// The 256-bit key of the pseudonyms, stored as 64 hexadecimal digits. It never changes and so is not followed:
    /// another key, put by mistake, would give every customer and product another id in the middle of calls.
    pub async fn pseudonym_key(
        &self,
        id: &str,
        alarms: &dyn Alarms,
    ) -> Result<Zeroizing<[u8; 32]>, PortError> {
        let key =
            |text: &str| Some(Zeroizing::new(<[u8; 32]>::try_from(hexadecimal(text)?.as_slice()).ok()?));
        let fixed = FixedSecret { name: "PseudonymKeySecret", form: "64 hexadecimal digits", alarms };
        fixed.of(self.text(id).await?, key)
    }

    /// The pepper of the token ids in reports, stored as 32 to 64 hexadecimal digits (M36). It never changes: a token
    /// keeps its id.
    pub async fn pepper(&self, id: &str, alarms: &dyn Alarms) -> Result<Pepper, PortError> {
        let pepper = |text: &str| Pepper::new(hexadecimal(text)?).ok();
        let fixed = FixedSecret { name: "PcmPepperSecret", form: "32 to 64 hexadecimal digits", alarms };
        fixed.of(self.text(id).await?, pepper)
    }

    async fn text(&self, id: &str) -> Result<Option<SecretText>, PortError> {
        let current = stage(&self.client, id, "AWSCURRENT").await?;
        Ok(current.and_then(|mut found| found.secret_string.take()).map(SecretText::written))
    }
}

/// A secret that is read once, when a function starts, and who is told of its faults.
struct FixedSecret<'a> {
    /// Its name in `infra/template.yaml`.
    name: &'static str,
    form: &'static str,
    alarms: &'a dyn Alarms,
}

impl FixedSecret<'_> {
    /// The value of `text`; without one an alarm is raised, because nothing serves on in its place.
    fn of<T>(&self, text: Option<SecretText>, read: impl Fn(&str) -> Option<T>) -> Result<T, PortError> {
        let fault = match text {
            None => "has no current version".to_owned(),
            Some(text) => match read(text.expose().trim()) {
                Some(value) => return Ok(value),
                None => format!("not {}", self.form),
            },
        };
        self.alarms.raise(&Alarm { secret: self.name, reason: fault.clone() });
        Err(PortError::new(WHAT, format!("{}: {fault}", self.name)))
    }
}

/// One secret by its staging labels.
struct StagedSecret {
    client: Client,
    id: String,
}

#[async_trait]
impl SecretVersions for StagedSecret {
    async fn current(&self) -> Result<Option<SecretVersion>, PortError> {
        stage(&self.client, &self.id, "AWSCURRENT").await?.map(version).transpose()
    }

    async fn previous(&self) -> Result<Option<SecretVersion>, PortError> {
        stage(&self.client, &self.id, "AWSPREVIOUS").await?.map(version).transpose()
    }
}

/// The version at a staging label; `None` if it was never written, removed, or deleted with the whole secret.
async fn stage(client: &Client, id: &str, stage: &str) -> Result<Option<GetSecretValueOutput>, PortError> {
    let timeouts =
        TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT).operation_timeout(DEADLINE).build();
    let request = client.get_secret_value().secret_id(id).version_stage(stage).customize();
    let retries = RetryConfig::standard().with_max_attempts(TRIES).with_initial_backoff(FIRST_WAIT);
    let config = Config::builder().timeout_config(timeouts).retry_config(retries);
    match request.config_override(config).send().await {
        Ok(found) => Ok(Some(found)),
        Err(error) => match error.as_service_error() {
            Some(
                GetSecretValueError::ResourceNotFoundException(_)
                // Marked for deletion.
                | GetSecretValueError::InvalidRequestException(_),
            ) => Ok(None),
            _ => Err(failure::aws(WHAT, &error)),
        },
    }
}

fn version(mut found: GetSecretValueOutput) -> Result<SecretVersion, PortError> {
    let text = found.secret_string.take().map(SecretText::written);
    let created_at = found.created_date.and_then(|date| date.to_millis().ok()).map(Moment::from_millis);
    match (found.version_id.take(), created_at, text) {
        (Some(id), Some(created_at), Some(text)) => Ok(SecretVersion { id, created_at, text }),
        _ => Err(PortError::new(WHAT, "a version without id, date or text")),
    }
}

fn hexadecimal(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    // Room for all: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() / 2));
    for digits in text.as_bytes().chunks_exact(2) {
        let mut pair = [digits[0], digits[1]];
        bytes.push(std::str::from_utf8(&pair).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok())?);
        pair.zeroize();
    }
    Some(bytes)
}

#[cfg(test)]
mod tests;
