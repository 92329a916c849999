//! Registered clients.

use async_trait::async_trait;
use ponte_domain::client::Client;
use ponte_domain::ports::{Clients, PortError};
use ponte_values::ClientId;

use super::Dynamo;
use super::item::{body, item, key, read};
use super::keys::META;

const WHAT: &str = "clients table";

/// The clients registered at an institution.
pub struct ClientTable {
    dynamo: Dynamo,
    table: String,
}

impl ClientTable {
    /// The clients in `table`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, table: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned() }
    }
}

#[async_trait]
impl Clients for ClientTable {
    async fn find(&self, id: &ClientId) -> Result<Option<Client>, PortError> {
        let pk = self.dynamo.keys.client(id);
        let found = self.dynamo.get(WHAT, &self.table, pk, META).await?;
        found.map(|item| read(WHAT, &item)).transpose()
    }

    async fn put(&self, client: &Client) -> Result<(), PortError> {
        let key = key(self.dynamo.keys.client(&client.id), META);
        let item = item(key, [("body", body(WHAT, client)?)]);
        self.dynamo.put(WHAT, &self.table, item).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamo::testing::{Database, client_id};
    use ponte_values::{OrganisationId, SoftwareStatementId};

    #[tokio::test]
    async fn a_registration_is_replaced_and_read_back() {
        let database = Database::start().await;
        let table = ClientTable::new(&database.dynamo, "clients");
        let id = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
        let mut client = Client {
            id: client_id(),
            organisation: OrganisationId::parse(id).unwrap(),
            software: SoftwareStatementId::parse(id).unwrap(),
            name: "Receptora Exemplo".to_owned(),
            jwks_uri: "https://keystore.example/jwks".to_owned(),
            redirect_uris: vec!["https://receptora.example/cb".to_owned()],
            scopes: vec!["openid".to_owned(), "accounts".to_owned()],
        };
        assert_eq!(table.find(&client.id).await.unwrap(), None);
        table.put(&client).await.unwrap();
        client.name = "Receptora Nova".to_owned();
        table.put(&client).await.unwrap();
        assert_eq!(table.find(&client.id).await.unwrap(), Some(client));
    }
}
