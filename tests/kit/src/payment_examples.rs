//! Example values of payments: a payment consent, its authorisation, payments of a request, a key of a request.

use std::time::Duration;

use ponte_authorization::search_keys::SearchKeys;
use ponte_payment::consent::{
    Authorisation, Debtor, NewPaymentConsent, PaymentConsent, PaymentConsentChange,
};
use ponte_payment::idempotency::{IdempotencyRecord, IdempotencyScope, IdempotentOutcome};
use ponte_payment::payment::AcceptedPayments;
use ponte_payment::ports::{Acceptance, ConsentCreation};
use ponte_payment::wire::{ApiVersion, PaymentConsentRequest, PaymentItem};
use ponte_ports::LegacyId;
use ponte_ports::audit::Actor;
use ponte_values::{ConsentId, Date, IdempotencyKey, Moment, OrganisationId};

use crate::examples::{client_id, institution, now};

/// Id of the payment consent with this number.
#[must_use]
pub fn payment_consent_id(number: u32) -> ConsentId {
    ConsentId::mint_payment(&institution(), &format!("00000000-0000-4000-8000-{number:012}")).unwrap()
}

/// A request for ten reais now, to an account that the initiator knows.
#[must_use]
pub fn payment_request() -> PaymentConsentRequest {
    let request = r#"{
        "loggedUser": {"document": {"identification": "12345678909", "rel": "CPF"}},
        "creditor": {"personType": "PESSOA_JURIDICA", "cpfCnpj": "11222333000181", "name": "Padaria"},
        "payment": {
            "type": "PIX", "purpose": "IMMEDIATE", "date": "2026-03-01", "currency": "BRL", "amount": "10.00",
            "details": {
                "localInstrument": "MANU",
                "creditorAccount":
                    {"ispb": "12345678", "issuer": "0001", "number": "123456", "accountType": "CACC"}
            }
        }
    }"#;
    serde_json::from_str(request).unwrap()
}

/// A payment consent just created.
#[must_use]
pub fn payment_consent(number: u32, at: Moment) -> PaymentConsentChange {
    let new = NewPaymentConsent {
        id: payment_consent_id(number),
        client: client_id(),
        organisation: OrganisationId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").unwrap(),
        api: ApiVersion::V5,
        search: SearchKeys { person: "person-key".to_owned(), company: None },
    };
    PaymentConsent::create(new, payment_request(), at)
}

/// The authorisation of a customer, at this moment.
#[must_use]
pub fn payment_authorisation(at: Moment) -> Authorisation {
    let account = r#"{"ispb": "87654321", "issuer": "0001", "number": "654321", "accountType": "CACC"}"#;
    Authorisation {
        at,
        subject: "subject".to_owned(),
        debtor: Debtor { account: serde_json::from_str(account).unwrap(), legacy_id: core_key("account-1") },
        after_approvals: false,
    }
}

/// A key of the core.
#[must_use]
pub fn core_key(value: &str) -> LegacyId {
    serde_json::from_str(&format!(r#"[{{"key":"id","value":"{value}"}}]"#)).unwrap()
}

/// A payment of a request; its endToEndId is told apart by this number.
#[must_use]
pub fn payment_item(number: u32) -> PaymentItem {
    let item = format!(
        r#"{{
            "endToEndId": "E12345678202603011200{number:011}", "localInstrument": "MANU",
            "payment": {{"amount": "10.00", "currency": "BRL"}}, "cnpjInitiator": "11222333000181",
            "creditorAccount":
                {{"ispb": "12345678", "issuer": "0001", "number": "123456", "accountType": "CACC"}}
        }}"#
    );
    serde_json::from_str(&item).unwrap()
}

/// A key of a request at an endpoint.
#[must_use]
pub fn key_at(operation: &'static str, key: &str) -> IdempotencyScope {
    IdempotencyScope {
        client: client_id(),
        operation,
        path: "/open-banking/payments/v5/pix/payments".to_owned(),
        key: IdempotencyKey::parse(key).unwrap(),
    }
}

/// A new consent with the row of its key, both named after it.
#[must_use]
pub fn payment_creation(number: u32, at: Moment) -> ConsentCreation {
    let commit = payment_consent(number, at).commit(format!("created-{number}"), None);
    let outcome = IdempotentOutcome::Consent(commit.consent.id.clone());
    let scope = key_at("paymentsPostConsents", &format!("consent-{number}"));
    let idempotency = (scope, IdempotencyRecord::new("hash".to_owned(), outcome, at));
    ConsentCreation { consent: commit.consent, idempotency, trail: commit.trail }
}

/// The acceptance of payments with these numbers a minute after the authorisation of a consent, under this key; scheduled, if there is
/// a day.
#[must_use]
pub fn payment_acceptance(
    authorised: PaymentConsent,
    (numbers, day): (impl IntoIterator<Item = u32>, Option<Date>),
    key: &str,
    commit: &str,
) -> Acceptance {
    let at = authorised.authorisation().map_or_else(now, |yes| yes.at).plus(Duration::from_mins(1));
    let items = numbers.into_iter().map(|number| (payment_item(number), day)).collect();
    let actor = Actor::Client(client_id().to_string());
    let AcceptedPayments { consent, payments } = authorised.accept(&institution(), items, actor, at).unwrap();
    let outcome = IdempotentOutcome::Payments(payments.iter().map(|payment| payment.id.clone()).collect());
    let commit = consent.commit(commit.to_owned(), None);
    Acceptance {
        consent: commit.consent,
        payments,
        idempotency: (
            key_at("paymentsPostPixPayments", key),
            IdempotencyRecord::new("hash".to_owned(), outcome, at),
        ),
        spending: None,
        trail: commit.trail,
    }
}
