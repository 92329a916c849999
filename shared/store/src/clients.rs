//! Registered clients: one item for every call, one for their management, and one for the software statement, so that it
//! is registered once (S88). The block list follows them in the same transaction (T60).

use async_trait::async_trait;
use ponte_authorization::block_list::{Block, Blocked};
use ponte_authorization::client::{Client, ClientRegistration};
use ponte_authorization::ports::Clients;
use ponte_authorization::registration_answer::RegistrationAnswer;
use ponte_authorization::removed_client::{Removal, RemovedBy, RemovedClient};
use ponte_cloud::env;
use ponte_ports::audit::AuditEntry;
use ponte_ports::{CommitFault, Ids, PortError, StoredForm};
use ponte_values::{ClientId, SoftwareStatementId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::body::{body, body_over, form_of, read, read_with_form};
use crate::dynamo::Dynamo;
use crate::item::{Condition, Item, item, key, n, s, text};
use crate::keys::{META, REGISTRATION, REMOVED};
use crate::pause::contended;
use crate::transaction::{Outcome, Transaction};
use crate::{audit, block_list, removals};
use ponte_cloud::environment::SystemIds;

const WHAT: &str = "clients table";

/// Names of the tables that a change of a client writes.
#[derive(Clone, Debug)]
pub struct ClientTables {
    /// The clients.
    pub clients: String,
    /// Answers to registrations, for a minute.
    pub grants: String,
    /// The block list.
    pub block_list: String,
    /// Word for the sweep that ends the consents of removed clients.
    pub outbox: String,
    /// Audit rows.
    pub audit: String,
}

ponte_cloud::settings! {
    impl ClientTables {
        clients: env::CLIENTS_TABLE,
        grants: env::GRANTS_TABLE,
        block_list: env::BLOCK_LIST_TABLE,
        outbox: env::OUTBOX_TABLE,
        audit: env::AUDIT_TABLE,
    }
}

/// The clients registered at an institution.
pub struct ClientTable {
    dynamo: Dynamo,
    clients: String,
    /// What a change writes besides; `None` if clients are only read.
    changed: Option<ClientTables>,
}

impl ClientTable {
    /// The clients in these tables.
    #[must_use]
    pub fn new(dynamo: &Dynamo, tables: ClientTables) -> Self {
        Self { dynamo: dynamo.clone(), clients: tables.clients.clone(), changed: Some(tables) }
    }

    /// For a function that only reads them.
    #[must_use]
    pub fn reading(dynamo: &Dynamo, clients: &str) -> Self {
        Self { dynamo: dynamo.clone(), clients: clients.to_owned(), changed: None }
    }

    fn tables(&self) -> Result<&ClientTables, PortError> {
        self.changed.as_ref().ok_or_else(|| PortError::new(WHAT, "opened to read alone"))
    }

    async fn stored(&self, id: &ClientId, sk: &str) -> Result<Option<Item>, PortError> {
        self.dynamo.get(WHAT, &self.clients, self.dynamo.keys.client(id), sk).await
    }

    /// The stored form of the part that every call needs. Both items have one version: if this one changes before a commit,
    /// the condition of the commit fails.
    async fn client_form(&self, id: &ClientId) -> Result<StoredForm, PortError> {
        Ok(self.stored(id, META).await?.as_ref().map_or_else(StoredForm::default, form_of))
    }

    /// Puts the two items of a registration over the version before; `client` is the form of the first, which is not
    /// read with the second. The block list follows.
    fn put(
        &self,
        transaction: &mut Transaction,
        registration: &ClientRegistration,
        client: &StoredForm,
        owner: &str,
    ) -> Result<(), PortError> {
        let before = || Condition::before(registration.version);
        let hot = self.item(registration, (META, &registration.client), client, owner)?;
        transaction.put(&self.clients, hot, before())?;
        let cold = self.item(registration, (REGISTRATION, registration), &registration.stored, owner)?;
        transaction.put(&self.clients, cold, before())?;
        let blocked = Blocked::Client(registration.client.id.clone());
        match registration.client.blocked_at {
            Some(_) => {
                let entry = block_list::item_of(&self.dynamo, &Block { blocked, until: None })?;
                transaction.put_always(&self.tables()?.block_list, entry)
            }
            // A client that is new has no entry.
            None if registration.version == 1 => Ok(()),
            None => {
                let entry = block_list::key_of(&self.dynamo, &blocked);
                transaction.delete_always(&self.tables()?.block_list, entry)
            }
        }
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
        answer: &RegistrationAnswer,
        audit: &AuditEntry,
        client: &StoredForm,
        owner: &str,
    ) -> Result<Transaction, PortError> {
        let mut transaction = Transaction::new(WHAT, owner);
        // After a reset the statement is the client's already.
        if new.version == 1 {
            let attributes = [("client", s(new.client.id.as_str())), ("owner", s(owner))];
            let taken = item(key(self.dynamo.keys.software(&new.client.software), META), attributes);
            transaction.put(&self.clients, taken, Condition::absent())?;
        }
        self.put(&mut transaction, new, client, owner)?;
        let attributes =
            [("body", body(WHAT, answer)?), ("expires_at", n(answer.expires_at().seconds() + 1))];
        let stored = item(key(self.dynamo.keys.registration_answer(&answer.key), META), attributes);
        transaction.put_always(&self.tables()?.grants, stored)?;
        self.note(&mut transaction, audit, owner)?;
        Ok(transaction)
    }

    fn removing(
        &self,
        gone: &RemovedClient,
        audit: &AuditEntry,
        owner: &str,
    ) -> Result<Transaction, PortError> {
        let (keys, id) = (&self.dynamo.keys, &gone.client.id);
        let mut transaction = Transaction::new(WHAT, owner);
        for sk in [META, REGISTRATION] {
            let stored = Condition::new("version = :version", [(":version", n(gone.version))]);
            transaction.delete_if(&self.clients, key(keys.client(id), sk), stored)?;
        }
        let kept = [("owner", s(owner)), ("body", body(WHAT, gone)?)];
        let kept = item(key(keys.client(id), REMOVED), kept);
        transaction.put(&self.clients, kept, Condition::absent())?;
        if gone.by == RemovedBy::Client {
            transaction.delete_if(&self.clients, self.software(gone), of_client(id))?;
        }
        let block = block_list::item_of(&self.dynamo, &gone.block())?;
        transaction.put_always(&self.tables()?.block_list, block)?;
        let removal = removals::item_of(&self.dynamo, &Removal { client: id.clone(), at: gone.at })?;
        transaction.put_always(&self.tables()?.outbox, removal)?;
        self.note(&mut transaction, audit, owner)?;
        Ok(transaction)
    }

    fn software(&self, gone: &RemovedClient) -> Item {
        key(self.dynamo.keys.software(&gone.client.software), META)
    }

    fn note(&self, transaction: &mut Transaction, entry: &AuditEntry, owner: &str) -> Result<(), PortError> {
        let row = audit::item_of(&self.dynamo, entry, owner, 0)?;
        transaction.put(&self.tables()?.audit, row, Condition::absent())
    }

    async fn run(&self, transaction: Transaction) -> Result<(), CommitFault> {
        match transaction.run(&self.dynamo).await? {
            Outcome::Applied => Ok(()),
            Outcome::Refused(_) => Err(CommitFault::Conflict),
            Outcome::Contended => Err(contended(WHAT).into()),
        }
    }
}

/// The software statement is still that of the client.
fn of_client(id: &ClientId) -> Condition {
    Condition::new("client = :client", [(":client", s(id.as_str()))])
}

#[async_trait]
impl Clients for ClientTable {
    async fn find(&self, id: &ClientId) -> Result<Option<Client>, PortError> {
        let found = self.stored(id, META).await?;
        Ok(found.map(|item| read::<Client>(WHAT, &item)).transpose()?.and_then(Client::open))
    }

    async fn registration(&self, id: &ClientId) -> Result<Option<ClientRegistration>, PortError> {
        let keep = |registration: &mut ClientRegistration, form| registration.stored = form;
        let found = self.stored(id, REGISTRATION).await?;
        found.map(|item| read_with_form(WHAT, &item, keep)).transpose()
    }

    async fn removed(&self, id: &ClientId) -> Result<Option<RemovedClient>, PortError> {
        self.stored(id, REMOVED).await?.map(|item| read(WHAT, &item)).transpose()
    }

    async fn of_software(&self, software: &SoftwareStatementId) -> Result<Option<ClientId>, PortError> {
        let pk = self.dynamo.keys.software(software);
        let found = self.dynamo.get(WHAT, &self.clients, pk, META).await?;
        let id = found.as_ref().and_then(|item| text(item, "client")).map(ClientId::parse);
        id.transpose().map_err(|invalid| PortError::new(WHAT, invalid))
    }

    async fn answer(&self, key: &str) -> Result<Option<RegistrationAnswer>, PortError> {
        let pk = self.dynamo.keys.registration_answer(key);
        let found = self.dynamo.get(WHAT, &self.tables()?.grants, pk, META).await?;
        found.map(|item| read(WHAT, &item)).transpose()
    }

    async fn register(
        &self,
        new: &ClientRegistration,
        answer: &RegistrationAnswer,
        audit: &AuditEntry,
    ) -> Result<(), CommitFault> {
        let client =
            if new.version == 1 { StoredForm::default() } else { self.client_form(&new.client.id).await? };
        let transaction = self.registering(new, answer, audit, &client, &SystemIds.uuid())?;
        self.run(transaction).await
    }

    async fn replace(&self, changed: &ClientRegistration, audit: &AuditEntry) -> Result<(), CommitFault> {
        let owner = SystemIds.uuid();
        let mut transaction = Transaction::new(WHAT, &owner);
        let client = self.client_form(&changed.client.id).await?;
        self.put(&mut transaction, changed, &client, &owner)?;
        self.note(&mut transaction, audit, &owner)?;
        // Whoever was in the way at every try has changed it by now: the caller reads it and decides again.
        transaction.commit(&self.dynamo).await
    }

    async fn remove(&self, gone: &RemovedClient, audit: &AuditEntry) -> Result<(), CommitFault> {
        self.removing(gone, audit, &SystemIds.uuid())?.commit(&self.dynamo).await
    }

    async fn release(&self, removed: &RemovedClient, audit: &AuditEntry) -> Result<(), CommitFault> {
        let owner = SystemIds.uuid();
        let mut transaction = Transaction::new(WHAT, &owner);
        let id = &removed.client.id;
        transaction.delete_if(&self.clients, self.software(removed), of_client(id))?;
        self.note(&mut transaction, audit, &owner)?;
        transaction.commit(&self.dynamo).await
    }
}

#[cfg(test)]
mod tests;
