//! Every port of this function at once, in memory.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use async_trait::async_trait;
use ponte_domain::client::Client;
use ponte_domain::consent::Consent;
use ponte_domain::grant::{Code, PushedRequest, Redemption, RefreshToken};
use ponte_domain::interaction::Interaction;
use ponte_domain::ports::{
    Clients, Commit, CommitFault, Consents, Directory, Grants, Ids, Interactions, PortError,
};
use ponte_fapi::secret;
use ponte_values::{ClientId, ConsentId, Moment};

/// What the ports hold; a test may look at it and change it.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) clients: Mutex<HashMap<String, Client>>,
    pub(crate) consent: Mutex<Option<Consent>>,
    pub(crate) visits: Mutex<HashMap<String, Interaction>>,
    pub(crate) pushed: Mutex<HashMap<String, PushedRequest>>,
    pub(crate) codes: Mutex<HashMap<String, (Code, Option<String>)>>,
    pub(crate) refresh_tokens: Mutex<HashMap<String, RefreshToken>>,
    pub(crate) jtis: Mutex<HashSet<String>>,
    /// What the directory answers; none makes it fail.
    pub(crate) jwks: Mutex<Option<String>>,
    pub(crate) fetches: Mutex<u32>,
    counter: Mutex<u32>,
}

impl Memory {
    fn next(&self) -> u32 {
        let mut counter = self.counter.lock().unwrap();
        *counter += 1;
        *counter
    }
}

impl Ids for Memory {
    fn uuid(&self) -> String {
        format!("00000000-0000-4000-8000-{:012}", self.next())
    }
    fn secret(&self) -> String {
        secret::hash(&self.next().to_string())
    }
}

#[async_trait]
impl Clients for Memory {
    async fn find(&self, id: &ClientId) -> Result<Option<Client>, PortError> {
        Ok(self.clients.lock().unwrap().get(id.as_str()).cloned())
    }
    async fn put(&self, client: &Client) -> Result<(), PortError> {
        self.clients.lock().unwrap().insert(client.id.to_string(), client.clone());
        Ok(())
    }
}

#[async_trait]
impl Consents for Memory {
    async fn find(&self, id: &ConsentId) -> Result<Option<Consent>, PortError> {
        Ok(self.consent.lock().unwrap().clone().filter(|consent| consent.id == *id))
    }
    async fn commit(&self, _: Commit) -> Result<(), CommitFault> {
        Err(CommitFault::Conflict)
    }
}

#[async_trait]
impl Interactions for Memory {
    async fn find(&self, id: &str) -> Result<Option<Interaction>, PortError> {
        Ok(self.visits.lock().unwrap().get(id).cloned())
    }
    async fn start(&self, visit: &Interaction) -> Result<(), PortError> {
        self.visits.lock().unwrap().insert(visit.id.clone(), visit.clone());
        Ok(())
    }
}

#[async_trait]
impl Directory for Memory {
    async fn jwks(&self, uri: &str) -> Result<String, PortError> {
        *self.fetches.lock().unwrap() += 1;
        assert!(uri.starts_with("https://keystore.example/"), "{uri}");
        self.jwks.lock().unwrap().clone().ok_or_else(|| PortError::timeout("directory", "no answer"))
    }
}

#[async_trait]
impl Grants for Memory {
    async fn claim_jti(&self, client: &ClientId, jti: &str, _: Moment, _: &str) -> Result<bool, PortError> {
        Ok(self.jtis.lock().unwrap().insert(format!("{client} {jti}")))
    }
    async fn push(&self, request: &PushedRequest) -> Result<(), PortError> {
        self.pushed.lock().unwrap().insert(request.request_uri.clone(), request.clone());
        Ok(())
    }
    async fn pushed(&self, request_uri: &str) -> Result<Option<PushedRequest>, PortError> {
        Ok(self.pushed.lock().unwrap().get(request_uri).cloned())
    }
    async fn conclude(&self, visit: &Interaction, code: Option<&Code>) -> Result<(), CommitFault> {
        if self.pushed.lock().unwrap().remove(&visit.request_uri).is_none() {
            return Err(CommitFault::Conflict);
        }
        self.visits.lock().unwrap().insert(visit.id.clone(), visit.clone());
        if let Some(code) = code {
            self.codes.lock().unwrap().insert(code.hash.clone(), (code.clone(), None));
        }
        Ok(())
    }
    async fn code(&self, hash: &str) -> Result<Option<Code>, PortError> {
        Ok(self.codes.lock().unwrap().get(hash).map(|(code, _)| code.clone()))
    }
    async fn redeem(&self, code: &Code, refresh: &RefreshToken) -> Result<Redemption, PortError> {
        let mut codes = self.codes.lock().unwrap();
        let (_, got) = codes.get_mut(&code.hash).unwrap();
        let mut tokens = self.refresh_tokens.lock().unwrap();
        if let Some(hash) = got {
            tokens.remove(hash);
            return Ok(Redemption::Replayed);
        }
        *got = Some(refresh.hash.clone());
        tokens.insert(refresh.hash.clone(), refresh.clone());
        Ok(Redemption::First)
    }
    async fn refresh_token(&self, hash: &str) -> Result<Option<RefreshToken>, PortError> {
        Ok(self.refresh_tokens.lock().unwrap().get(hash).cloned())
    }
}
