//! A consent and a payment of it.

use super::*;
use ponte_authorization::search_keys::SearchKeys;
use ponte_kit::examples::client_id;
use ponte_payment::consent::{Authorisation, NewPaymentConsent};
use ponte_payment::wire::ApiVersion;
use ponte_ports::LegacyId;
use ponte_values::{ConsentId, OrganisationId};

pub(super) struct Example {
    pub(super) consent: PaymentConsent,
    pub(super) payment: Payment,
}

fn account(number: &str) -> Value {
    json!({"ispb": "12345678", "issuer": "0001", "number": number, "accountType": "CACC"})
}

pub(super) fn debtor() -> Debtor {
    let id = RawValue::from_string(r#"[{"key":"accountId","value":"CTA-1"}]"#.to_owned()).unwrap();
    Debtor {
        account: serde_json::from_value(account("11112222")).unwrap(),
        legacy_id: LegacyId::parse(&id).unwrap(),
    }
}

pub(super) fn example() -> Example {
    let request = json!({
        "loggedUser": {"document": {"identification": "12345678909", "rel": "CPF"}},
        "creditor": {"personType": "PESSOA_NATURAL", "cpfCnpj": "11122233396", "name": "Bruno Exemplo"},
        "payment": {
            "type": "PIX", "purpose": "IMMEDIATE", "date": "2026-03-01", "currency": "BRL", "amount": "150.00",
            "details": {"localInstrument": "MANU", "creditorAccount": account("1234567890")},
        },
    });
    let item = json!({
        "endToEndId": "E1234567820260301120000000000001", "localInstrument": "MANU",
        "payment": {"amount": "150.00", "currency": "BRL"}, "creditorAccount": account("1234567890"),
        "cnpjInitiator": "50685362000135",
    });
    let new = NewPaymentConsent {
        id: ConsentId::parse("urn:banco:payment:1").unwrap(),
        client: client_id(),
        organisation: OrganisationId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").unwrap(),
        api: ApiVersion::V5,
        search: SearchKeys { person: "person-key".to_owned(), company: None },
    };
    let consent = PaymentConsent::create(new, serde_json::from_value(request).unwrap(), now()).consent;
    let authorisation =
        Authorisation { at: now(), subject: "subject".to_owned(), debtor: debtor(), after_approvals: false };
    let authorised = consent.authorise(authorisation, vec![], None, Actor::Ponte).unwrap().consent;
    let items = vec![(serde_json::from_value(item).unwrap(), None)];
    let mut accepted = authorised.accept(&institution(), items, Actor::Ponte, now()).unwrap();
    Example { consent: accepted.consent.consent, payment: accepted.payments.remove(0) }
}

/// What the core says of the payment of a request.
pub(super) fn told(request: &Value, status: &str) -> Value {
    json!({"data": {
        "idempotencyKey": request["idempotencyKey"], "endToEndId": example().payment.item.end_to_end_id,
        "payment": {"amount": "150.00", "currency": "BRL"}, "status": status,
        "paymentId": [{"key": "pix", "value": "1"}],
    }})
}

/// A body of errors.
pub(super) fn errors(code: &str) -> Value {
    json!({"errors": [{"code": code, "title": "x", "detail": "em palavras\n"}]})
}
