//! Decisions that are good but for one thing, and the reason of the rejection (CREJ in certification.md).

use serde_json::{Value, json};

use super::*;
use crate::br_code::tests::{KEY, dynamic, fixed};
use crate::charge;

fn account(number: &str) -> Value {
    json!({"ispb": "99000123", "issuer": "1", "number": number, "accountType": "CACC"})
}

fn request(instrument: &str, purpose: Option<&str>, amount: &str) -> Value {
    let mut request = json!({
        "loggedUser": {"document": {"identification": "01234567890", "rel": "CPF"}},
        "creditor": {"personType": "PESSOA_NATURAL", "cpfCnpj": "98765432100", "name": "Marco"},
        "payment": {
            "type": "PIX", "date": "2026-12-09", "currency": "BRL", "amount": amount,
            "details": {"localInstrument": instrument, "proxy": KEY, "creditorAccount": account("222")},
        },
    });
    if let Some(purpose) = purpose {
        request["payment"]["purpose"] = json!(purpose);
    }
    request
}

fn coded(instrument: &str, purpose: &str, amount: &str, code: &str, claims: Option<Value>) -> Value {
    let mut request = request(instrument, Some(purpose), amount);
    request["payment"]["details"]["qrCode"] = json!(code);
    if let Some(claims) = claims {
        request["payment"]["details"]["payloadJWS"] = charge::tests::jws(&claims).expose().into();
    }
    request
}

struct Facts {
    debtor: Value,
    others: bool,
    rules: &'static str,
}

impl Default for Facts {
    fn default() -> Self {
        Self { debtor: account("111"), others: false, rules: "{}" }
    }
}

fn judged(request: &Value, facts: Facts) -> Result<(), DecisionFault> {
    let debtor: Account = serde_json::from_value(facts.debtor).unwrap();
    let now = Moment::parse("2026-12-09T15:00:00Z").unwrap();
    let decision =
        Decision { debtor: &debtor, others_must_agree: facts.others, spent: Amount::from_cents(0), now };
    let request = serde_json::from_value(request.clone()).unwrap();
    judge(&request, &PaymentRules::parse(facts.rules).unwrap(), decision)
}

fn code_of(request: &Value) -> Option<ConsentRejectionCode> {
    judged(request, Facts::default()).err().map(Into::into)
}

#[test]
fn z_pay_16_the_account_to_debit_is_not_the_creditors() {
    let same = |debtor: Value| judged(&request("DICT", None, "10.00"), Facts { debtor, ..Facts::default() });
    assert_eq!(same(account("111")), Ok(()));
    assert_eq!(same(account("222")), Err(DecisionFault::SameAccount));
    assert_eq!(same(account("000222")), Err(DecisionFault::SameAccount), "zeros make no other account");
    let mut branchless = account("222");
    branchless.as_object_mut().unwrap().remove("issuer");
    assert_eq!(same(branchless), Err(DecisionFault::SameAccount));
    for (member, value) in [("ispb", "99000124"), ("issuer", "2"), ("accountType", "SVGS")] {
        let mut other = account("222");
        other[member] = json!(value);
        assert_eq!(same(other), Ok(()), "{member}");
    }
    assert_eq!(
        ConsentRejectionCode::from(DecisionFault::SameAccount).as_str(),
        "CONTAS_ORIGEM_DESTINO_IGUAIS"
    );
}

#[test]
fn p33_the_clients_own_account_is_the_one_to_debit() {
    let mut asked = request("DICT", None, "10.00");
    asked["debtorAccount"] = account("333");
    assert_eq!(code_of(&asked), Some(ConsentRejectionCode::ContaNaoPermitePagamento));
    asked["debtorAccount"] = account("0111");
    assert_eq!(code_of(&asked), None);
}

#[test]
fn z_pay_29_30_a_static_code_has_the_key_and_the_amount() {
    let of = |code: &str| code_of(&coded("QRES", "IMMEDIATE", "10.00", code, None));
    assert_eq!(of(&fixed(KEY, Some("10.00"), "***")), None);
    assert_eq!(of(&fixed(&KEY.to_uppercase(), Some("10"), "***")), None);
    assert_eq!(of(&fixed(KEY, None, "***")), None, "the payer chose the amount");
    assert_eq!(
        of(&fixed("outra@example.com", Some("10.00"), "***")),
        Some(ConsentRejectionCode::QrcodeInvalido)
    );
    assert_eq!(of(&fixed(KEY, Some("198"), "***")), Some(ConsentRejectionCode::ValorInvalido));
    let both = fixed("outra@example.com", Some("198"), "***");
    assert_eq!(of(&both), Some(ConsentRejectionCode::ValorInvalido), "the amount comes first");
    for wrong in
        [dynamic("pix.example.com/1"), "x".to_owned(), fixed(KEY, None, "***").replace("LOJA", "LOJE")]
    {
        assert_eq!(of(&wrong), Some(ConsentRejectionCode::QrcodeInvalido), "{wrong}");
    }
    assert_eq!(code_of(&coded("APES", "IMMEDIATE", "10.00", &fixed(KEY, None, "***"), None)), None);
}

#[test]
fn z_pay_59_a_dynamic_instrument_has_a_dynamic_code() {
    let claims = json!({"chave": KEY, "status": "ATIVA", "valor": {"original": "10.00"}});
    let url = dynamic("pix.example.com/qr/v2/9d36b84f");
    let of = |code: &str, claims: Option<Value>| {
        judged(&coded("QRDN", "IMMEDIATE", "10.00", code, claims), Facts::default())
    };
    assert_eq!(of(&url, Some(claims.clone())), Ok(()));
    assert_eq!(of(&url, None), Ok(()), "v4 has no charge");
    assert_eq!(of(&fixed(KEY, Some("10.00"), "***"), Some(claims.clone())), Err(DecisionFault::Kind));
    let with = |pointer: &str, value: Value| {
        let mut other = claims.clone();
        *other.pointer_mut(pointer).unwrap() = value;
        of(&url, Some(other))
    };
    assert_eq!(with("/chave", json!("outra@example.com")), Err(DecisionFault::Key));
    assert_eq!(with("/valor/original", json!("10.01")), Err(DecisionFault::Amount));
    assert_eq!(with("/status", json!("CONCLUIDA")), Err(DecisionFault::Charge));
    assert_eq!(of(&url, Some(json!({}))), Err(DecisionFault::Charge), "a charge that cannot be read");
}

#[test]
fn z_pay_62_65_cash_from_a_static_and_a_dynamic_code() {
    let still =
        |amount: &str| code_of(&coded("QRES", "WITHDRAW", amount, &fixed(KEY, Some("50.00"), "***"), None));
    assert_eq!((still("50.00"), still("50.01")), (None, Some(ConsentRejectionCode::ValorInvalido)));
    let claims = json!({"valor": {"original": "0.00", "retirada": {"saque": {"valor": "50.00"}}}});
    let url = dynamic("pix.example.com/qr/v2/9d36b84f");
    let charged = |purpose: &str, amount: &str| {
        judged(&coded("QRDN", purpose, amount, &url, Some(claims.clone())), Facts::default())
    };
    assert_eq!(charged("WITHDRAW", "50.00"), Ok(()));
    assert_eq!(charged("WITHDRAW", "50.01"), Err(DecisionFault::Amount));
    assert_eq!(charged("IMMEDIATE", "50.00"), Err(DecisionFault::Charge));
    assert_eq!(charged("CHANGE", "50.00"), Err(DecisionFault::Charge));
    let plain = json!({"valor": {"original": "50.00"}});
    let cash = coded("QRDN", "WITHDRAW", "50.00", &url, Some(plain));
    assert_eq!(judged(&cash, Facts::default()), Err(DecisionFault::Charge));
}

#[test]
fn z_pay_66_a_purchase_with_change_costs_both() {
    let claims = json!({"valor": {"original": "80.00", "retirada": {"troco": {"valor": "20.00"}}}});
    let url = dynamic("pix.example.com/qr/v2/9d36b84f");
    let of = |amount: &str| code_of(&coded("QRDN", "CHANGE", amount, &url, Some(claims.clone())));
    assert_eq!((of("100.00"), of("80.00")), (None, Some(ConsentRejectionCode::ValorInvalido)));
    let still = coded("QRES", "CHANGE", "100.00", &fixed(KEY, None, "***"), None);
    assert_eq!(code_of(&still), Some(ConsentRejectionCode::QrcodeInvalido), "a static code says no change");
}

#[test]
fn z_pay_17_63_limits_of_the_institution() {
    let rules = r#"{"perPayment": "100.00", "withdrawal": "50.00"}"#;
    let of = |purpose: &str, amount: &str| {
        let request = coded("QRES", purpose, amount, &fixed(KEY, None, "***"), None);
        judged(&request, Facts { rules, ..Facts::default() })
    };
    assert_eq!(of("IMMEDIATE", "100.00"), Ok(()));
    assert_eq!(of("IMMEDIATE", "100.01"), Err(DecisionFault::Limit));
    assert_eq!((of("WITHDRAW", "50.00"), of("WITHDRAW", "50.01")), (Ok(()), Err(DecisionFault::Limit)));
    assert_eq!(ConsentRejectionCode::from(DecisionFault::Limit).as_str(), "VALOR_ACIMA_LIMITE");
}

#[test]
fn z_pay_64_cash_needs_full_powers() {
    let of = |purpose: &str, rules| {
        let request = coded("QRES", purpose, "10.00", &fixed(KEY, None, "***"), None);
        judged(&request, Facts { others: true, rules, ..Facts::default() })
    };
    assert_eq!(of("WITHDRAW", "{}"), Err(DecisionFault::Powers));
    assert_eq!(of("IMMEDIATE", "{}"), Ok(()));
    assert_eq!(of("WITHDRAW", r#"{"perPayment": "1.00"}"#), Err(DecisionFault::Limit));
    let closed = r#"{"hours": {"from": "06:00", "to": "07:00"}}"#;
    assert_eq!(of("WITHDRAW", closed), Err(DecisionFault::Powers));
    assert_eq!(of("IMMEDIATE", closed), Err(DecisionFault::Hours));
    assert_eq!(ConsentRejectionCode::from(DecisionFault::Powers).as_str(), "PERMISSAO_INSUFICIENTE");
    assert_eq!(ConsentRejectionCode::from(DecisionFault::Hours).as_str(), "NAO_INFORMADO");
}

#[test]
fn p33_hours_are_not_of_scheduled_payments() {
    let mut later = request("DICT", None, "10.00");
    let payment = later["payment"].as_object_mut().unwrap();
    payment.remove("date");
    payment.insert("schedule".to_owned(), json!({"single": {"date": "2026-12-20"}}));
    let rules = r#"{"hours": {"from": "06:00", "to": "07:00"}}"#;
    assert_eq!(judged(&later, Facts { rules, ..Facts::default() }), Ok(()));
}
