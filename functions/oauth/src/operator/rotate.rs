//! `api-key.rotate`: another secret for a key; the one it had counts for a while more.

use std::time::Duration;

use ponte_authorization::api_key::GRACE_MAX;
use ponte_fapi::secret;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::KeyOperator;
use super::fault::CommandFault;
use super::told;

/// Grace when the command names none.
const GRACE: Duration = Duration::from_hours(24);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Rotate {
    #[serde(rename = "operator")]
    _operator: IgnoredAny,
    id: String,
    grace_seconds: Option<u64>,
}

impl KeyOperator {
    pub(super) async fn rotate(&self, asked: Rotate) -> Result<Value, CommandFault> {
        let grace = asked.grace_seconds.map_or(GRACE, Duration::from_secs);
        if grace > GRACE_MAX {
            return Err(CommandFault::Input("graceSeconds: 0 to 604800"));
        }
        let key = self.named(&asked.id).await?;
        let now = self.clock.now();
        let secret = self.ids.secret();
        let change = key.rotate(secret::hash(&secret), grace, now)?;
        let key = change.key.clone();
        self.commit(change).await?;
        Ok(told::once(&key, &secret, now))
    }
}
