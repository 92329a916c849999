//! One institution, one client and one customer, over ports in memory.

use std::sync::Arc;

use futures_util::FutureExt as _;
use ponte_authorization::client::Client;
use ponte_authorization::grant::GrantPolicy;
use ponte_authorization::interaction::Assurance;
use ponte_authorization::search_keys::SearchKeys;
use ponte_authorization::target::{Target, TargetState, TargetStatus};
use ponte_data_consent::consent::{Authorisation, Consent, NewConsent, RejectedBy};
use ponte_edge::{FetchedKeys, Revocations, TokenBlocks};
use ponte_fapi::base64url;
use ponte_fapi::jwk::{PublicJwk, key_set_json};
use ponte_kit::examples;
use ponte_ports::audit::Actor;
use ponte_values::{ClientId, ConsentId, OrganisationId, SoftwareStatementId, TargetKind};
use serde_json::{Value, json};

use crate::keyring::{Keyring, Keys};
use crate::ports::{Ports, PublicPorts};
use crate::server::Server;
use crate::settings::{Settings, SiteSettings};
use crate::site::Site;

use super::keys::{
    client_signer, decrypter, former_server_decrypter, server_decrypter, server_signer, stranger,
};
use super::memory::Memory;
use super::names::*;

/// The ports over this memory.
pub(crate) fn ports(memory: &Arc<Memory>) -> Ports {
    let signer = server_signer();
    let settings = Settings {
        public_url: ISSUER.to_owned(),
        mtls_url: MTLS.to_owned(),
        directory_url: DIRECTORY.to_owned(),
        policy: GrantPolicy::default(),
        assurance: *memory.assurance.lock().unwrap(),
        scopes: memory.scopes(),
    };
    let published = key_set_json(&[signer.public_jwk()]);
    let keys = Keys::new(signer, vec![server_decrypter(), former_server_decrypter()], &published).unwrap();
    Ports {
        clients: memory.clone(),
        targets: memory.clone(),
        grants: memory.clone(),
        client_keys: FetchedKeys::new(memory.key_sets.clone()),
        blocks: TokenBlocks::start(memory.blocks.clone(), now()).now_or_never().unwrap(),
        ids: memory.ids.clone(),
        keyring: Keyring::new(keys),
        revocations: Revocations::default(),
        server: Server::new(settings),
    }
}

/// Those of the public host.
pub(crate) fn public_ports(memory: &Arc<Memory>) -> PublicPorts {
    let site = site_with(memory, "https://channel.example/login?i=<IDENTIFICADOR>".to_owned());
    PublicPorts { shared: ports(memory), interactions: memory.clone(), site }
}

/// The site of a channel that receives customers there.
pub(crate) fn site_with(memory: &Arc<Memory>, channel_login_url: String) -> Site {
    let settings = SiteSettings {
        public_url: ISSUER.to_owned(),
        mtls_url: MTLS.to_owned(),
        assurance: *memory.assurance.lock().unwrap(),
        scopes: memory.scopes(),
        channel_login_url,
        commands: *memory.commands.lock().unwrap(),
        session_required: true,
        apple_apps: memory.apple_apps.lock().unwrap().clone(),
        android_apps: memory.android_apps.lock().unwrap().clone(),
    };
    Site::new(settings).unwrap()
}

/// The ports with their memory, one registered client, and a consent that waits for its customer.
pub(crate) struct World {
    pub(crate) ports: Ports,
    pub(crate) public: PublicPorts,
    pub(crate) memory: Arc<Memory>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::promising(Assurance::Loa2)
    }

    /// With a channel that can authenticate this strongly.
    pub(crate) fn promising(assurance: Assurance) -> Self {
        Self::over(&Arc::new(Memory::default()), assurance)
    }

    /// The same of an institution that serves payments.
    pub(crate) fn serving_payments(assurance: Assurance) -> Self {
        let memory = Arc::new(Memory::default());
        *memory.payments.lock().unwrap() = true;
        Self::over(&memory, assurance)
    }

    fn over(memory: &Arc<Memory>, assurance: Assurance) -> Self {
        *memory.assurance.lock().unwrap() = assurance;
        let world = Self { ports: ports(memory), public: public_ports(memory), memory: memory.clone() };
        world.register(CLIENT, ORGANISATION, SOFTWARE);
        world.publish(&[client_signer().public_jwk(), decrypter().public_jwk()]);
        world.create_consent(CLIENT);
        world
    }

    pub(crate) fn register(&self, id: &str, organisation: &str, software: &str) {
        let client = Client {
            id: ClientId::parse(id).unwrap(),
            organisation: OrganisationId::parse(organisation).unwrap(),
            software: SoftwareStatementId::parse(software).unwrap(),
            name: "Receptora Inventada".to_owned(),
            jwks_uri: JWKS_URI.to_owned(),
            redirect_uris: vec![CALLBACK.to_owned()],
            scopes: ["openid", "accounts", "resources", "consents"].map(str::to_owned).to_vec(),
            webhook_uris: Vec::new(),
            grant_types: None,
            response_types: None,
            blocked_at: None,
            unused: false,
        };
        self.memory.clients.lock().unwrap().insert(id.to_owned(), client);
    }

    /// The second client, with keys under its own address.
    pub(crate) fn register_second(&self) {
        self.register(OTHER_CLIENT, OTHER_ORGANISATION, OTHER_SOFTWARE);
        let mut clients = self.memory.clients.lock().unwrap();
        clients.get_mut(OTHER_CLIENT).unwrap().jwks_uri = OTHER_JWKS_URI.to_owned();
        let keys = key_set_json(&[stranger("sig-2").public_jwk(), decrypter().public_jwk()]);
        self.memory.key_sets.publish(OTHER_JWKS_URI, keys);
    }

    pub(crate) fn fetches(&self) -> u32 {
        self.memory.key_sets.fetches()
    }

    /// Puts a recurring consent or an enrolment of the client where the server finds it.
    pub(crate) fn set_target(&self, kind: TargetKind, id: &str, status: TargetStatus) {
        let target = Target { kind, id: ConsentId::parse(id).unwrap() };
        let state = TargetState { client: ClientId::parse(CLIENT).unwrap(), status };
        self.memory.targets.lock().unwrap().insert(target, state);
    }

    pub(crate) fn publish(&self, keys: &[PublicJwk]) {
        self.memory.key_sets.publish(JWKS_URI, key_set_json(keys));
    }

    pub(crate) fn create_consent(&self, client: &str) {
        let new = NewConsent {
            id: ConsentId::parse(CONSENT).unwrap(),
            client: ClientId::parse(client).unwrap(),
            organisation: OrganisationId::parse(ORGANISATION).unwrap(),
            search: SearchKeys { person: "person-key".to_owned(), company: None },
        };
        let change = examples::created_for(new, "52998224725", now());
        *self.memory.consent.lock().unwrap() = Some(change.consent);
    }

    pub(crate) fn authorise_consent(&self) {
        let mut consent = self.memory.consent.lock().unwrap();
        let yes = Authorisation { at: now(), subject: SUBJECT.to_owned(), resources: Vec::new().into() };
        *consent = consent.take().map(|consent| consent.authorise(yes, Actor::Ponte).unwrap().consent);
    }

    pub(crate) fn revoke_consent(&self) {
        let mut consent = self.memory.consent.lock().unwrap();
        let revoke =
            |consent: Consent| consent.revoke(RejectedBy::User, Actor::Ponte, now()).unwrap().consent;
        *consent = consent.take().map(revoke);
    }

    /// As after a restart of both functions.
    pub(crate) fn forget_client_keys(&mut self) {
        self.ports.client_keys = FetchedKeys::new(self.memory.key_sets.clone());
        self.public.shared.client_keys = FetchedKeys::new(self.memory.key_sets.clone());
    }
}

pub(crate) fn request_claims() -> Value {
    let seconds = now().seconds();
    json!({
        "iss": CLIENT, "client_id": CLIENT, "aud": ISSUER, "nbf": seconds, "exp": seconds + 300, "iat": seconds,
        "response_type": "code id_token", "response_mode": "fragment", "redirect_uri": CALLBACK,
        "scope": format!("openid accounts resources consent:{CONSENT}"), "state": "state-1", "nonce": "nonce-1",
        "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    })
}

/// The claims of an id_token, which is the client's to decrypt.
pub(crate) fn id_token_claims(token: &str) -> Value {
    claims_of(&decrypter().decrypt_jwt(token).unwrap())
}

/// The claims of a JWT nobody has to verify here.
pub(crate) fn claims_of(token: &str) -> Value {
    let payload = base64url::decode(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&payload).unwrap()
}
