//! The secrets of `infra/template.yaml`, read from Secrets Manager into types that show nothing of themselves.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_secretsmanager::config::timeout::TimeoutConfig;
use aws_sdk_secretsmanager::operation::get_secret_value::{GetSecretValueError, GetSecretValueOutput};
use aws_sdk_secretsmanager::{Client, Config};
use ponte_fapi::token_id::Pepper;
use ponte_ports::{PortError, SecretVersion, SecretVersions};
use ponte_values::{Moment, SecretText};
use zeroize::{Zeroize as _, Zeroizing};

use crate::failure;

const WHAT: &str = "secrets";
/// Deadline of a look at a secret; after it the value in use serves on.
const DEADLINE: Duration = Duration::from_secs(3);
const ATTEMPT: Duration = Duration::from_secs(1);

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

    /// The 256-bit key of the pseudonyms, stored as 64 hexadecimal digits. It never changes.
    pub async fn pseudonym_key(&self, id: &str) -> Result<Zeroizing<[u8; 32]>, PortError> {
        let text = self.text(id).await?;
        hexadecimal(text.expose().trim())
            .and_then(|bytes| Some(Zeroizing::new(<[u8; 32]>::try_from(bytes.as_slice()).ok()?)))
            .ok_or_else(|| PortError::new(WHAT, format!("{id} is not 64 hexadecimal digits")))
    }

    /// The pepper of the token ids in reports, stored as 32 to 64 hexadecimal digits (M36). It never changes: a token
    /// keeps its id.
    pub async fn pepper(&self, id: &str) -> Result<Pepper, PortError> {
        let text = self.text(id).await?;
        hexadecimal(text.expose().trim())
            .and_then(|bytes| Pepper::new(bytes).ok())
            .ok_or_else(|| PortError::new(WHAT, format!("{id} is not 32 to 64 hexadecimal digits")))
    }

    /// The credential at the integration layer, as it is when the function starts.
    pub async fn institution_credential(&self, id: &str) -> Result<SecretText, PortError> {
        self.text(id).await
    }

    async fn text(&self, id: &str) -> Result<SecretText, PortError> {
        let current =
            stage(&self.client, id, "AWSCURRENT").await?.and_then(|mut found| found.secret_string.take());
        let current = current.ok_or_else(|| PortError::new(WHAT, format!("{id} has no current version")))?;
        Ok(SecretText::from(current))
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
    match request.config_override(Config::builder().timeout_config(timeouts)).send().await {
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
    let text = found.secret_string.take().map(SecretText::from);
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
