//! The ports of this function at once, in memory: those of the kit, and those that no other crate tests with.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use ponte_authorization::block_list::{Block, Blocked};
use ponte_authorization::client::{Client, ClientRegistration};
use ponte_authorization::count_window::CountWindow;
use ponte_authorization::grant::{Code, PushedRequest, Redemption, RefreshToken};
use ponte_authorization::interaction::{ArrivalId, Assurance, Interaction};
use ponte_authorization::ports::{Clients, Grants, Interactions, RegisterFault, Targets};
use ponte_authorization::registration_answer::RegistrationAnswer;
use ponte_authorization::registration_limit::{MOST_REGISTRATIONS, MOST_REPLACEMENTS};
use ponte_authorization::removed_client::{RemovedBy, RemovedClient};
use ponte_authorization::replay::Replay;
use ponte_authorization::target::{Target, TargetState, TargetStatus};
use ponte_data_consent::consent::{Consent, EffectiveStatus};
use ponte_kit::blocks::BlocksInMemory;
use ponte_kit::clock::ManualClock;
use ponte_kit::directory::KeySetsInMemory;
use ponte_kit::outbox::OutboxInMemory;
use ponte_kit::store::Store;
use ponte_ports::audit::AuditEntry;
use ponte_ports::outbox::OutboxRow;
use ponte_ports::{CommitFault, PortError};
use ponte_values::{
    AndroidApp, AppleAppId, ClientId, Moment, OrganisationId, SoftwareStatementId, TargetKind,
};

use crate::scopes::Scopes;

/// The contents of the ports; a test may look at them and change them.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) clients: Mutex<HashMap<String, Client>>,
    pub(crate) registrations: Mutex<HashMap<String, ClientRegistration>>,
    /// Those that were removed, and of these the ones whose statement is free again.
    pub(crate) removed: Mutex<HashMap<String, RemovedClient>>,
    released: Mutex<HashSet<String>>,
    pub(crate) answers: Mutex<HashMap<String, RegistrationAnswer>>,
    pub(crate) blocks: Arc<BlocksInMemory>,
    /// Whether a client removes itself before its first token is noted.
    pub(crate) leaves: Mutex<bool>,
    /// How many of the next changes of registrations come second, and one.
    pub(crate) faster: Mutex<u32>,
    /// Whether writers of the same rows meet a change of a registration at each of the store's tries, so many times.
    pub(crate) contended: Mutex<u32>,
    /// How often each client replaced its registration in each hour.
    pub(crate) replaced: Mutex<HashMap<(ClientId, CountWindow), u32>>,
    /// How often each organisation registered in each hour.
    pub(crate) registered: Mutex<HashMap<(OrganisationId, CountWindow), u32>>,
    pub(crate) audit: Mutex<Vec<AuditEntry>>,
    pub(crate) reports: Arc<OutboxInMemory>,
    pub(crate) consent: Mutex<Option<Consent>>,
    /// Whether a later release wrote the consent in a way that this one cannot read.
    pub(crate) later: Mutex<bool>,
    /// Recurring consents and enrolments.
    pub(crate) targets: Mutex<HashMap<Target, TargetState>>,
    /// The interactions.
    pub(crate) store: Store,
    /// The browser that arrived at each interaction: what it took to the channel, and its cookie.
    pub(crate) arrivals: Mutex<HashMap<String, (ArrivalId, String)>>,
    pub(crate) ids: Arc<ManualClock>,
    pub(crate) pushed: Mutex<HashMap<String, PushedRequest>>,
    pub(crate) codes: Mutex<HashMap<String, (Code, Option<String>)>>,
    /// Hashes of codes whose tokens were taken back.
    replayed: Mutex<HashSet<String>>,
    pub(crate) refresh_tokens: Mutex<HashMap<String, RefreshToken>>,
    pub(crate) jtis: Mutex<HashSet<String>>,
    pub(crate) key_sets: Arc<KeySetsInMemory>,
    /// The strongest authentication of the channel.
    pub(crate) assurance: Mutex<Assurance>,
    /// Whether payments are served.
    pub(crate) payments: Mutex<bool>,
    /// Whether the command loop is on.
    pub(crate) commands: Mutex<bool>,
    pub(crate) apple_apps: Mutex<Vec<AppleAppId>>,
    pub(crate) android_apps: Mutex<Vec<AndroidApp>>,
    /// Every call of a port, in order.
    calls: Mutex<Vec<&'static str>>,
    /// Whether calls that run at once read an interaction before either changes it.
    pub(crate) together: Mutex<bool>,
    /// The fault of the stores, if they have one.
    pub(crate) fault: Mutex<Option<StoreFault>>,
}

/// A fault of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StoreFault {
    Fails,
    Hangs,
}

impl Memory {
    fn called(&self, what: &'static str) {
        self.calls.lock().unwrap().push(what);
    }

    /// The calls of ports since the last look.
    pub(crate) fn calls(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    pub(crate) fn scopes(&self) -> Scopes {
        Scopes { payments: *self.payments.lock().unwrap() }
    }

    fn works(&self) -> Result<(), PortError> {
        match *self.fault.lock().unwrap() {
            None => Ok(()),
            Some(StoreFault::Fails) => Err(PortError::new("a store", "said no")),
            Some(StoreFault::Hangs) => Err(PortError::timeout("a store", "said nothing")),
        }
    }

    /// The client and its registration, and what the block list says of it.
    fn store(&self, changed: &ClientRegistration, audit: &AuditEntry) {
        let id = changed.client.id.to_string();
        let blocked = Blocked::Client(changed.client.id.clone());
        match changed.client.blocked_at {
            Some(_) => self.blocks.put(Block { blocked, until: None }),
            None => self.blocks.take(&blocked),
        }
        let mut clients = self.clients.lock().unwrap();
        let unused = match changed.version {
            1 => true,
            _ => clients.get(&id).is_some_and(|client| client.unused),
        };
        clients.insert(id.clone(), Client { unused, ..changed.client.clone() });
        self.registrations.lock().unwrap().insert(id, changed.clone());
        self.audit.lock().unwrap().push(audit.clone());
    }

    /// Whether another writer comes first this time.
    fn is_beaten(&self) -> bool {
        let mut faster = self.faster.lock().unwrap();
        *faster = faster.checked_sub(1).unwrap_or_default();
        *faster > 0
    }
}

#[async_trait]
impl Clients for Memory {
    async fn find(&self, id: &ClientId) -> Result<Option<Client>, PortError> {
        self.called("Clients::find");
        self.works()?;
        Ok(self.clients.lock().unwrap().get(id.as_str()).cloned().and_then(Client::open))
    }
    async fn registration(&self, id: &ClientId) -> Result<Option<ClientRegistration>, PortError> {
        self.called("Clients::registration");
        self.works()?;
        Ok(self.registrations.lock().unwrap().get(id.as_str()).cloned())
    }
    async fn removed(&self, id: &ClientId) -> Result<Option<RemovedClient>, PortError> {
        self.called("Clients::removed");
        self.works()?;
        Ok(self.removed.lock().unwrap().get(id.as_str()).cloned())
    }
    async fn of_software(&self, software: &SoftwareStatementId) -> Result<Option<ClientId>, PortError> {
        self.called("Clients::of_software");
        let clients = self.clients.lock().unwrap();
        let found = clients.values().find(|client| client.software == *software).map(|it| it.id.clone());
        let removed = self.removed.lock().unwrap();
        let taken =
            |gone: &&RemovedClient| gone.client.software == *software && gone.by == RemovedBy::Operator;
        let kept = removed.values().filter(taken).map(|gone| gone.client.id.clone());
        let released = self.released.lock().unwrap();
        Ok(found.or_else(|| kept.into_iter().find(|id| !released.contains(id.as_str()))))
    }
    async fn answer(&self, key: &str) -> Result<Option<RegistrationAnswer>, PortError> {
        self.called("Clients::answer");
        self.works()?;
        let found = self.answers.lock().unwrap().get(key).cloned();
        // Whoever asks the same gets as far before either registers.
        tokio::task::yield_now().await;
        Ok(found)
    }
    async fn register(
        &self,
        new: &ClientRegistration,
        answer: &RegistrationAnswer,
        audit: &AuditEntry,
    ) -> Result<(), RegisterFault> {
        self.called("Clients::register");
        self.works()?;
        let stored =
            self.registrations.lock().unwrap().get(new.client.id.as_str()).map_or(0, |it| it.version);
        let taken = new.version == 1 && self.of_software(&new.client.software).await?.is_some();
        if taken || stored + 1 != new.version {
            return Err(RegisterFault::Taken);
        }
        if new.version == 1 {
            let mut registered = self.registered.lock().unwrap();
            let window = CountWindow::hour(answer.at);
            let count = registered.entry((new.client.organisation.clone(), window)).or_default();
            if *count >= MOST_REGISTRATIONS {
                return Err(RegisterFault::TooMany);
            }
            *count += 1;
        }
        self.answers.lock().unwrap().insert(answer.key.clone(), answer.clone());
        self.store(new, audit);
        Ok(())
    }
    async fn first_token(&self, id: &ClientId) -> Result<bool, PortError> {
        self.called("Clients::first_token");
        self.works()?;
        let mut clients = self.clients.lock().unwrap();
        if *self.leaves.lock().unwrap() {
            clients.remove(id.as_str());
        }
        Ok(clients.get_mut(id.as_str()).map(|client| client.unused = false).is_some())
    }
    async fn replace(&self, changed: &ClientRegistration, audit: &AuditEntry) -> Result<(), CommitFault> {
        self.called("Clients::replace");
        self.works().map_err(CommitFault::Port)?;
        let contended = self.contended.lock().unwrap().checked_sub(1);
        if let Some(rest) = contended {
            *self.contended.lock().unwrap() = rest;
            return Err(PortError::overloaded("clients table", "others were writing").into());
        }
        let id = changed.client.id.as_str();
        if self.is_beaten() {
            self.registrations.lock().unwrap().get_mut(id).unwrap().version += 1;
        }
        let before = self.registrations.lock().unwrap().get(id).cloned();
        if before.is_none_or(|before| before.version + 1 != changed.version) {
            return Err(CommitFault::Conflict);
        }
        self.store(changed, audit);
        Ok(())
    }
    async fn replace_metadata(
        &self,
        changed: &ClientRegistration,
        audit: &AuditEntry,
    ) -> Result<(), RegisterFault> {
        let counted = (changed.client.id.clone(), CountWindow::hour(audit.at));
        let count = self.replaced.lock().unwrap().get(&counted).copied().unwrap_or_default();
        if count >= MOST_REPLACEMENTS {
            return Err(RegisterFault::TooMany);
        }
        match self.replace(changed, audit).await {
            Ok(()) => {}
            Err(CommitFault::Conflict) => return Err(RegisterFault::Taken),
            Err(CommitFault::Port(error)) => return Err(error.into()),
        }
        self.replaced.lock().unwrap().insert(counted, count + 1);
        Ok(())
    }
    async fn withhold(&self, withheld: &RemovedClient, audit: &AuditEntry) -> Result<(), CommitFault> {
        self.called("Clients::withhold");
        self.works().map_err(CommitFault::Port)?;
        if self.of_software(&withheld.client.software).await.map_err(CommitFault::Port)?.is_some() {
            return Err(CommitFault::Conflict);
        }
        let id = withheld.client.id.to_string();
        self.released.lock().unwrap().remove(&id);
        self.removed.lock().unwrap().insert(id, withheld.clone());
        self.blocks.put(withheld.block());
        self.audit.lock().unwrap().push(audit.clone());
        Ok(())
    }
    async fn remove(&self, gone: &RemovedClient, audit: &AuditEntry) -> Result<(), CommitFault> {
        self.called("Clients::remove");
        self.works().map_err(CommitFault::Port)?;
        let id = gone.client.id.as_str();
        if self.is_beaten() {
            self.registrations.lock().unwrap().get_mut(id).unwrap().version += 1;
        }
        let before = self.registrations.lock().unwrap().get(id).cloned();
        if before.is_none_or(|before| before.version != gone.version) {
            return Err(CommitFault::Conflict);
        }
        self.registrations.lock().unwrap().remove(id);
        let unused = self.clients.lock().unwrap().remove(id).is_some_and(|client| client.unused);
        self.removed.lock().unwrap().insert(id.to_owned(), gone.clone());
        if !unused || gone.by == RemovedBy::Operator {
            self.blocks.put(gone.block());
        }
        self.audit.lock().unwrap().push(audit.clone());
        Ok(())
    }
    async fn release(&self, removed: &RemovedClient, audit: &AuditEntry) -> Result<(), CommitFault> {
        self.called("Clients::release");
        self.works().map_err(CommitFault::Port)?;
        if !self.released.lock().unwrap().insert(removed.client.id.to_string()) {
            return Err(CommitFault::Conflict);
        }
        self.audit.lock().unwrap().push(audit.clone());
        Ok(())
    }
}

#[async_trait]
impl Targets for Memory {
    async fn find(&self, target: &Target, now: Moment) -> Result<Option<TargetState>, PortError> {
        self.called("Targets::find");
        self.works()?;
        if target.kind != TargetKind::Consent {
            return Ok(self.targets.lock().unwrap().get(target).cloned());
        }
        if *self.later.lock().unwrap() {
            return Err(PortError::unreadable("consents table", "not as expected"));
        }
        let consent = self.consent.lock().unwrap().clone().filter(|consent| consent.id == target.id);
        Ok(consent.map(|consent| {
            let status = match consent.at(now) {
                EffectiveStatus::Awaiting => TargetStatus::Awaiting,
                EffectiveStatus::Authorised(yes) => TargetStatus::Authorised { subject: yes.subject.clone() },
                EffectiveStatus::Rejected(_) => TargetStatus::Ended,
            };
            TargetState { client: consent.client, status }
        }))
    }
}

#[async_trait]
impl Interactions for Memory {
    async fn find(&self, id: &str) -> Result<Option<Interaction>, PortError> {
        self.called("Interactions::find");
        self.works()?;
        let found = Interactions::find(&self.store, id).await;
        if *self.together.lock().unwrap() {
            tokio::task::yield_now().await;
        }
        found
    }
    async fn start(
        &self,
        interaction: &Interaction,
        arrival: Option<&OutboxRow>,
    ) -> Result<Option<Interaction>, PortError> {
        self.called("Interactions::start");
        self.store.start(interaction, arrival).await
    }
    async fn begin_again(&self, interaction: &Interaction) -> Result<bool, PortError> {
        self.called("Interactions::begin_again");
        self.store.begin_again(interaction).await
    }
}

#[async_trait]
impl Grants for Memory {
    async fn claim_jti(&self, client: &ClientId, jti: &str, _: Moment, _: &str) -> Result<bool, PortError> {
        self.called("Grants::claim_jti");
        Ok(self.jtis.lock().unwrap().insert(format!("{client} {jti}")))
    }
    async fn push(&self, request: &PushedRequest) -> Result<(), PortError> {
        self.called("Grants::push");
        self.pushed.lock().unwrap().insert(request.request_uri.clone(), request.clone());
        Ok(())
    }
    async fn pushed(&self, request_uri: &str) -> Result<Option<PushedRequest>, PortError> {
        self.called("Grants::pushed");
        self.works()?;
        Ok(self.pushed.lock().unwrap().get(request_uri).cloned())
    }
    async fn conclude(&self, interaction: &Interaction, code: Option<&Code>) -> Result<(), CommitFault> {
        self.called("Grants::conclude");
        self.works().map_err(CommitFault::Port)?;
        if self.pushed.lock().unwrap().remove(&interaction.request_uri).is_none() {
            return Err(CommitFault::Conflict);
        }
        self.store.interactions.lock().unwrap().insert(interaction.id.clone(), interaction.clone());
        if let Some(code) = code {
            self.codes.lock().unwrap().insert(code.hash.clone(), (code.clone(), None));
        }
        Ok(())
    }
    async fn code(&self, hash: &str) -> Result<Option<Code>, PortError> {
        self.called("Grants::code");
        self.works()?;
        Ok(self.codes.lock().unwrap().get(hash).map(|(code, _)| code.clone()))
    }
    async fn redeem(&self, code: &Code, refresh: &RefreshToken) -> Result<Redemption, PortError> {
        self.called("Grants::redeem");
        let mut codes = self.codes.lock().unwrap();
        let (_, got) = codes.get_mut(&code.hash).unwrap();
        let mut tokens = self.refresh_tokens.lock().unwrap();
        if let Some(hash) = got {
            tokens.remove(hash);
            if self.replayed.lock().unwrap().insert(code.hash.clone()) {
                let Replay { block, audit } = Replay::of(code, refresh.issued_at);
                self.blocks.put(block);
                self.audit.lock().unwrap().push(audit);
            }
            return Ok(Redemption::Replayed);
        }
        *got = Some(refresh.hash.clone());
        tokens.insert(refresh.hash.clone(), refresh.clone());
        Ok(Redemption::First)
    }
    async fn refresh_token(&self, hash: &str) -> Result<Option<RefreshToken>, PortError> {
        self.called("Grants::refresh_token");
        self.works()?;
        Ok(self.refresh_tokens.lock().unwrap().get(hash).cloned())
    }
    async fn revoke(&self, hash: &str) -> Result<(), PortError> {
        self.called("Grants::revoke");
        self.refresh_tokens.lock().unwrap().remove(hash);
        Ok(())
    }
}
