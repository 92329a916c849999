//! The router with a world in memory around it, and the calls of a client and of the channel.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ponte_authorization::interaction::{Assurance, Interaction, NewInteraction};
use ponte_authorization::ports::Interactions as _;
use ponte_authorization::target::Target;
use ponte_data_consent::consent::{Authorisation, Consent, ConsentPolicy, Resource};
use ponte_edge::{Context, Guard, Managers, Router, Serve as _};
use ponte_ports::Clock as _;
use ponte_ports::audit::Actor;
use ponte_ports::outbox::OutboxRow;
use ponte_values::{Moment, OrganisationId};
use serde_json::{Value, json};

use super::bank::{Bank, Hands, Numbered};
use super::identity;
use super::keys::Keys;
use super::store::{NoReports, Store};
use crate::{ChannelKeys, Ports, Settings, router};

pub(super) const ANA: &str = "76109277673";
pub(super) const BRUNO: &str = "12345678909";
pub(super) const BAKERY: &str = "11222333000181";
pub(super) const ORIGIN: &str = "https://app.banco.example";
pub(super) const VISIT: &str = "visit-1";
pub(super) const MANAGEMENT: &str = "https://gestao.banco.example";
const INTERACTION_ID: &str = "d78fc4e5-37ca-4da3-adf2-9b082bf92280";

/// An answer.
pub(super) struct Reply {
    pub(super) status: i64,
    pub(super) headers: Value,
    pub(super) cookies: Value,
    pub(super) body: Value,
}

impl Reply {
    pub(super) fn code(&self) -> &str {
        self.body["errors"][0]["code"].as_str().unwrap_or("")
    }
    pub(super) fn data(&self) -> &Value {
        &self.body["data"]
    }
}

pub(super) struct World {
    pub(super) store: Arc<Store>,
    pub(super) bank: Arc<Bank>,
    pub(super) hands: Arc<Hands>,
    pub(super) keys: Arc<Keys>,
    router: Router<Ports>,
}

impl World {
    pub(super) fn new() -> Self {
        Self::with_origin(None)
    }

    pub(super) fn with_origin(origin: Option<&str>) -> Self {
        Self::with(origin, ConsentPolicy::default(), None)
    }

    pub(super) fn with_policy(policy: ConsentPolicy) -> Self {
        Self::with(None, policy, None)
    }

    /// With the command loop switched on.
    pub(super) fn with_commands(origin: Option<&str>, keys: ChannelKeys) -> Self {
        Self::with(origin, ConsentPolicy::default(), Some(keys))
    }

    fn with(origin: Option<&str>, policy: ConsentPolicy, channel_keys: Option<ChannelKeys>) -> Self {
        let store = Arc::new(Store::default());
        let bank = Arc::new(Bank::default());
        let start = Moment::parse("2026-03-01T12:00:00Z").unwrap();
        let hands = Arc::new(Hands { now: Mutex::new(start), ids: AtomicU64::new(0) });
        let context = Context {
            clock: hands.clone(),
            ids: hands.clone(),
            outbox: Arc::new(NoReports),
            organisation: OrganisationId::parse("74e929d9-33b6-4d85-8ba7-c146c867a817").unwrap(),
            base_url: "https://mtls.banco.example".to_owned(),
        };
        let guard = Guard::new(identity::ISSUER.to_owned(), identity::keys());
        let ports = Ports {
            consents: store.clone(),
            extensions: store.clone(),
            index: store.clone(),
            history: store.clone(),
            interactions: store.clone(),
            handoffs: store.clone(),
            institution: bank.clone(),
            channel_keys,
            pseudonyms: Arc::new(Numbered),
            settings: Settings {
                institution: ponte_values::Institution::parse("banco").unwrap(),
                policy,
                channel_name: "banco-app".to_owned(),
                channel_origin: origin.map(str::to_owned),
                public_url: identity::ISSUER.to_owned(),
            },
        };
        let keys = Arc::new(Keys::default());
        let managers = Managers::new(keys.clone(), MANAGEMENT.to_owned());
        let router = router(context, Some(guard), ports).managers(managers);
        Self { store, bank, hands, keys, router }
    }

    pub(super) fn now(&self) -> Moment {
        self.hands.now()
    }

    pub(super) fn wait(&self, span: Duration) {
        let mut now = self.hands.now.lock().unwrap();
        *now = now.plus(span);
    }

    pub(super) async fn send(&self, method: &str, path: &str, headers: Value, body: Option<String>) -> Reply {
        let router = ("mtls.banco.example", identity::certificate());
        self.send_over(router, (method, path), headers, body).await
    }

    /// A call over a host, with the certificate of the connection.
    pub(super) async fn send_over(
        &self,
        (host, certificate): (&str, &str),
        (method, path): (&str, &str),
        headers: Value,
        body: Option<String>,
    ) -> Reply {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query, "headers": headers,
            "requestContext": {
                "authentication": {"clientCert": {
                    "clientCertPem": certificate, "subjectDN": "", "issuerDN": "", "serialNumber": "1",
                    "validity": {"notBefore": "", "notAfter": ""},
                }},
                "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
                "timeEpoch": self.now().millis(),
                "domainName": host,
            },
            "body": body,
            // The gateway takes cookies out of the headers.
            "cookies": headers["cookie"].as_str().map(|cookie| vec![cookie]).unwrap_or_default(),
            "isBase64Encoded": false,
        });
        let event = serde_json::from_value(event).unwrap();
        let answer = serde_json::to_value(self.router.serve(event).await).unwrap();
        let text = |body: &str| serde_json::from_str(body).unwrap_or_else(|_| json!(body));
        Reply {
            status: answer["statusCode"].as_i64().unwrap(),
            headers: answer["headers"].clone(),
            cookies: answer["cookies"].clone(),
            body: answer["body"].as_str().map_or(Value::Null, text),
        }
    }

    /// A call of a client for the customer of a consent, with the headers that say where the customer sits.
    pub(super) async fn for_customer(&self, client: &str, consent: &str, path: &str, body: &Value) -> Reply {
        let headers = self.customer_headers(client, consent);
        let path = format!("/open-banking/consents/v3{path}");
        self.send("POST", &path, headers, Some(body.to_string())).await
    }

    pub(super) fn customer_headers(&self, client: &str, consent: &str) -> Value {
        json!({
            "authorization": format!("Bearer {}", identity::customer_token(client, consent, self.now())),
            "x-fapi-interaction-id": INTERACTION_ID,
            "x-fapi-customer-ip-address": "203.0.113.9",
            "x-customer-user-agent": "Mozilla/5.0",
            "content-type": "application/json",
        })
    }

    /// An authorised consent that shares nothing, or whatever is given.
    pub(super) async fn authorised(&self, body: &Value, resources: Vec<Resource>) -> String {
        let id = self.consent(body).await;
        let yes = Authorisation { at: self.now(), subject: "subject-0".to_owned(), resources };
        let change = self.stored(&id).authorise(yes, Actor::Ponte).unwrap();
        self.store.consents.lock().unwrap().insert(id.clone(), change.consent);
        id
    }

    /// A call of a client with its own token.
    pub(super) async fn client(&self, client: &str, method: &str, path: &str, body: Option<Value>) -> Reply {
        let headers = json!({
            "authorization": format!("Bearer {}", identity::token(client, self.now())),
            "x-fapi-interaction-id": INTERACTION_ID,
            "content-type": "application/json",
        });
        let path = format!("/open-banking/consents/v3{path}");
        self.send(method, &path, headers, body.map(|body| body.to_string())).await
    }

    /// What the channel is told to show.
    pub(super) async fn show(&self) -> Reply {
        let path = format!("/api/banco-app/consents/v1/interactions/{VISIT}");
        self.send("GET", &path, json!({}), None).await
    }

    /// A step of the channel in the visit of the tests.
    pub(super) async fn channel(&self, step: &str, body: Value) -> Reply {
        let path = format!("/api/banco-app/consents/v1/interactions/{VISIT}{step}");
        self.send("POST", &path, json!({"content-type": "application/json"}), Some(body.to_string())).await
    }

    /// A consent of the only client that exists here, and its id.
    pub(super) async fn consent(&self, body: &Value) -> String {
        let reply = self.client("client-1", "POST", "/consents", Some(body.clone())).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        reply.data()["consentId"].as_str().unwrap().to_owned()
    }

    /// A visit to decide on a new consent.
    pub(super) async fn visit(&self, body: &Value) -> String {
        self.visit_with(body, Assurance::Loa2).await
    }

    /// The same, for a client that insists on a level of authentication.
    pub(super) async fn visit_with(&self, body: &Value, assurance: Assurance) -> String {
        let id = self.consent(body).await;
        let consent = self.stored(&id);
        let new = NewInteraction {
            id: VISIT.to_owned(),
            target: Target::consent(consent.id),
            linked: None,
            assurance,
            client: consent.client,
            client_name: "Receptora Exemplo".to_owned(),
            redirect_uri: "https://receptora.example/cb".to_owned(),
            request_uri: "urn:ietf:params:oauth:request_uri:1".to_owned(),
        };
        self.store.start(&Interaction::start(new, self.now())).await.unwrap();
        id
    }

    pub(super) fn stored(&self, id: &str) -> Consent {
        self.store.consents.lock().unwrap()[id].clone()
    }

    pub(super) fn commits(&self) -> u64 {
        self.store.commits.load(Ordering::Relaxed)
    }

    /// Last part of the path and body of every funnel row.
    pub(super) fn funnel(&self) -> Vec<(String, Value)> {
        let rows = self.store.outbox.lock().unwrap();
        let step = |row: &OutboxRow| {
            let name = row.path.rsplit('/').next().unwrap_or("").to_owned();
            (name, serde_json::from_str(&row.body).unwrap())
        };
        rows.iter().map(step).collect()
    }
}

/// Body of POST /consents for the accounts of Ana.
pub(super) fn asked() -> Value {
    json!({"data": {
        "loggedUser": {"document": {"identification": ANA, "rel": "CPF"}},
        "permissions": ["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"],
        "expirationDateTime": "2026-09-01T12:00:00Z",
    }})
}

pub(super) fn device() -> Value {
    json!({"platform": "APP", "os": "ANDROID", "osVersion": "16"})
}

pub(super) fn login(token: &str) -> Value {
    json!({"accessToken": token, "device": device()})
}
