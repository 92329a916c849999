//! One institution, one client and one customer for the tests of this function: ports in memory, real keys.

mod keys;
mod memory;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use ponte_domain::audit::Actor;
use ponte_domain::client::Client;
use ponte_domain::consent::{Authorisation, Consent, ConsentPolicy, ConsentRequest, NewConsent, RejectedBy};
use ponte_domain::interaction::{Interaction, Login};
use ponte_domain::ports::Ids as _;
use ponte_edge::Answer;
use ponte_fapi::jwk::{PublicJwk, key_set_json};
use ponte_fapi::jws::TokenType;
use ponte_fapi::{base64url, secret};
use ponte_values::{
    ClientId, ConsentId, Cpf, Moment, OrganisationId, Permission, PermissionSet, SoftwareStatementId,
};
use serde_json::{Value, json};

use crate::client_authentication::Presented;
use crate::client_keys::ClientKeys;
use crate::{AuthorizationServer, Ports, Server, Settings};

pub(crate) use keys::*;
pub(crate) use memory::Memory;

pub(crate) const ISSUER: &str = "https://as.example";
pub(crate) const MTLS: &str = "https://mtls.example";
pub(crate) const CLIENT: &str = "client-1";
pub(crate) const ORGANISATION: &str = "74e929d9-33b6-4d85-8ba7-c146c867a817";
pub(crate) const SOFTWARE: &str = "10120340-3318-4baf-99e2-0b56729c4ab2";
pub(crate) const CONSENT: &str = "urn:banco:C1";
pub(crate) const CALLBACK: &str = "https://receptora.example/cb";
pub(crate) const JWKS_URI: &str = "https://keystore.example/org/ss/application.jwks";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const TICKET: &str = "secret-of-the-ticket";
pub(crate) const SUBJECT: &str = "pseudonym-1";

pub(crate) fn now() -> Moment {
    Moment::parse("2026-06-01T12:00:00Z").unwrap()
}

pub(crate) fn after(seconds: u64) -> Moment {
    now().plus(Duration::from_secs(seconds))
}

/// The server with its memory, one registered client, and a consent that waits for its customer.
pub(crate) struct World {
    pub(crate) server: AuthorizationServer,
    pub(crate) memory: Arc<Memory>,
}

impl World {
    pub(crate) fn new() -> Self {
        let memory = Arc::new(Memory::default());
        let signer = server_signer();
        let settings = Settings {
            public_url: ISSUER.to_owned(),
            mtls_url: MTLS.to_owned(),
            channel_login_url: "https://channel.example/login?i=<IDENTIFICADOR>".to_owned(),
            published_keys: key_set_json(&[signer.public_jwk()]),
            signer,
        };
        let ports = Ports {
            clients: memory.clone(),
            consents: memory.clone(),
            interactions: memory.clone(),
            grants: memory.clone(),
            directory: memory.clone(),
            ids: memory.clone(),
        };
        let server = AuthorizationServer::new(Server::new(settings).unwrap(), ports);
        let world = Self { server, memory };
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
        };
        self.memory.clients.lock().unwrap().insert(id.to_owned(), client);
    }

    pub(crate) fn publish(&self, keys: &[PublicJwk]) {
        *self.memory.jwks.lock().unwrap() = Some(key_set_json(keys));
    }

    pub(crate) fn create_consent(&self, client: &str) {
        let new = NewConsent {
            id: ConsentId::parse(CONSENT).unwrap(),
            client: ClientId::parse(client).unwrap(),
            organisation: OrganisationId::parse(ORGANISATION).unwrap(),
        };
        let request = ConsentRequest {
            logged_user: Cpf::parse("52998224725").unwrap(),
            business: None,
            permissions: PermissionSet::of(&[
                Permission::AccountsRead,
                Permission::AccountsBalancesRead,
                Permission::ResourcesRead,
            ]),
            expires_at: None,
        };
        let change = Consent::create(new, request, ConsentPolicy::default(), now()).unwrap();
        *self.memory.consent.lock().unwrap() = Some(change.consent);
    }

    pub(crate) fn authorise_consent(&self) {
        let mut consent = self.memory.consent.lock().unwrap();
        let yes = Authorisation { at: now(), subject: SUBJECT.to_owned(), resources: Vec::new() };
        *consent = consent.take().map(|consent| consent.authorise(yes, Actor::Ponte).unwrap().consent);
    }

    pub(crate) fn revoke_consent(&self) {
        let mut consent = self.memory.consent.lock().unwrap();
        let revoke =
            |consent: Consent| consent.revoke(RejectedBy::User, Actor::Ponte, now()).unwrap().consent;
        *consent = consent.take().map(revoke);
    }

    /// A fresh assertion of the client.
    pub(crate) fn assertion(&self) -> String {
        client_signer().sign(TokenType::Jwt, &self.assertion_claims()).unwrap()
    }

    pub(crate) fn assertion_claims(&self) -> Value {
        let seconds = now().seconds();
        let jti = self.memory.uuid();
        json!({ "iss": CLIENT, "sub": CLIENT, "aud": ISSUER, "exp": seconds + 300, "iat": seconds, "jti": jti })
    }

    /// A body of the client: these parameters and its assertion.
    pub(crate) fn body(&self, parameters: &[(&str, &str)]) -> String {
        let assertion = self.assertion();
        let mut parameters = parameters.to_vec();
        parameters.push(("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
        parameters.push(("client_assertion", &assertion));
        serde_urlencoded::to_string(parameters).unwrap()
    }

    pub(crate) async fn token(&self, parameters: &[(&str, &str)], at: Moment) -> (u16, Value) {
        let body = self.body(parameters);
        outcome(&self.server.issue(&presented(&body, at)).await.unwrap())
    }

    pub(crate) async fn par(&self, request: &Value) -> (u16, Value) {
        let request = client_signer().sign(TokenType::RequestObject, request).unwrap();
        let body = self.body(&[("request", &request)]);
        outcome(&self.server.push(&presented(&body, now())).await.unwrap())
    }

    /// Pushes the usual request.
    pub(crate) async fn pushed(&self) -> String {
        let (status, body) = self.par(&request_claims()).await;
        assert_eq!(status, 201, "{body}");
        body["request_uri"].as_str().unwrap().to_owned()
    }

    /// Pushes, arrives, and returns the id of the visit.
    pub(crate) async fn visit(&self) -> String {
        let request_uri = self.pushed().await;
        let answer = self.server.begin(CLIENT, &request_uri, now()).await.unwrap();
        let location = answer.header_value("location").unwrap();
        location.strip_prefix("https://channel.example/login?i=").unwrap().to_owned()
    }

    /// The channel's part: login and yes, the ticket's secret being [`TICKET`].
    pub(crate) async fn granted_visit(&self) -> String {
        let id = self.visit().await;
        self.authorise_consent();
        self.change_visit(&id, |visit| {
            let login = Login { subject: SUBJECT.to_owned(), at: now() };
            visit.log_in(login).unwrap().grant(secret::hash(TICKET), now()).unwrap()
        });
        id
    }

    /// The same for a consent that starts anew.
    pub(crate) async fn granted_visit_again(&self) -> String {
        self.create_consent(CLIENT);
        self.granted_visit().await
    }

    /// As after a restart of the function.
    pub(crate) fn forget_client_keys(&mut self) {
        self.server.client_keys = ClientKeys::new(self.memory.clone());
    }

    pub(crate) fn change_visit(&self, id: &str, change: impl FnOnce(Interaction) -> Interaction) {
        let mut visits = self.memory.visits.lock().unwrap();
        let visit = visits.remove(id).unwrap();
        visits.insert(id.to_owned(), change(visit));
    }

    /// The whole way to a code.
    pub(crate) async fn code(&self) -> String {
        let id = self.granted_visit().await;
        let answer = self.server.end(&id, TICKET, now()).await.unwrap();
        fragment(&answer).remove("code").unwrap()
    }

    /// Redeems a code as the client does.
    pub(crate) async fn redeem(&self, code: &str, at: Moment) -> (u16, Value) {
        let parameters = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        self.token(&parameters, at).await
    }
}

pub(crate) fn presented(body: &str, at: Moment) -> Presented<'_> {
    Presented { now: at, certificate: Some(own_certificate()), authorization_header: false, body }
}

pub(crate) fn outcome(answer: &Answer) -> (u16, Value) {
    (answer.status(), serde_json::from_str(answer.body()).unwrap())
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

/// The parameters behind the `#` of a redirect to the client.
pub(crate) fn fragment(answer: &Answer) -> HashMap<String, String> {
    assert_eq!(answer.status(), 303);
    let location = answer.header_value("location").unwrap();
    let (target, fragment) = location.split_once('#').unwrap();
    assert_eq!(target, CALLBACK);
    serde_urlencoded::from_str(fragment).unwrap()
}

/// The claims of a JWT nobody has to verify here.
pub(crate) fn claims_of(token: &str) -> Value {
    let payload = base64url::decode(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&payload).unwrap()
}
