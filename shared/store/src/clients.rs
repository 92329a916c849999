//! Registered clients: one item for every call, one for their management, and one for the software statement, so that it
//! is registered once (S88).

use async_trait::async_trait;
use ponte_authorization::client::{Client, ClientRegistration};
use ponte_authorization::ports::Clients;
use ponte_ports::audit::AuditEntry;
use ponte_ports::{CommitFault, Ids, PortError, StoredForm};
use ponte_values::ClientId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::audit;
use crate::body::{body_over, form_of, read, read_with_form};
use crate::dynamo::Dynamo;
use crate::item::{Condition, Item, item, key, n, s};
use crate::keys::{META, REGISTRATION};
use crate::transaction::{Outcome, Transaction};
use ponte_cloud::environment::SystemIds;

const WHAT: &str = "clients table";

/// The clients registered at an institution.
pub struct ClientTable {
    dynamo: Dynamo,
    table: String,
    audit: String,
}

impl ClientTable {
    /// The clients in `table`; changes leave a row in the table `audit`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, table: &str, audit: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned(), audit: audit.to_owned() }
    }

    async fn stored(&self, id: &ClientId, sk: &str) -> Result<Option<Item>, PortError> {
        self.dynamo.get(WHAT, &self.table, self.dynamo.keys.client(id), sk).await
    }

    /// Puts the two items of a registration over the version before; `client` is the form of the first, which is not
    /// read with the second.
    fn put(
        &self,
        transaction: &mut Transaction,
        registration: &ClientRegistration,
        client: &StoredForm,
        owner: &str,
    ) -> Result<(), PortError> {
        let before = || Condition::before(registration.version);
        let hot = self.item(registration, (META, &registration.client), client, owner)?;
        transaction.put(&self.table, hot, before())?;
        let cold = self.item(registration, (REGISTRATION, registration), &registration.stored, owner)?;
        transaction.put(&self.table, cold, before())
    }

    fn item<T: Serialize + DeserializeOwned>(
        &self,
        registration: &ClientRegistration,
        (sk, thing): (&str, &T),
        stored: &StoredForm,
        owner: &str,
    ) -> Result<Item, PortError> {
        let body = body_over(WHAT, thing, stored)?;
        let attributes = [("version", n(registration.version)), ("owner", s(owner)), ("body", body)];
        Ok(item(key(self.dynamo.keys.client(&registration.client.id), sk), attributes))
    }

    fn registering(
        &self,
        new: &ClientRegistration,
        audit: &AuditEntry,
        owner: &str,
    ) -> Result<Transaction, PortError> {
        let mut transaction = Transaction::new(WHAT, owner);
        let attributes = [("client", s(new.client.id.as_str())), ("owner", s(owner))];
        let taken = item(key(self.dynamo.keys.software(&new.client.software), META), attributes);
        transaction.put(&self.table, taken, Condition::absent())?;
        self.put(&mut transaction, new, &StoredForm::default(), owner)?;
        self.note(&mut transaction, audit, owner)?;
        Ok(transaction)
    }

    fn removing(
        &self,
        gone: &ClientRegistration,
        audit: &AuditEntry,
        owner: &str,
    ) -> Result<Transaction, PortError> {
        let keys = &self.dynamo.keys;
        let mut transaction = Transaction::new(WHAT, owner);
        for sk in [META, REGISTRATION] {
            let stored = Condition::new("version = :version", [(":version", n(gone.version))]);
            transaction.delete_if(&self.table, key(keys.client(&gone.client.id), sk), stored)?;
        }
        let of_client = Condition::new("client = :client", [(":client", s(gone.client.id.as_str()))]);
        transaction.delete_if(&self.table, key(keys.software(&gone.client.software), META), of_client)?;
        self.note(&mut transaction, audit, owner)?;
        Ok(transaction)
    }

    fn note(&self, transaction: &mut Transaction, entry: &AuditEntry, owner: &str) -> Result<(), PortError> {
        transaction.put(&self.audit, audit::item_of(&self.dynamo, entry, owner, 0)?, Condition::absent())
    }

    async fn run(&self, transaction: Transaction) -> Result<(), CommitFault> {
        match transaction.run(&self.dynamo).await? {
            Outcome::Applied => Ok(()),
            Outcome::Refused(_) => Err(CommitFault::Conflict),
            Outcome::Contended => Err(PortError::new(WHAT, "a client is being changed elsewhere").into()),
        }
    }
}

#[async_trait]
impl Clients for ClientTable {
    async fn find(&self, id: &ClientId) -> Result<Option<Client>, PortError> {
        self.stored(id, META).await?.map(|item| read(WHAT, &item)).transpose()
    }

    async fn registration(&self, id: &ClientId) -> Result<Option<ClientRegistration>, PortError> {
        let keep = |registration: &mut ClientRegistration, form| registration.stored = form;
        let found = self.stored(id, REGISTRATION).await?;
        found.map(|item| read_with_form(WHAT, &item, keep)).transpose()
    }

    async fn register(&self, new: &ClientRegistration, audit: &AuditEntry) -> Result<(), CommitFault> {
        let transaction = self.registering(new, audit, &SystemIds.uuid())?;
        self.run(transaction).await
    }

    async fn replace(&self, changed: &ClientRegistration, audit: &AuditEntry) -> Result<(), CommitFault> {
        let owner = SystemIds.uuid();
        let mut transaction = Transaction::new(WHAT, &owner);
        // Both items have one version: if this one changes before the commit, its condition fails.
        let client = self.stored(&changed.client.id, META).await?;
        let client = client.as_ref().map_or_else(StoredForm::default, form_of);
        self.put(&mut transaction, changed, &client, &owner)?;
        self.note(&mut transaction, audit, &owner)?;
        self.run(transaction).await
    }

    async fn remove(&self, gone: &ClientRegistration, audit: &AuditEntry) -> Result<(), CommitFault> {
        let transaction = self.removing(gone, audit, &SystemIds.uuid())?;
        self.run(transaction).await
    }
}

#[cfg(test)]
mod tests;
