//! Where clients publish their keys.

use async_trait::async_trait;
use ponte_ports::PortError;
use ponte_values::ClientId;

use super::clients::Clients;

/// What a reader of signed messages asks of the registrations: nothing but where the keys are.
#[async_trait]
pub trait KeySetUris: Send + Sync {
    /// Address of the key set of the client's software statement in the directory (S64); `None` if there is no such client, or it
    /// is blocked.
    async fn of(&self, client: &ClientId) -> Result<Option<String>, PortError>;
}

#[async_trait]
impl<T: Clients> KeySetUris for T {
    async fn of(&self, client: &ClientId) -> Result<Option<String>, PortError> {
        Ok(self.find(client).await?.map(|client| client.jwks_uri))
    }
}
