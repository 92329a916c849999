//! `api-key.revoke`: a key counts for nothing any more.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::KeyOperator;
use super::fault::CommandFault;
use super::told;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Revoke {
    #[serde(rename = "operator")]
    _operator: IgnoredAny,
    id: String,
}

impl KeyOperator {
    pub(super) async fn revoke(&self, asked: Revoke) -> Result<Value, CommandFault> {
        let key = self.named(&asked.id).await?;
        let now = self.clock.now();
        let change = key.revoke(now)?;
        let key = change.key.clone();
        self.commit(change).await?;
        Ok(told::of(&key, now))
    }
}
