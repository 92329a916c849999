//! The connector: what is sent, and what every kind of answer says of the money.

use std::sync::Mutex;

use super::*;
use crate::http::{self, Trust};
use crate::testing::aws_at;
use ponte_cloud::aws::FunctionArn;
use ponte_fapi::jwk::key_set_json;
use ponte_fapi::jws::Signer;
use ponte_fapi::jws::{CompactJws, Policy, TokenType};
use ponte_kit::breakers::BreakersInMemory;
use ponte_kit::clock::ManualClock;
use ponte_kit::examples::{institution, now};
use ponte_kit::stub::{self, Stub};
use ponte_payment::ports::{ConnectorReplies, ConnectorReply};
use ponte_ports::audit::Actor;
use serde_json::{Value, json};

mod example;
mod faults;
mod forgeries;
mod money;
mod ways;

use example::{Example, example};

/// A private key of a side, made once: making one takes a tenth of a second.
fn signer(side: usize) -> Signer {
    static PEMS: [std::sync::OnceLock<String>; 3] =
        [std::sync::OnceLock::new(), std::sync::OnceLock::new(), std::sync::OnceLock::new()];
    let make = || rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap().serialize_pem();
    Signer::from_pkcs8_pem(PEMS[side].get_or_init(make), ["ours", "core", "stranger"][side]).unwrap()
}

const OURS: usize = 0;
const CORE: usize = 1;
const STRANGER: usize = 2;

fn key_set(side: usize) -> KeySet {
    KeySet::parse(&key_set_json(&[signer(side).public_jwk()])).unwrap()
}

/// Claims of a request of ours, whose signature holds.
fn claims_of(token: &str) -> Value {
    let compact = CompactJws::parse(token, &Policy::SIGNED_MESSAGE).unwrap();
    compact.verify(key_set(OURS).signature_key("ours").unwrap()).unwrap()
}

/// Claims of an answer to a request, with this body.
fn answer_claims(request: &Value, body: &Value) -> Value {
    let mut claims = json!({
        "iss": request["aud"], "aud": request["iss"], "iat": now().seconds(),
        "jti": "5a1f9c0e-2b3d-4c4e-8f5a-6b7c8d9e0f11", "inReplyTo": request["jti"],
    });
    claims.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    claims
}

fn signed(side: usize, claims: &Value) -> String {
    signer(side).sign(TokenType::Jwt, claims).unwrap()
}

/// An answer of the core to a request, as it should be.
fn answer(request: &Value, status: u16, body: &Value) -> stub::Reply {
    stub::Reply::json(status, signed(CORE, &answer_claims(request, body)))
}

/// A core that answers by what it is asked.
async fn core(rule: impl Fn(&Value) -> stub::Reply + Send + Sync + 'static) -> Stub {
    Stub::start(move |_, request| rule(&claims_of(&request.body))).await
}

fn connector_over(way: Way, address: String, dedupe: Dedupe) -> CoreConnector {
    let clock = Arc::new(ManualClock::default());
    let breaker = Breaker::new("environment".to_owned(), Arc::<BreakersInMemory>::default(), clock.clone());
    let capability = Capability { dedupe, settle: Duration::from_secs(2) };
    let party = Party { brand: institution(), address };
    CoreConnector::new(way, party, (signer(OURS), key_set(CORE)), capability, breaker, (clock.clone(), clock))
}

fn connector_at(url: String) -> CoreConnector {
    let client = http::client(&Trust::webpki(), None).unwrap();
    let way = Way::over_http(client, url.clone(), Arc::new(ManualClock::default()));
    connector_over(way, url, Dedupe::ByKey)
}

fn connector(stub: &Stub) -> CoreConnector {
    connector_at(stub.url())
}

/// A call that has this long.
fn within(left: Duration) -> CallContext {
    let correlation = InteractionId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").unwrap();
    CallContext { correlation, left }
}

fn context() -> CallContext {
    within(Duration::from_secs(10))
}

async fn pay(connector: &CoreConnector, left: Duration) -> Result<CoreReport, ConnectorFault> {
    let Example { consent, payment } = example();
    connector.pay(&consent, &payment, now().plus(Duration::from_mins(1)), within(left)).await
}

/// How a call ended: an answer, surely not sent, or unknown.
fn ended<T>(outcome: &Result<T, ConnectorFault>) -> &'static str {
    match outcome {
        Ok(_) => "answer",
        Err(ConnectorFault::NotSent(_)) => "not sent",
        Err(ConnectorFault::Unknown(_)) => "unknown",
    }
}
