//! The world: prepared once, found again after a restart, served on 127.0.0.1.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use ponte_bank::channel::Channel;
use ponte_bank::{Bank, TokenBox};
use ponte_directory::Directory;
use ponte_machine::{SandboxError, clock, files};
use ponte_metrics_platform::{Pcm, PcmApi, PcmAuth, Tokens};
use ponte_participant::{CallbackPage, Discovered, Registration};
use ponte_payment_core::{Control, CoreSite, Notifier, PaymentCore};
use ponte_pki::{Authority, Identity, KeyStore, Profile, Responder, RsaKey};
use ponte_web::caller::Caller;
use serde_json::{Value, json};

use crate::config::{WorldConfig, WorldFaults, WorldUrls};
use crate::error::WorldError;
use crate::facts::Facts;
use crate::listeners::Listeners;
use crate::payment_core::{self, Connector, PaymentCoreKeys, PaymentFunction, PaymentMessages};
use crate::plain::{self, PlainSite};
use crate::registration::{Applicant, RegistrationServer};
use crate::relay::Relay;
use crate::state::State;
use crate::systems::Systems;
use crate::{describe, members};

/// A function that is invoked with an event.
pub type BankFunction = Arc<dyn Fn(&[u8]) -> Result<Vec<u8>, String> + Send + Sync>;

/// The world, its listeners open.
pub struct World {
    facts: Facts,
    authority: Authority,
    responder: Arc<Responder>,
    server: Identity,
    directory_key: RsaKey,
    /// A key of nobody, for statements that the directory did not sign.
    stranger_key: RsaKey,
    pcm_key: RsaKey,
    faults: WorldFaults,
    listeners: Option<Listeners>,
    /// The bank, once it answers.
    bank: Option<Arc<Bank>>,
    /// The payment core of the bank.
    payment_core: Arc<PaymentCore>,
    /// The layer that answers in place of the bank's.
    layer: Option<Arc<Relay>>,
    /// One for each participant, once they are registered.
    registrations: Vec<Registration>,
}

impl World {
    /// Makes or finds keys, certificates and ids, and opens the listeners. Nothing answers yet.
    pub async fn prepare(config: WorldConfig) -> Result<Self, WorldError> {
        // Paths in endpoints.json are absolute.
        let dir = std::path::absolute(&config.dir).map_err(SandboxError::file(&config.dir))?;
        let config = WorldConfig { dir: dir.clone(), ..config };
        let now = clock::now();
        let state = State::open(&dir.join("world.json"))?;
        let folder = dir.clone();
        let mut keys = blocking(move || KeyStore::open(&folder, &members::key_files())).await?;
        let mut take = |name: &str| keys.take(&dir.join(name));
        let (root_key, issuing_key) = (take("authority/root.key")?, take("authority/issuing.key")?);
        let server_key = take("server/server.key")?;
        let (directory_key, stranger_key) = (take("directory/signing.key")?, take("directory/stranger.key")?);
        let (pcm_key, channel_key) = (take("pcm/signing.key")?, take(members::CHANNEL_KEY)?);
        let bank_core = Listeners::plain(config.ports).await?;
        let folder = dir.join("authority");
        Authority::answers_at(&folder, &format!("{}{}", bank_core.url(), plain::RESPONDER))?;
        let authority = Authority::open(ponte_pki::WORLD, &folder, &root_key, issuing_key, now)?;
        let responder = Arc::new(authority.responder(&folder)?);
        let server = authority.identity(&dir.join("server"), "server", &Profile::Server, server_key, now)?;
        let systems = Systems::open(&mut keys, &dir, now)?;
        let core_keys = PaymentCoreKeys::open(&mut keys, &dir, systems.authority())?;
        let tls = core_keys.tls(systems.authority())?;
        let listeners = Listeners::open(config.ports, bank_core, (&server, &authority), tls).await?;
        let (urls, faults) = (listeners.urls(), listeners.faults());
        let organisations = members::organisations(&mut keys, &dir, &authority, &state, &urls.participant)?;
        let keys_of_messages =
            organisations.first().and_then(|one| one.messages.as_ref()).map(|seal| seal.key.signature_jwk());
        let core = core_keys.core(&dir, &config.institution, &json!({ "keys": [keys_of_messages] }))?;
        core.answers_at(&urls.payment_core);
        let facts =
            Facts { config, state, organisations, systems, channel_key, payment_core: core_keys, urls };
        files::write(&facts.ca_file(), authority.root_pem())?;
        files::write_private(&facts.layer_credential_file(), &format!("{}\n", facts.layer_credential()))?;
        let layer = facts.config.layer.as_ref();
        let layer = layer.map(|layer| Relay::to(layer, &facts.state.credential)).transpose()?.map(Arc::new);
        Ok(Self {
            facts,
            authority,
            responder,
            server,
            directory_key,
            stranger_key,
            pcm_key,
            faults,
            listeners: Some(listeners),
            bank: None,
            payment_core: Arc::new(core),
            layer,
            registrations: Vec::new(),
        })
    }

    /// Starts answering, in the background, until the runtime ends. A second call does nothing.
    pub async fn serve(&mut self) -> Result<(), WorldError> {
        let Some(listeners) = self.listeners.take() else {
            return Ok(());
        };
        let channel = Channel::new(
            &self.facts.config.public_url,
            &self.facts.config.institution,
            self.authority.root_pem(),
        )?;
        let token_box = TokenBox::new(&self.facts.state.token_key()?)?;
        let bank = Bank::new(self.facts.state.credential.clone(), token_box, channel)
            .notifying(describe::back_office(&self.facts));
        let bank = Arc::new(bank);
        self.bank = Some(Arc::clone(&bank));
        let directory = Directory::new(
            &self.facts.urls.directory,
            &self.facts.config.public_url,
            (&self.directory_key, &self.stranger_key),
            &self.facts.organisations,
        )?
        .publishing(
            describe::channel_keys(&self.facts),
            json!({ "keys": [self.facts.channel_key.signature_jwk()] }),
        );
        let directory = if self.facts.config.payments { directory } else { directory.without_payments() };
        let reports = self.facts.config.dir.join("pcm/reports.jsonl");
        let tokens = Tokens::new(&self.pcm_key)?;
        let members = members::of_the_platform(&self.facts.organisations);
        let pcm = Arc::new(blocking(move || Pcm::open(&reports, tokens, members)).await?);
        let responder = Arc::clone(&self.responder);
        let back_office = describe::back_office(&self.facts);
        let notifier = Arc::new(Notifier::new(Arc::clone(&self.payment_core), back_office));
        let control = Control::new(
            Arc::clone(&self.payment_core),
            self.faults.payment_core.clone(),
            Arc::clone(&notifier),
        );
        tokio::spawn(notifier.run());
        let layer = self.layer.clone();
        listeners.bank_core.spawn(Arc::new(PlainSite { bank, responder, layer, payment_core: control }));
        listeners.payment_core.spawn(Arc::new(CoreSite(Arc::clone(&self.payment_core))));
        listeners.directory.spawn(Arc::new(directory));
        listeners.pcm_auth.spawn(Arc::new(PcmAuth(Arc::clone(&pcm))));
        listeners.pcm_api.spawn(Arc::new(PcmApi(pcm)));
        listeners.participant.spawn(Arc::new(CallbackPage));
        Ok(())
    }

    /// Registers the participants at the institution's authorization server, or finds the registrations of an earlier
    /// start. World and stack must answer by now.
    pub async fn register(&mut self) -> Result<(), WorldError> {
        let trust_pem = self.authority.root_pem();
        let plain = Caller::new(trust_pem, None)?;
        let discovered =
            Discovered::at(&plain, &self.facts.config.public_url).await.map_err(SandboxError::unusable)?;
        let server = RegistrationServer {
            plain: &plain,
            discovered: &discovered,
            mtls_url: &self.facts.config.mtls_url,
        };
        let mut registrations = Vec::new();
        for organisation in self.facts.participants() {
            let software = describe::software(&self.facts, organisation);
            let file = self.facts.config.dir.join(organisation.folder).join("registration.json");
            let applicant = Applicant::new(&server, organisation, software, trust_pem, file)?;
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
    ) -> Result<(), WorldError> {
        self.facts.systems.equip(operator).await
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
            (describe::MANAGEMENT_TRUSTSTORE, self.facts.systems.authority().bundle_pem()),
        ];
        bundles.map(|(uri, bundle)| (uri.to_owned(), bundle)).into()
    }

    /// The bank as a Lambda function, once it answers: what it returns for an event, or why it failed.
    #[must_use]
    pub fn bank_function(&self) -> Option<BankFunction> {
        let bank = Arc::clone(self.bank.as_ref()?);
        Some(Arc::new(move |event: &[u8]| bank.invoked(event)))
    }

    /// The payment core of the bank, for whoever has it in the same process.
    #[must_use]
    pub fn payment_core(&self) -> &Arc<PaymentCore> {
        &self.payment_core
    }

    /// The payment core as a Lambda function.
    #[must_use]
    pub fn payment_function(&self) -> PaymentFunction {
        payment_core::function(&self.payment_core, &self.faults.payment_core)
    }

    /// The payment core behind a queue: who has the queues carries the messages.
    #[must_use]
    pub fn payment_messages(&self) -> PaymentMessages {
        payment_core::messages(&self.payment_core, &self.faults.payment_core)
    }

    /// How a stack uses the payment core.
    #[must_use]
    pub fn connector(&self) -> Connector {
        self.facts.payment_core.connector(&self.facts.urls.payment_core)
    }

    /// Issues more certificates, for tests of the hosts with mTLS.
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// PEM file of the authority that every caller in this world trusts.
    #[must_use]
    pub fn ca_file(&self) -> PathBuf {
        self.facts.ca_file()
    }

    /// Who answers in place of the bank's layer, with how the credential is known; `None` if the bank does.
    pub async fn other_layer(&self) -> Option<String> {
        let (layer, relay) = (self.facts.config.layer.as_ref()?, self.layer.as_ref()?);
        let file = self.facts.layer_credential_file();
        let mut told = format!(
            "the integration layer is {}, asked with the Bearer credential in {}; the sandbox bank keeps its channel and logins",
            layer.url,
            file.display()
        );
        if let Some(reason) = relay.silence().await {
            let silent =
                format!("\nnothing answers at {} yet ({reason}): calls fail until something does", layer.url);
            told.push_str(&silent);
        }
        Some(told)
    }

    /// Where the servers are.
    #[must_use]
    pub fn urls(&self) -> &WorldUrls {
        &self.facts.urls
    }

    /// Faults of the servers.
    #[must_use]
    pub fn faults(&self) -> &WorldFaults {
        &self.faults
    }

    /// Values of the parameters of `infra/template.yaml` that have no default or must point into this world.
    #[must_use]
    pub fn parameters(&self) -> BTreeMap<String, String> {
        describe::parameters(&self.facts)
    }

    /// Values of the secrets of `infra/template.yaml`, by logical id.
    #[must_use]
    pub fn secrets(&self) -> BTreeMap<String, String> {
        let mut secrets = describe::secrets(&self.facts);
        secrets.insert("IssuersSecret".to_owned(), self.authority.bundle_pem());
        secrets
    }

    /// This world's part of `endpoints.json`; its clients are there once they are registered.
    #[must_use]
    pub fn endpoints(&self) -> Value {
        describe::endpoints(&self.facts, &self.registrations)
    }
}

/// Runs work of a tenth of a second and more where it does not hold up others.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SandboxError> + Send + 'static,
) -> Result<T, SandboxError> {
    tokio::task::spawn_blocking(work).await.map_err(SandboxError::unusable)?
}

#[cfg(test)]
mod tests;
