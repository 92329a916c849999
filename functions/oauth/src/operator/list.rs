//! `api-key.list`: every key there is or was.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::KeyOperator;
use super::fault::CommandFault;
use super::told;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    #[serde(rename = "operator")]
    _operator: IgnoredAny,
}

impl KeyOperator {
    pub(super) async fn list(&self, _: List) -> Result<Value, CommandFault> {
        let now = self.clock.now();
        let keys = self.keys.list().await?;
        let keys: Vec<Value> = keys.iter().map(|key| told::of(key, now)).collect();
        Ok(json!({ "keys": keys }))
    }
}
