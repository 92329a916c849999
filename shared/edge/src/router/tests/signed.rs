//! Rows whose bodies are signed messages: the way of a request in, and of an answer out (S60 to S64, P37, P40 to P44).

mod answers;
mod bodies;
mod refused;
mod reused;

use std::sync::{Mutex, OnceLock};

use ponte_authorization::message_signer::MessageSigner;
use ponte_authorization::ports::Directory;
use ponte_catalog::CustomerAccess;
use ponte_catalog::payments::{v4, v5};
use ponte_fapi::claims::{SignedMessage, VerifiedMessage};
use ponte_fapi::jwk::{KeySet, key_set_json};
use ponte_fapi::jws::{Signer, TokenType};
use ponte_kit::directory::KeySetsInMemory;
use ponte_kit::identity;
use ponte_kit::key_set_uris::KeySetUrisInMemory;
use ponte_kit::message_ids::UsedMessagesInMemory;
use ponte_ports::authority::{AuthorityFault, ProofRequest};
use ponte_values::{ClientId, TargetKind};
use serde::Deserialize;

use super::*;
use crate::token_blocks::TokenBlocks;

/// This institution; the client's organisation is [`identity::ORGANISATION`].
const INSTITUTION: &str = "74e929d9-33b6-4d85-8ba7-c146c867a817";
const BASE: &str = "https://mtls.example";
const CLIENT: &str = "client-1";
const URI: &str = "https://keystore.example/client-1.jwks";
/// A row for customers whose tokens name what this crate's tests can make.
static PAY: Row = Row {
    api: &v5::API,
    operation: "pay",
    method: Method::Post,
    template: "/open-banking/payments/v5/test/payments",
    access: Access::Customer(CustomerAccess {
        scope: "payments",
        target: TargetKind::Consent,
        permission: None,
        path_id: None,
    }),
    layer: None,
    product: None,
    ids: &[],
    body: true,
    customer_headers: false,
    idempotent: true,
    success: 201,
    shape: Shape::Records,
    meta: Meta::Time,
    fields: None,
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::High,
    limits: Limits::Institution,
    codes: &[201, 422],
};

/// The keys of these tests, by what they are for: making one takes a tenth of a second.
fn key(number: usize) -> &'static Signer {
    static KEYS: OnceLock<Vec<Signer>> = OnceLock::new();
    let keys = KEYS.get_or_init(|| {
        ["seal-1", "inst-1", "seal-2"].map(|kid| Signer::from_pkcs8_pem(pem(kid), kid).unwrap()).into()
    });
    &keys[number]
}

/// A private key for each name, the same in every test.
fn pem(kid: &str) -> &'static str {
    static PEMS: OnceLock<[(&str, String); 3]> = OnceLock::new();
    let new = || rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap().serialize_pem();
    let pems = PEMS.get_or_init(|| ["seal-1", "inst-1", "seal-2"].map(|kid| (kid, new())));
    &pems.iter().find(|(name, _)| *name == kid).unwrap().1
}

fn client_key() -> &'static Signer {
    key(0)
}

fn stranger() -> &'static Signer {
    key(2)
}

/// What the handlers were given.
#[derive(Default)]
struct Seen(Mutex<Vec<String>>);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    payment: Money,
    #[serde(default)]
    remark: Option<String>,
}

#[derive(Deserialize)]
struct Money {
    amount: String,
    #[serde(rename = "currency")]
    _currency: String,
}

async fn create(ports: Arc<Seen>, call: SignedCall<ClientCall>) -> Outcome {
    ports.0.lock().unwrap().push("create".to_owned());
    let asked: Asked = call.data()?;
    let data = json!({
        "amount": asked.payment.amount, "remark": asked.remark, "hash": call.data_hash()?,
        "key": call.idempotency_key()?.as_str(),
    });
    Ok(call.object(201, &data.to_string()))
}

async fn pay(ports: Arc<Seen>, call: SignedCall<CustomerCall<String>>) -> Outcome {
    ports.0.lock().unwrap().push(format!("pay {}", call.proof));
    let asked: Vec<Money> = call.data()?;
    Ok(call.whole_list(201, "[]", asked.len() as u64))
}

async fn read(ports: Arc<Seen>, call: ClientCall) -> Outcome {
    ports.0.lock().unwrap().push("read".to_owned());
    Ok(call.object(200, "{}"))
}

async fn cancel(ports: Arc<Seen>, call: SignedCall<ClientCall>) -> Outcome {
    ports.0.lock().unwrap().push("cancel".to_owned());
    let _: Asked = call.data()?;
    Ok(Answer::accepted())
}

type Outcome = Result<Answer, Refusal>;

/// Says of every target of its kind that it is in force.
struct InForce(TargetKind);

#[async_trait]
impl Authority for InForce {
    type Proof = String;

    fn kind(&self) -> TargetKind {
        self.0
    }

    async fn prove(&self, request: ProofRequest<'_>) -> Result<String, AuthorityFault> {
        Ok(request.target.as_str().to_owned())
    }
}

/// What the environments of a test share, and one of them.
struct World {
    clock: Arc<ManualClock>,
    used: Arc<UsedMessagesInMemory>,
    uris: Arc<KeySetUrisInMemory>,
    directory: Arc<KeySetsInMemory>,
    outbox: Arc<OutboxInMemory>,
    router: Router<Seen>,
}

fn now() -> Moment {
    Moment::parse("2026-03-01T12:00:00Z").unwrap()
}

fn published(signers: &[&Signer]) -> String {
    key_set_json(&signers.iter().map(|signer| signer.public_jwk()).collect::<Vec<_>>())
}

impl World {
    fn new() -> Self {
        let (used, uris, directory) = (Arc::default(), Arc::<KeySetUrisInMemory>::default(), Arc::default());
        uris.uris.lock().unwrap().insert(ClientId::parse(CLIENT).unwrap(), URI.to_owned());
        KeySetsInMemory::publish(&directory, URI, published(&[client_key()]));
        Self::over(used, uris, directory)
    }

    /// An environment over what others share.
    fn over(
        used: Arc<UsedMessagesInMemory>,
        uris: Arc<KeySetUrisInMemory>,
        directory: Arc<KeySetsInMemory>,
    ) -> Self {
        let signer = Signer::from_pkcs8_pem(pem("inst-1"), "inst-1").unwrap();
        Self::signed_by(signer.into(), used, uris, directory)
    }

    fn signed_by(
        signer: MessageSigner,
        used: Arc<UsedMessagesInMemory>,
        uris: Arc<KeySetUrisInMemory>,
        directory: Arc<KeySetsInMemory>,
    ) -> Self {
        let (clock, outbox) = (Arc::new(ManualClock::at(now())), Arc::<OutboxInMemory>::default());
        let requests = SignedRequests::new(
            uris.clone(),
            Arc::clone(&directory) as Arc<dyn Directory>,
            Arc::clone(&used) as Arc<dyn ponte_ports::UsedMessages>,
        );
        let router = bare(&clock, &outbox).signing(requests, signer);
        Self { clock, used, uris, directory, outbox, router }
    }

    fn another(&self) -> Self {
        let another = Self::over(Arc::clone(&self.used), Arc::clone(&self.uris), Arc::clone(&self.directory));
        // Ids are unlike those of the first environment.
        another.clock.ids.store(1_000_000, std::sync::atomic::Ordering::Relaxed);
        another
    }

    fn at(&self) -> Moment {
        *self.clock.now.lock().unwrap()
    }

    async fn send(&self, call: &Sent) -> Answer {
        let mut headers = json!({
            "authorization": format!("Bearer {}", call.token(self.at())),
            "x-fapi-interaction-id": GIVEN, "content-type": "application/jwt", "x-idempotency-key": "key-1",
        });
        for (name, value) in &call.headers {
            match value {
                Some(value) => headers[name] = (*value).into(),
                None => drop(headers.as_object_mut().unwrap().remove(*name)),
            }
        }
        let event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": call.path, "rawQueryString": "",
            "headers": headers, "body": call.body, "isBase64Encoded": false,
            "requestContext": {
                "http": {"method": call.method, "path": call.path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
                "timeEpoch": self.at().millis(),
                "authentication": {"clientCert": {
                    "clientCertPem": identity::certificate(), "subjectDN": "", "issuerDN": "", "serialNumber": "1",
                    "validity": {"notBefore": "", "notAfter": ""},
                }},
            },
        });
        self.router.serve(serde_json::from_value(event).unwrap()).await
    }

    fn handled(&self) -> usize {
        self.router.ports.0.lock().unwrap().len()
    }
}

/// A router with every row and no signatures.
fn bare(clock: &Arc<ManualClock>, outbox: &Arc<OutboxInMemory>) -> Router<Seen> {
    let context = Context {
        clock: clock.clone(),
        ids: clock.clone(),
        outbox: outbox.clone(),
        organisation: OrganisationId::parse(INSTITUTION).unwrap(),
        base_url: BASE.to_owned(),
    };
    let blocks = TokenBlocks::from(ponte_authorization::block_list::BlockList::default());
    let guard = Guard::new(identity::ISSUER.to_owned(), identity::keys(), blocks);
    Router::new(context, Some(guard), Seen::default())
        .signed_client(&v5::CREATE_CONSENT, create)
        .client(&v5::READ_CONSENT, read)
        .signed_client(&v5::CANCEL_ALL, cancel)
        .signed_customer(&v5::PAY, &Arc::new(InForce(TargetKind::PaymentConsent)), pay)
        .signed_customer(&PAY, &Arc::new(InForce(TargetKind::Consent)), pay)
        .signed_client(&v4::CREATE_CONSENT, create)
        .signed_client(&v4::CANCEL, cancel)
}

/// A call of a client.
#[derive(Clone)]
struct Sent {
    method: &'static str,
    path: String,
    body: String,
    client: &'static str,
    scope: &'static str,
    consent: Option<&'static str>,
    headers: Vec<(&'static str, Option<&'static str>)>,
}

impl Sent {
    /// A call of a row's own path in the client's own name.
    fn to(row: &Row, body: String) -> Self {
        let path = row.template.replace("{consentId}", "urn:banco:payment:1").replace("{paymentId}", "p-1");
        Self {
            method: row.method.as_str(),
            path,
            body,
            client: CLIENT,
            scope: "payments",
            consent: None,
            headers: Vec::new(),
        }
    }

    fn with(mut self, name: &'static str, value: Option<&'static str>) -> Self {
        self.headers.push((name, value));
        self
    }

    fn token(&self, at: Moment) -> String {
        identity::minted(self.client, self.scope, self.consent, at)
    }
}

/// A name for a message that no other has.
fn jti() -> String {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(1);
    format!("7f2e8a52-5a0e-4a0b-b8a6-{:012x}", NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
}

fn asked() -> Value {
    json!({"payment": {"amount": "10.00", "currency": "BRL"}})
}

/// The claims of a request to a path.
fn claims(path: &str, data: &Value) -> Value {
    json!({
        "aud": format!("{BASE}{path}"), "iss": identity::ORGANISATION, "jti": jti(), "iat": now().seconds(),
        "data": data,
    })
}

fn sealed(claims: &Value) -> String {
    client_key().sign(TokenType::Jwt, claims).unwrap()
}

/// A good request to create a consent.
fn creation(data: &Value) -> Sent {
    let row = &v5::CREATE_CONSENT;
    Sent::to(row, sealed(&claims(row.template, data)))
}

fn content_type(answer: &Answer) -> Value {
    serde_json::to_value(answer).unwrap()["headers"]["content-type"].clone()
}

/// The message of a signed answer, checked as the client does.
fn message(answer: &Answer, at: Moment) -> VerifiedMessage {
    assert_eq!(content_type(answer), "application/jwt", "{} {}", answer.status(), answer.body());
    let keys = KeySet::parse(&published(&[key(1)])).unwrap();
    let now = u64::try_from(at.seconds()).unwrap();
    SignedMessage::open(answer.body(), &keys, identity::ORGANISATION, INSTITUTION, now).unwrap()
}

fn data(answer: &Answer) -> Value {
    serde_json::from_str(message(answer, now()).data.unwrap().get()).unwrap()
}

/// Every claim of a signed answer.
fn whole(answer: &Answer) -> Value {
    use base64::Engine as _;
    message(answer, now());
    let payload = answer.body().split('.').nth(1).unwrap();
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap();
    serde_json::from_slice(&payload).unwrap()
}

/// Status and code of a refusal that is JSON.
fn plain(answer: &Answer) -> (u16, String) {
    assert_eq!(content_type(answer), "application/json; charset=utf-8", "{}", answer.body());
    let body: Value = serde_json::from_str(answer.body()).unwrap();
    (answer.status(), body["errors"][0]["code"].as_str().unwrap().to_owned())
}

fn is(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}
