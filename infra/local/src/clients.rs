//! The sandbox's clients in the stack's own table, written through the adapter that the functions read it with.
//!
//! They stand for registrations made earlier through dynamic client registration; one that is there already is left
//! as it is, so that a restart changes nothing a registration has changed since.

use ponte_adapters::dynamo::{ClientTable, Dynamo};
use ponte_domain::client::Client;
use ponte_domain::ports::{Clients as _, PortError};
use ponte_sandbox::RegisteredClient;
use ponte_values::{ClientId, Institution, Invalid, OrganisationId, SoftwareStatementId};

use crate::stack::Stack;
use crate::world::INSTITUTION;

/// Why the clients are not registered.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    /// The world named a client with a value that is none.
    #[error("client of the sandbox: {0}")]
    Value(#[from] Invalid),
    /// The template gives the authorization server no table of clients.
    #[error("the oauth function of the template has no CLIENTS_TABLE")]
    NoTable,
    /// The table did not take it.
    #[error(transparent)]
    Store(#[from] PortError),
}

/// Registers those of `clients` that are not registered yet.
pub async fn register(stack: &Stack, clients: Vec<RegisteredClient>) -> Result<(), RegistrationError> {
    let oauth = stack.functions().get("oauth").ok_or(RegistrationError::NoTable)?;
    let table = oauth.settings().environment.get("CLIENTS_TABLE").ok_or(RegistrationError::NoTable)?;
    let dynamo = Dynamo::new(stack.cloud().clients().dynamodb, &Institution::parse(INSTITUTION)?);
    let table = ClientTable::new(&dynamo, table);
    for client in clients {
        let client = read(client)?;
        if table.find(&client.id).await?.is_none() {
            table.put(&client).await?;
        }
    }
    Ok(())
}

fn read(client: RegisteredClient) -> Result<Client, Invalid> {
    Ok(Client {
        id: ClientId::parse(&client.client_id)?,
        organisation: OrganisationId::parse(&client.organisation_id)?,
        software: SoftwareStatementId::parse(&client.software_statement_id)?,
        name: client.organisation_name,
        jwks_uri: client.jwks_uri,
        redirect_uris: client.redirect_uris,
        scopes: client.scope.split(' ').map(str::to_owned).collect(),
    })
}
