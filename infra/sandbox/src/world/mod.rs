//! The whole world: prepared once, found again after a restart, served on 127.0.0.1.

mod config;
mod describe;
mod listeners;
mod members;
mod registration;
mod state;
mod systems;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::bank::{Bank, TokenBox};
use crate::caller::Caller;
use crate::channel::Channel;
use crate::clock;
use crate::directory::Directory;
use crate::error::SandboxError;
use crate::files;
use crate::organisation::Organisation;
use crate::participant::{CallbackPage, Discovered, Registration};
use crate::pcm::{Pcm, PcmApi, PcmAuth, Tokens};
use crate::pki::{self, Authority, Identity, KeyStore, Profile, RsaKey};

pub use config::{WorldConfig, WorldFaults, WorldPorts, WorldUrls};
use listeners::Listeners;
use registration::{Applicant, Desk};
use state::State;
use systems::Systems;

/// The world, its listeners open.
pub struct World {
    config: WorldConfig,
    state: State,
    authority: Authority,
    server: Identity,
    /// The institution first, then the participants.
    organisations: Vec<Arc<Organisation>>,
    /// What of the institution calls its management API.
    systems: Systems,
    directory_key: RsaKey,
    /// Nobody's: what the directory did not sign is signed with it.
    stranger_key: RsaKey,
    pcm_key: RsaKey,
    /// The institution's back end signs with it who its app's customers are.
    channel_key: RsaKey,
    urls: WorldUrls,
    faults: WorldFaults,
    listeners: Option<Listeners>,
    /// One for each participant, once they are registered.
    registrations: Vec<Registration>,
}

impl World {
    /// Makes or finds keys, certificates and ids, and opens the listeners. Nothing answers yet.
    pub async fn prepare(config: WorldConfig) -> Result<Self, SandboxError> {
        // Paths in endpoints.json are absolute.
        let dir = std::path::absolute(&config.dir).map_err(SandboxError::file(&config.dir))?;
        let config = WorldConfig { dir, ..config };
        let now = clock::now();
        let state = State::open(&config.dir.join("world.json"))?;
        let dir = config.dir.clone();
        let mut keys = blocking(move || KeyStore::open(&dir, &members::key_files())).await?;
        let mut take = |name: &str| keys.take(&config.dir.join(name));
        let (root_key, issuing_key) = (take("authority/root.key")?, take("authority/issuing.key")?);
        let authority =
            Authority::open(pki::WORLD, &config.dir.join("authority"), &root_key, issuing_key, now)?;
        files::write(&config.dir.join("ca.pem"), authority.root_pem())?;
        let (server_folder, server_key) = (config.dir.join("server"), take("server/server.key")?);
        let server = authority.identity(&server_folder, "server", &Profile::Server, server_key, now)?;
        let (directory_key, stranger_key) = (take("directory/signing.key")?, take("directory/stranger.key")?);
        let pcm_key = take("pcm/signing.key")?;
        let channel_key = take(members::CHANNEL_KEY)?;
        let listeners = Listeners::open(config.ports, &server, &authority).await?;
        let (urls, faults) = (listeners.urls(), listeners.faults());
        let site = urls.participant.as_str();
        let systems = Systems::open(&mut keys, &config.dir, now)?;
        let organisations = members::organisations(&mut keys, &config.dir, &authority, &state, site)?;
        Ok(Self {
            config,
            state,
            authority,
            server,
            organisations,
            systems,
            directory_key,
            stranger_key,
            pcm_key,
            channel_key,
            urls,
            faults,
            listeners: Some(listeners),
            registrations: Vec::new(),
        })
    }

    /// Starts answering, in the background, until the runtime ends. A second call does nothing.
    pub async fn serve(&mut self) -> Result<(), SandboxError> {
        let Some(listeners) = self.listeners.take() else {
            return Ok(());
        };
        let channel =
            Channel::new(&self.config.public_url, &self.config.institution, self.authority.root_pem())?;
        let token_box = TokenBox::new(&self.state.token_key()?)?;
        let bank = Bank::new(self.state.credential.clone(), token_box, channel);
        let directory = Directory::new(
            &self.urls.directory,
            &self.config.public_url,
            (&self.directory_key, &self.stranger_key),
            &self.organisations,
        )?
        .publishing(describe::channel_keys(self), json!({ "keys": [self.channel_key.signature_jwk()] }));
        let reports = self.config.dir.join("pcm/reports.jsonl");
        let tokens = Tokens::new(&self.pcm_key)?;
        let organisations = self.organisations.clone();
        let pcm = Arc::new(blocking(move || Pcm::open(&reports, tokens, &organisations)).await?);
        listeners.bank_core.spawn(Arc::new(bank));
        listeners.directory.spawn(Arc::new(directory));
        listeners.pcm_auth.spawn(Arc::new(PcmAuth(Arc::clone(&pcm))));
        listeners.pcm_api.spawn(Arc::new(PcmApi(pcm)));
        listeners.participant.spawn(Arc::new(CallbackPage));
        Ok(())
    }

    /// Registers the participants at the institution's authorization server, or finds the registrations of an earlier
    /// start. World and stack must answer by now.
    pub async fn register(&mut self) -> Result<(), SandboxError> {
        let trust_pem = self.authority.root_pem();
        let plain = Caller::new(trust_pem, None)?;
        let server = Discovered::at(&plain, &self.config.public_url).await.map_err(SandboxError::unusable)?;
        let desk = Desk { plain: &plain, server: &server, mtls_url: &self.config.mtls_url };
        let mut registrations = Vec::new();
        for organisation in self.participants() {
            let software = describe::software(self, organisation);
            let file = self.config.dir.join(organisation.folder).join("registration.json");
            let applicant = Applicant::new(&desk, organisation, software, trust_pem, file)?;
            registrations.push(applicant.registration().await?);
        }
        self.registrations = registrations;
        Ok(())
    }

    /// Gives each system of the institution its API key, by the operator commands that `operator` runs; keys of an
    /// earlier start that still count are found again.
    pub async fn equip(
        &self,
        operator: impl AsyncFn(Value) -> Result<Value, String>,
    ) -> Result<(), SandboxError> {
        self.systems.equip(operator).await
    }

    /// Certificate and key for servers on `localhost` and 127.0.0.1.
    #[must_use]
    pub fn server_identity(&self) -> &Identity {
        &self.server
    }

    /// URI of each truststore → PEM of the authorities whose client certificates are accepted, the issuing ones included.
    #[must_use]
    pub fn truststores(&self) -> BTreeMap<String, String> {
        let bundles = [
            (describe::TRUSTSTORE, self.authority.bundle_pem()),
            (describe::MANAGEMENT_TRUSTSTORE, self.systems.authority().bundle_pem()),
        ];
        bundles.map(|(uri, bundle)| (uri.to_owned(), bundle)).into()
    }

    /// Issues more certificates: for tests of every door.
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// PEM file of the authority that every caller in this world trusts.
    #[must_use]
    pub fn ca_file(&self) -> PathBuf {
        self.config.dir.join("ca.pem")
    }

    /// Where the servers are.
    #[must_use]
    pub fn urls(&self) -> &WorldUrls {
        &self.urls
    }

    /// What the servers are to do wrong.
    #[must_use]
    pub fn faults(&self) -> &WorldFaults {
        &self.faults
    }

    /// Values of the parameters of `infra/template.yaml` that have no default or must point into this world.
    #[must_use]
    pub fn parameters(&self) -> BTreeMap<String, String> {
        describe::parameters(self)
    }

    /// Values of the secrets of `infra/template.yaml`, by logical id.
    #[must_use]
    pub fn secrets(&self) -> BTreeMap<String, String> {
        describe::secrets(self)
    }

    /// This world's part of `endpoints.json`; its clients are there once they are registered.
    #[must_use]
    pub fn endpoints(&self) -> Value {
        describe::endpoints(self)
    }

    fn institution(&self) -> &Organisation {
        &self.organisations[0]
    }

    fn participants(&self) -> impl Iterator<Item = &Arc<Organisation>> {
        self.organisations.iter().skip(1)
    }
}

/// Runs work of a tenth of a second and more where it does not hold up others.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SandboxError> + Send + 'static,
) -> Result<T, SandboxError> {
    tokio::task::spawn_blocking(work).await.map_err(SandboxError::unusable)?
}
