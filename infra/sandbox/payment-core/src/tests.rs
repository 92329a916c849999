//! What everybody's tests of the core begin with: a core under a clock that stands still, and requests to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use ponte_fapi::jwk::KeySet;
use ponte_fapi::jws::{CompactJws, Policy, Signer, TokenType};
use ponte_pki::RsaKey;
use ponte_values::Moment;
use serde_json::{Map, Value, json};

use crate::account::Account;
use crate::payment_core::{Answered, Parts, PaymentCore};
use crate::said::Said;

mod books;
mod course;
mod exam;
mod judgement;
mod once;
mod signed;
mod ways;

/// Noon of 2 March 2026 in Brasília.
pub(super) const NOON: i64 = 1_772_463_600;
pub(super) const BANK: &str = "bancoexemplo";
pub(super) const ADDRESS: &str = "https://localhost:1";
pub(super) const ANA: &str = "76109277673";

/// A core, the institution that asks it, and their clock.
pub(super) struct Scene {
    pub(super) core: Arc<PaymentCore>,
    pub(super) signer: Signer,
    pub(super) now: Arc<AtomicI64>,
}

pub(super) fn parts(seed: &str) -> (Parts, Signer, Arc<AtomicI64>) {
    let (theirs, own) = (RsaKey::generate().unwrap(), RsaKey::generate().unwrap());
    let now = Arc::new(AtomicI64::new(NOON));
    let clock = Arc::clone(&now);
    let parts = Parts {
        institution: BANK.into(),
        institution_keys: json!({ "keys": [theirs.signature_jwk()] }).to_string(),
        own_key: (own.private_pem().into(), own.kid().into()),
        seed: seed.into(),
        clock: Arc::new(move || Moment::from_seconds(clock.load(Ordering::Relaxed))),
    };
    (parts, Signer::from_pkcs8_pem(theirs.private_pem(), theirs.kid()).unwrap(), now)
}

impl Scene {
    pub(super) fn new() -> Self {
        let (parts, signer, now) = parts("a seed");
        let core = Arc::new(PaymentCore::new(parts).unwrap());
        core.answers_at(ADDRESS);
        Self { core, signer, now }
    }

    pub(super) async fn told(&self, operation: &str, body: &Value) -> Said {
        self.core.told(operation, body).await
    }

    /// Claims of a request that is made now.
    pub(super) fn claims(&self, operation: &str, body: &Value, jti: u32) -> Value {
        let now = self.now.load(Ordering::Relaxed);
        let mut claims = body.clone();
        claims["iss"] = BANK.into();
        claims["aud"] = format!("{ADDRESS}{operation}").into();
        claims["iat"] = now.into();
        claims["exp"] = (now + 60).into();
        claims["jti"] = format!("0b6a3d67-6f0e-4d26-9b0c-{jti:012}").into();
        claims["requestMeta"] =
            json!({ "brandId": BANK, "correlationId": "0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01" });
        claims
    }

    pub(super) fn sign(&self, claims: &Value) -> String {
        self.signer.sign(TokenType::Jwt, claims).unwrap()
    }

    /// The claims of an answer, if the core signed it.
    pub(super) fn verified(&self, answered: &Answered) -> Option<Value> {
        let keys = KeySet::parse(&self.core.published_keys().to_string()).unwrap();
        let compact = CompactJws::parse(&answered.body, &Policy::SIGNED_MESSAGE).ok()?;
        compact.verify::<Map<String, Value>>(keys.signature_key(compact.kid())?).ok().map(Value::Object)
    }
}

pub(super) fn ana() -> (Value, Account) {
    (
        json!([{ "key": "accountId", "value": "0001-00012345" }]),
        Account::new("11444777", Some("0001"), "000123456", "CACC"),
    )
}

pub(super) fn shop() -> Account {
    Account::new("00099901", Some("0007"), "00012345678", "CACC")
}

/// A consent of this person, for an account.
pub(super) fn consent(
    cpf: &str,
    (legacy_id, debtor): (Value, Account),
    amount: &str,
    creditor: &Account,
) -> Value {
    json!({
        "brandId": BANK, "creationDateTime": "2026-03-02T11:58:00Z", "externalId": "urn:bancoexemplo:payment:1",
        "apiVersion": "v5", "tpp": { "name": "9c721898-9ce0-50f1-bf85-05075557850b" },
        "loggedUser": { "document": { "identification": cpf, "rel": "CPF" } },
        "creditor": { "personType": "PESSOA_JURIDICA", "cpfCnpj": "PONTE001000160", "name": "Loja Exemplo" },
        "payment": {
            "type": "PIX", "purpose": "IMMEDIATE", "date": "2026-03-02", "currency": "BRL", "amount": amount,
            "details": { "localInstrument": "MANU", "creditorAccount": creditor },
        },
        "resources": [{ "resourceLegacyId": legacy_id, "debtorAccount": debtor }],
    })
}

/// A payment of Ana's to the shop.
pub(super) fn payment(key: &str, amount: &str) -> Value {
    json!({
        "consent": consent(ANA, ana(), amount, &shop()),
        "idempotencyKey": key, "notAfter": "2026-03-02T15:01:00Z", "paymentType": "PAYMENT_CONSENT",
        "requestBody": { "data": {
            "endToEndId": "E9900012320260302150000000000001", "localInstrument": "MANU",
            "payment": { "amount": amount, "currency": "BRL" }, "creditorAccount": shop(),
            "cnpjInitiator": "50685362000135",
        } },
    })
}

pub(super) fn code(said: &Said) -> (u16, String) {
    let code = said.body["errors"][0]["code"].as_str().unwrap_or_default();
    (said.status, code.to_owned())
}

pub(super) fn status(said: &Said) -> (u16, String) {
    (said.status, said.body["data"]["status"].as_str().unwrap_or_default().to_owned())
}
