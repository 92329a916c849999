//! Registered clients: one item for every call, one for their management, and one for the software statement, so that it
//! is registered once (S88). The block list follows them in the same transaction (T60).

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue::Bool;
use ponte_authorization::block_list::{Block, Blocked};
use ponte_authorization::client::{Client, ClientRegistration};
use ponte_authorization::count_window::CountWindow;
use ponte_authorization::ports::{Clients, RegisterFault};
use ponte_authorization::registration_answer::RegistrationAnswer;
use ponte_authorization::registration_limit::{MOST_REGISTRATIONS, MOST_REPLACEMENTS};
use ponte_authorization::removed_client::{Removal, RemovedBy, RemovedClient};
use ponte_cloud::env;
use ponte_ports::audit::AuditEntry;
use ponte_ports::{CommitFault, Ids, PortError, StoredForm};
use ponte_values::{ClientId, Moment, SoftwareStatementId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::block_list::Place;
use crate::body::{body, body_over, form_of, read, read_with_form};
use crate::dynamo::{Dynamo, PutOutcome};
use crate::item::{Condition, Item, item, key, n, s, text};
use crate::keys::{META, REGISTRATION, REMOVED};
use crate::pause::contended;
use crate::transaction::{Outcome, Transaction};
use crate::{audit, block_list, counting, removals};
use ponte_cloud::environment::SystemIds;

const WHAT: &str = "clients table";

/// Attribute of a client that has had no token. A release before this one writes the row without it, as one that may have.
const UNUSED: &str = "unused";

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

/// The part of a client that every call needs, as it is stored.
#[derive(Default)]
struct StoredClient {
    form: StoredForm,
    /// Whether it has had no token.
    unused: bool,
}

impl StoredClient {
    /// Before the first registration.
    fn of_new() -> Self {
        Self { unused: true, ..Self::default() }
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

    /// The part that every call needs, as it is stored. Both items have one version: if this one changes before a commit, the
    /// condition of the commit fails.
    async fn stored_client(&self, id: &ClientId) -> Result<StoredClient, PortError> {
        let found = self.stored(id, META).await?;
        Ok(found.as_ref().map_or_else(StoredClient::default, |item| StoredClient {
            form: form_of(item),
            unused: item.contains_key(UNUSED),
        }))
    }

    /// Puts the two items of a registration over the version before; `client` is the first as it is stored, which is not
    /// read with the second. The block list follows.
    fn put(
        &self,
        transaction: &mut Transaction,
        registration: &ClientRegistration,
        client: &StoredClient,
        owner: &str,
    ) -> Result<(), PortError> {
        let before = || Condition::before(registration.version);
        let hot = self.item(registration, (META, &registration.client), &client.form, owner)?;
        let (hot, condition) = match client.unused {
            true if registration.version == 1 => (item(hot, [(UNUSED, Bool(true))]), before()),
            // Its first token must not come in between, or this would bring the mark back.
            true => (item(hot, [(UNUSED, Bool(true))]), unused(registration.version - 1)),
            false => (hot, before()),
        };
        transaction.put(&self.clients, hot, condition)?;
        let cold = self.item(registration, (REGISTRATION, registration), &registration.stored, owner)?;
        transaction.put(&self.clients, cold, before())?;
        let blocked = Blocked::Client(registration.client.id.clone());
        match registration.client.blocked_at {
            Some(_) => {
                let entry = block_list::decided(&self.dynamo, &Block { blocked, until: None })?;
                transaction.put_always(&self.tables()?.block_list, entry)
            }
            // A client that is new has no entry.
            None if registration.version == 1 => Ok(()),
            None => {
                let entry = block_list::key_of(&self.dynamo, &blocked, Place::Decided);
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
        client: &StoredClient,
        owner: &str,
    ) -> Result<Transaction, PortError> {
        let mut transaction = Transaction::new(WHAT, owner);
        // After a reset the statement is the client's already.
        if new.version == 1 {
            let attributes = [("client", s(new.client.id.as_str())), ("owner", s(owner))];
            let taken = item(key(self.dynamo.keys.software(&new.client.software), META), attributes);
            transaction.put(&self.clients, taken, Condition::absent())?;
            let registrations = self.dynamo.keys.registrations(&new.client.organisation);
            self.count(&mut transaction, registrations, MOST_REGISTRATIONS, answer.at)?;
        }
        self.put(&mut transaction, new, client, owner)?;
        let attributes =
            [("body", body(WHAT, answer)?), ("expires_at", n(answer.expires_at().seconds() + 1))];
        let stored = item(key(self.dynamo.keys.registration_answer(&answer.key), META), attributes);
        transaction.put_always(&self.tables()?.grants, stored)?;
        self.note(&mut transaction, audit, owner)?;
        Ok(transaction)
    }

    /// Counts a registration or a replacement under `pk`, up to `most` in an hour.
    fn count(
        &self,
        transaction: &mut Transaction,
        pk: String,
        most: u32,
        now: Moment,
    ) -> Result<(), PortError> {
        let window = CountWindow::hour(now);
        let counted = key(pk, window.starts().with_millis());
        let (change, below) = counting::one_more("registrations", window, most);
        transaction.update(&self.tables()?.grants, counted, &change, below)
    }

    /// `unused` is whether the client has removed itself and never had a token, so that nothing of it is to be shut. The sweep
    /// hears of it all the same: a release before the mark gives tokens and leaves it.
    fn removing(
        &self,
        gone: &RemovedClient,
        audit: &AuditEntry,
        unused: bool,
        owner: &str,
    ) -> Result<Transaction, PortError> {
        let (keys, id) = (&self.dynamo.keys, &gone.client.id);
        let mut transaction = Transaction::new(WHAT, owner);
        let stored = || Condition::new("version = :version", [(":version", n(gone.version))]);
        let hot = if unused { self::unused(gone.version) } else { stored() };
        for (sk, condition) in [(META, hot), (REGISTRATION, stored())] {
            transaction.delete_if(&self.clients, key(keys.client(id), sk), condition)?;
        }
        let kept = [("owner", s(owner)), ("body", body(WHAT, gone)?)];
        let kept = item(key(keys.client(id), REMOVED), kept);
        transaction.put(&self.clients, kept, Condition::absent())?;
        if gone.by == RemovedBy::Client {
            transaction.delete_if(&self.clients, self.software(gone), of_client(id))?;
        }
        if !unused {
            self.shut(&mut transaction, gone)?;
        }
        self.leave_word(&mut transaction, gone)?;
        self.note(&mut transaction, audit, owner)?;
        Ok(transaction)
    }

    /// The entry of the block list about a removed client.
    fn shut(&self, transaction: &mut Transaction, gone: &RemovedClient) -> Result<(), PortError> {
        let block = match gone.by {
            RemovedBy::Operator => block_list::decided(&self.dynamo, &gone.block()),
            RemovedBy::Client => block_list::brought_about(&self.dynamo, &gone.block()),
        };
        transaction.put_always(&self.tables()?.block_list, block?)
    }

    /// Word of a removal for the sweep.
    fn leave_word(&self, transaction: &mut Transaction, gone: &RemovedClient) -> Result<(), PortError> {
        let removal = removals::item_of(&self.dynamo, &Removal::of(gone))?;
        transaction.put_always(&self.tables()?.outbox, removal)
    }

    /// `stored` is what is kept of the client by now.
    fn withholding(
        &self,
        withheld: &RemovedClient,
        stored: &Item,
        audit: &AuditEntry,
        owner: &str,
    ) -> Result<Transaction, PortError> {
        let id = &withheld.client.id;
        let mut transaction = Transaction::new(WHAT, owner);
        let attributes = [("client", s(id.as_str())), ("owner", s(owner))];
        transaction.put(&self.clients, item(self.software(withheld), attributes), Condition::absent())?;
        let kept = [("owner", s(owner)), ("body", body_over(WHAT, withheld, &form_of(stored))?)];
        let kept = item(key(self.dynamo.keys.client(id), REMOVED), kept);
        let before = s(text(stored, "owner").unwrap_or_default());
        transaction.put(&self.clients, kept, Condition::new("#owner = :before", [(":before", before)]))?;
        self.shut(&mut transaction, withheld)?;
        self.leave_word(&mut transaction, withheld)?;
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

    async fn replacing(
        &self,
        changed: &ClientRegistration,
        audit: &AuditEntry,
    ) -> Result<Transaction, PortError> {
        let owner = SystemIds.uuid();
        let mut transaction = Transaction::new(WHAT, &owner);
        let client = self.stored_client(&changed.client.id).await?;
        self.put(&mut transaction, changed, &client, &owner)?;
        self.note(&mut transaction, audit, &owner)?;
        Ok(transaction)
    }

    async fn run(&self, registering: Transaction) -> Result<(), RegisterFault> {
        match registering.run(&self.dynamo).await? {
            Outcome::Applied => Ok(()),
            // A statement that is taken is the better reason: it holds longer than the hour. Where nothing is stored, a removal
            // was faster.
            Outcome::Refused(stored)
                if !stored.is_empty() && stored.iter().all(|item| item.contains_key("registrations")) =>
            {
                Err(RegisterFault::TooMany)
            }
            Outcome::Refused(_) => Err(RegisterFault::Taken),
            Outcome::Contended => Err(contended(WHAT).into()),
        }
    }
}

/// The client is of this version and has had no token.
fn unused(version: u64) -> Condition {
    Condition::new("version = :before AND attribute_exists(#unused)", [(":before", n(version))])
}

/// The software statement is still that of the client.
fn of_client(id: &ClientId) -> Condition {
    Condition::new("client = :client", [(":client", s(id.as_str()))])
}

#[async_trait]
impl Clients for ClientTable {
    async fn find(&self, id: &ClientId) -> Result<Option<Client>, PortError> {
        let Some(item) = self.stored(id, META).await? else { return Ok(None) };
        let client = Client { unused: item.contains_key(UNUSED), ..read(WHAT, &item)? };
        Ok(client.open())
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
    ) -> Result<(), RegisterFault> {
        let client = match new.version {
            1 => StoredClient::of_new(),
            _ => self.stored_client(&new.client.id).await?,
        };
        let transaction = self.registering(new, answer, audit, &client, &SystemIds.uuid())?;
        self.run(transaction).await
    }

    async fn first_token(&self, id: &ClientId) -> Result<bool, PortError> {
        let change = (key(self.dynamo.keys.client(id), META), "REMOVE #unused");
        let noted = self.dynamo.update_if(WHAT, &self.clients, change, Condition::present()).await?;
        Ok(matches!(noted, PutOutcome::Done))
    }

    async fn replace(&self, changed: &ClientRegistration, audit: &AuditEntry) -> Result<(), CommitFault> {
        // Whoever was in the way at every try has changed it by now: the caller reads it and decides again.
        self.replacing(changed, audit).await?.commit(&self.dynamo).await
    }

    async fn replace_metadata(
        &self,
        changed: &ClientRegistration,
        audit: &AuditEntry,
    ) -> Result<(), RegisterFault> {
        let mut transaction = self.replacing(changed, audit).await?;
        let replacements = self.dynamo.keys.replacements(&changed.client.id);
        self.count(&mut transaction, replacements, MOST_REPLACEMENTS, audit.at)?;
        self.run(transaction).await
    }

    async fn remove(&self, gone: &RemovedClient, audit: &AuditEntry) -> Result<(), CommitFault> {
        // What an operator removes is shut and ended whatever the mark says. Where it says something, it is a condition.
        let unused = gone.by == RemovedBy::Client && self.stored_client(&gone.client.id).await?.unused;
        self.removing(gone, audit, unused, &SystemIds.uuid())?.commit(&self.dynamo).await
    }

    async fn withhold(&self, withheld: &RemovedClient, audit: &AuditEntry) -> Result<(), CommitFault> {
        let stored = self.stored(&withheld.client.id, REMOVED).await?.ok_or(CommitFault::Conflict)?;
        self.withholding(withheld, &stored, audit, &SystemIds.uuid())?.commit(&self.dynamo).await
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
