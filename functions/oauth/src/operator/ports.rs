//! The ports of the operator commands, and the two things every command about keys does with them.

use std::sync::Arc;

use ponte_authorization::api_key::{ApiKey, ApiKeyId, KeyChange};
use ponte_authorization::ports::{ApiKeys, Clients};
use ponte_ports::{Clock, Ids, Pauses};

use super::fault::CommandFault;

/// Runs the commands about API keys and clients.
pub struct OperatorPorts {
    /// The keys.
    pub keys: Arc<dyn ApiKeys>,
    /// The registered clients.
    pub clients: Arc<dyn Clients>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Fresh ids and secrets.
    pub ids: Arc<dyn Ids>,
    /// Pauses between tries.
    pub pauses: Arc<dyn Pauses>,
}

impl OperatorPorts {
    /// The key that a command names.
    pub(super) async fn find(&self, id: &str) -> Result<ApiKey, CommandFault> {
        let id = ApiKeyId::parse(id).map_err(|_| {
            CommandFault::Input(
                "id: 16 lower-case hexadecimal digits, those between the underscores of a key",
            )
        })?;
        self.keys.find(&id).await?.ok_or(CommandFault::NoKey)
    }

    pub(super) async fn commit(&self, change: KeyChange) -> Result<(), CommandFault> {
        Ok(self.keys.commit(change, self.ids.uuid()).await?)
    }
}
