//! Payments: a consent that its customer gave, a payment of another, what clients send signed, and a core that agrees to everything and
//! executes it at once.

use bytes::Bytes;
use http::Response;
use http_body_util::Full;
use ponte_authorization::search_keys::SearchKeys;
use ponte_fapi::base64url;
use ponte_fapi::jws::{Signer, TokenType};
use ponte_payment::consent::{Authorisation, NewPaymentConsent, PaymentConsent};
use ponte_payment::idempotency::{IdempotencyRecord, IdempotencyScope, IdempotentOutcome};
use ponte_payment::payment::payment_id;
use ponte_payment::ports::{Acceptance, PaymentConsentCommit, PaymentConsents as _, Payments as _};
use ponte_payment::wire::{ApiVersion, PaymentItem};
use ponte_ports::Trail;
use ponte_ports::audit::Actor;
use ponte_store::{PaymentConsentTable, PaymentTable, PaymentTables, TrailTables};
use ponte_values::{
    ClientId, ConsentId, EndToEndId, IdempotencyKey, InstitutionId, Moment, OrganisationId, PaymentId,
};
use serde_json::{Value, json};

use super::canned::Canned;
use super::world::{CLIENT, INSTITUTION, ORGANISATION, dynamo};
use super::{Fault, serve};

/// The payment consent that the customer gave.
pub(crate) const GIVEN: &str = "urn:ponte-bank:payment:5d4c2a3e-0d43-4f57-9a55-2f8d39f4f9b5";
/// One that was used.
const USED: &str = "urn:ponte-bank:payment:6e5c2a3e-0d43-4f57-9a55-2f8d39f4f9b6";
/// The payment that it was used for.
const PAID: &str = "E99000123202611301200PonteBench9";
/// Key of the creditor.
const PROXY: &str = "cea24d72-0b41-5f88-97fc-6115dcd3db3a";

/// The core: it signs what it answers, and what it answers is that nothing speaks against a payment, and that it is executed.
pub(crate) struct Core {
    signer: Signer,
    base: String,
}

impl Core {
    /// The core at `base` that signs with this key.
    pub(crate) const fn new(signer: Signer, base: String) -> Self {
        Self { signer, base }
    }

    /// The answer to one request.
    pub(crate) fn answer(&self, path: &str, request: &[u8], now: Moment) -> Response<Full<Bytes>> {
        let claims = std::str::from_utf8(request).ok().and_then(|token| token.split('.').nth(1));
        let claims: Value = claims
            .and_then(base64url::decode)
            .and_then(|claims| serde_json::from_slice(&claims).ok())
            .unwrap_or_default();
        let data = match path {
            "/payments" => {
                let item = &claims["requestBody"]["data"];
                json!({
                    "idempotencyKey": claims["idempotencyKey"], "endToEndId": item["endToEndId"],
                    "payment": item["payment"], "status": "ACSC",
                    "paymentId": [{ "key": "movement", "value": item["endToEndId"] }],
                })
            }
            _ => json!({}),
        };
        let answer = json!({
            "iss": format!("{}{path}", self.base), "aud": claims["iss"], "iat": now.seconds(),
            "inReplyTo": claims["jti"], "data": data,
        });
        match self.signer.sign(TokenType::Jwt, &answer) {
            Ok(token) => serve::json(200, token),
            Err(_) => serve::json(500, "{}"),
        }
    }
}

/// Stores the consents and the payment.
pub(crate) async fn furnish(
    canned: &Canned,
    environment: &[(String, String)],
    now: Moment,
) -> Result<(), Fault> {
    let dynamo = dynamo(environment)?;
    let consents = PaymentConsentTable::committing(&dynamo, "payment-consents", trail());
    let payments = PaymentTable::new(&dynamo, tables());
    canned.fill(true);
    let commit = PaymentConsentCommit { consent: given(GIVEN, now)?, trail: Trail::new(GIVEN.to_owned()) };
    consents.commit(commit).await.map_err(|fault| format!("{fault:?}"))?;
    accept(&payments, PAID, now).await?;
    canned.fill(false);
    Ok(())
}

/// So many payments that were just accepted.
pub(crate) async fn accepted(
    environment: &[(String, String)],
    many: u32,
    now: Moment,
) -> Result<Vec<PaymentId>, Fault> {
    let dynamo = dynamo(environment)?;
    let payments = PaymentTable::new(&dynamo, tables());
    let mut ids = Vec::new();
    for number in 0..many {
        let id = end_to_end_id(now).replace("PonteBench1", &format!("PonteB{number:05}"));
        ids.push(accept(&payments, &id, now).await?);
    }
    Ok(ids)
}

/// Stores a payment of a consent that it uses up.
async fn accept(payments: &PaymentTable, end_to_end_id: &str, now: Moment) -> Result<PaymentId, Fault> {
    let item: PaymentItem = serde_json::from_value(payment_data(end_to_end_id)[0].take())?;
    let actor = Actor::Client(CLIENT.to_owned());
    let accepted = given(USED, now)?.accept(&institution()?, vec![(item, None)], actor, now);
    let accepted = accepted.map_err(|fault| format!("{fault:?}"))?;
    let id = payment_id(&institution()?, &EndToEndId::parse(end_to_end_id)?);
    let scope = IdempotencyScope {
        client: ClientId::parse(CLIENT)?,
        operation: "paymentsPostPixPayments",
        path: "/open-banking/payments/v5/pix/payments".to_owned(),
        key: IdempotencyKey::parse(end_to_end_id)?,
    };
    let outcome = IdempotentOutcome::Payments(vec![id.clone()]);
    let acceptance = Acceptance {
        consent: accepted.consent.consent,
        payments: accepted.payments,
        idempotency: (scope, IdempotencyRecord::new("0".repeat(64), outcome, now)),
        spending: None,
        trail: Trail::new(end_to_end_id.to_owned()),
    };
    payments.accept(acceptance).await.map_err(|fault| format!("{fault:?}"))?;
    Ok(id)
}

fn tables() -> PaymentTables {
    PaymentTables { payments: "payments".to_owned(), consents: "payment-consents".to_owned(), trail: trail() }
}

fn trail() -> TrailTables {
    TrailTables { outbox: "outbox".to_owned(), audit: "audit".to_owned() }
}

/// `data` of `POST /consents`.
pub(crate) fn consent_data(now: Moment) -> Value {
    json!({
        "loggedUser": { "document": { "identification": "76109277673", "rel": "CPF" } },
        "creditor": { "personType": "PESSOA_NATURAL", "cpfCnpj": "98765432100", "name": "Marco Antônio" },
        "payment": {
            "type": "PIX", "purpose": "IMMEDIATE", "date": now.date_brasilia().to_string(), "currency": "BRL",
            "amount": "100.00",
            "details": { "localInstrument": "DICT", "proxy": PROXY, "creditorAccount": creditor_account() },
        },
    })
}

/// An endToEndId of now.
pub(crate) fn end_to_end_id(now: Moment) -> String {
    let minutes: String = now.to_string().chars().filter(char::is_ascii_digit).take(12).collect();
    format!("E99000123{minutes}PonteBench1")
}

/// `data` of `POST /pix/payments`.
pub(crate) fn payment_data(end_to_end_id: &str) -> Value {
    json!([{
        "endToEndId": end_to_end_id, "localInstrument": "DICT", "proxy": PROXY,
        "cnpjInitiator": "50685362000135", "payment": { "amount": "100.00", "currency": "BRL" },
        "creditorAccount": creditor_account(), "remittanceInformation": "Pagamento da nota RSTO035-002.",
        "authorisationFlow": "HYBRID_FLOW",
    }])
}

/// Public id of the payment that is there.
pub(crate) fn paid() -> Result<PaymentId, Fault> {
    Ok(payment_id(&institution()?, &EndToEndId::parse(PAID)?))
}

fn institution() -> Result<InstitutionId, Fault> {
    Ok(InstitutionId::parse(INSTITUTION)?)
}

fn creditor_account() -> Value {
    json!({ "ispb": "00099901", "issuer": "0007", "number": "00012345678", "accountType": "CACC" })
}

fn given(id: &str, now: Moment) -> Result<PaymentConsent, Fault> {
    let new = NewPaymentConsent {
        id: ConsentId::parse(id)?,
        client: ClientId::parse(CLIENT)?,
        organisation: OrganisationId::parse(ORGANISATION)?,
        api: ApiVersion::V5,
        search: SearchKeys { person: "6f88a10f-047a-83d8-88f4-76e15ca7cebe".to_owned(), company: None },
    };
    let consent = PaymentConsent::create(new, serde_json::from_value(consent_data(now))?, now).consent;
    let debtor = json!({
        "account": { "ispb": "99000123", "issuer": "0001", "number": "00012345", "accountType": "CACC" },
        "legacyId": [{ "key": "accountId", "value": "0001-00012345" }],
    });
    let authorisation = Authorisation {
        at: now,
        subject: "q8Zr0c1nVb7Kd2Lw5Xy9Ga3Hs6Jt4Pu".to_owned(),
        debtor: serde_json::from_str(&debtor.to_string())?,
        after_approvals: false,
    };
    let change = consent.authorise(authorisation, Vec::new(), None, Actor::Ponte);
    Ok(change.map_err(|fault| format!("{fault:?}"))?.consent)
}
