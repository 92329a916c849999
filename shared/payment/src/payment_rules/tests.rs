//! Items that are good but for one thing, and what that thing gets (REF in certification.md).

use serde_json::{Value, json};

use super::*;
use crate::br_code::tests::{KEY, dynamic, fixed};
use crate::charge;

const TXID: &str = "fc9a4366ff3d4964b5dbc6c91a8722d3";
const NOW: &str = "2026-12-09T15:30:00Z";

fn id(time: &str) -> String {
    format!("E99000123{time}PonteCase01")
}

fn account() -> Value {
    json!({"ispb": "00099901", "issuer": "0007", "number": "00012345678", "accountType": "CACC"})
}

/// Terms with an instrument, its code and its charge.
fn terms(instrument: &str, code: Option<&str>, claims: Option<&Value>) -> Value {
    let mut terms = json!({
        "type": "PIX", "purpose": "IMMEDIATE", "date": "2026-12-09", "currency": "BRL", "amount": "10.00",
        "details": {"localInstrument": instrument, "creditorAccount": account()},
    });
    if instrument != "MANU" {
        terms["details"]["proxy"] = json!(KEY);
    }
    if let Some(code) = code {
        terms["details"]["qrCode"] = json!(code);
    }
    if let Some(claims) = claims {
        terms["details"]["payloadJWS"] = charge::tests::jws(claims).expose().into();
    }
    terms
}

/// The item that fits the terms.
fn item(terms: &Value, time: &str) -> Value {
    let details = &terms["details"];
    let mut item = json!({
        "endToEndId": id(time), "localInstrument": details["localInstrument"], "cnpjInitiator": "50685362000135",
        "payment": {"amount": terms["amount"], "currency": terms["currency"]}, "creditorAccount": account(),
    });
    for member in ["proxy", "qrCode"] {
        if let Some(value) = details.get(member) {
            item[member] = value.clone();
        }
    }
    item
}

fn judged_by(
    api: ApiVersion,
    terms: &Value,
    items: &[Value],
    rules: &str,
) -> Result<Vec<Option<Date>>, PaymentRequestFault> {
    let terms: Terms = serde_json::from_value(terms.clone()).unwrap();
    let items = serde_json::from_value(json!(items)).unwrap();
    let consent = ConsentId::parse("urn:ponte:payment:cea24d72-0b41-4f88-97fc-6115dcd3db3a").unwrap();
    let now = Moment::parse(NOW).unwrap();
    let consented = Consented { api, consent: &consent, terms: &terms, spent: Amount::from_cents(0), now };
    let judged = judge(items, consented, &PaymentRules::parse(rules).unwrap())?;
    Ok(judged.into_iter().map(|(_, day)| day).collect())
}

fn fault(terms: &Value, items: &[Value]) -> Option<PaymentRequestFault> {
    judged_by(ApiVersion::V5, terms, items, "{}").err()
}

/// The fault of the item that fits, with one member set, or taken away by `null`.
fn spoiled(terms: &Value, fitting: &Value, pointer: &str, value: Value) -> Option<PaymentRequestFault> {
    let mut item = fitting.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = item.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Value::Null => drop(parent.remove(name)),
        value => drop(parent.insert(name.to_owned(), value)),
    }
    fault(terms, &[item])
}

fn scheduled(schedule: Value) -> Value {
    let mut terms = terms("DICT", None, None);
    let members = terms.as_object_mut().unwrap();
    members.remove("date");
    members.insert("purpose".to_owned(), json!("RECURRENT_SCHEDULED"));
    members.insert("schedule".to_owned(), schedule);
    terms
}

#[test]
fn z_pay_13_a_payment_is_what_was_agreed_to() {
    let terms = terms("DICT", None, None);
    let good = item(&terms, "202612091530");
    assert_eq!(judged_by(ApiVersion::V5, &terms, std::slice::from_ref(&good), "{}"), Ok(vec![None]));
    assert_eq!(judged_by(ApiVersion::V4, &terms, std::slice::from_ref(&good), "{}"), Ok(vec![None]));
    let differs = |pointer: &str, value: Value, member: &'static str| {
        assert_eq!(spoiled(&terms, &good, pointer, value), Some(Differs(member)), "{pointer}");
    };
    differs("/payment/currency", json!("USD"), "payment.currency");
    differs("/payment/amount", json!("10.01"), "payment.amount");
    differs("/localInstrument", json!("INIC"), "localInstrument");
    differs("/proxy", json!("outra@example.com"), "proxy");
    differs("/ibgeTownCode", json!("5300108"), "ibgeTownCode");
    differs("/consentId", json!("urn:ponte:payment:cea24d72-0b41-4f88-97fc-6115dcd3db3b"), "consentId");
    // PB-E03: zeros are letters.
    for (member, value) in
        [("ispb", "00099902"), ("issuer", "7"), ("number", "12345678"), ("accountType", "SVGS")]
    {
        differs(&format!("/creditorAccount/{member}"), json!(value), "creditorAccount");
    }
    assert_eq!(fault(&terms, &[good.clone(), good]), Some(Differs("data")));
    assert_eq!(fault(&terms, &[]), Some(Missing("data")));
}

#[test]
fn pb_d01_cents_are_compared_as_cents() {
    let mut terms = terms("DICT", None, None);
    for amount in ["19.99", "8.29", "4.56", "1.15", "0.07", "543.93"] {
        terms["amount"] = json!(amount);
        let good = item(&terms, "202612091530");
        assert_eq!(fault(&terms, std::slice::from_ref(&good)), None, "{amount}");
        let cents = Amount::parse(amount).unwrap().cents();
        let less = Amount::from_cents(cents - 1).to_string();
        assert_eq!(spoiled(&terms, &good, "/payment/amount", json!(less)), Some(Differs("payment.amount")));
    }
}

#[test]
fn pb_e02_v4_knows_digits_alone() {
    let mut terms = terms("DICT", None, None);
    terms["details"]["creditorAccount"]["ispb"] = json!("0009990A");
    let mut letters = item(&terms, "202612091530");
    letters["creditorAccount"]["ispb"] = json!("0009990A");
    let v4 = |item: &Value| judged_by(ApiVersion::V4, &terms, std::slice::from_ref(item), "{}").err();
    assert_eq!(
        (fault(&terms, std::slice::from_ref(&letters)), v4(&letters)),
        (None, Some(Invalid("creditorAccount.ispb")))
    );
    letters["cnpjInitiator"] = json!("PONTE001000160");
    letters["endToEndId"] = json!("E9900012A202612091530PonteCase01");
    assert_eq!(
        (fault(&terms, std::slice::from_ref(&letters)), v4(&letters)),
        (None, Some(Invalid("endToEndId")))
    );
    letters["endToEndId"] = json!(id("202612091530"));
    letters["creditorAccount"]["ispb"] = json!("00099901");
    assert_eq!(v4(&letters), Some(Invalid("cnpjInitiator")));
    letters["localInstrument"] = json!("APES");
    assert_eq!(v4(&letters), Some(Invalid("localInstrument")));
}

#[test]
fn z_pay_14_60_the_time_of_an_immediate_payment_is_near_and_its_day_does_not_matter() {
    let terms = terms("MANU", None, None);
    assert_eq!(fault(&terms, &[item(&terms, "202612100330")]), None, "tomorrow in UTC");
    assert_eq!(fault(&terms, &[item(&terms, "202612100331")]), Some(Invalid("endToEndId")));
    assert_eq!(fault(&terms, &[item(&terms, "202612090329")]), Some(Invalid("endToEndId")));
}

#[test]
fn p54_p59_what_must_be_there_by_what_else_is() {
    let terms = terms("MANU", None, None);
    let good = item(&terms, "202612091530");
    let branch = spoiled(&terms, &good, "/creditorAccount/issuer", Value::Null);
    assert_eq!(branch, Some(Missing("creditorAccount.issuer")));
    assert_eq!(spoiled(&terms, &good, "/authorisationFlow", json!("FIDO_FLOW")), Some(Missing("consentId")));
    assert_eq!(spoiled(&terms, &good, "/authorisationFlow", json!("HYBRID_FLOW")), None);
    assert_eq!(spoiled(&terms, &good, "/ibgeTownCode", json!("530010A")), Some(Invalid("ibgeTownCode")));
}

#[test]
fn z_pay_53_a_dynamic_code_has_its_members_and_its_txid() {
    let url = dynamic("pix.example.com/qr/v2/9d36b84f");
    let claims = json!({"txid": TXID, "chave": KEY, "valor": {"original": "10.00"}});
    for instrument in ["APDN", "QRDN"] {
        let terms = terms(instrument, Some(&url), Some(&claims));
        let mut good = item(&terms, "202612091530");
        good["transactionIdentification"] = json!(TXID);
        assert_eq!(fault(&terms, std::slice::from_ref(&good)), None);
        let txid = |value| spoiled(&terms, &good, "/transactionIdentification", value);
        let wrong = Some(Detail("transactionIdentification"));
        assert_eq!((txid(json!(&TXID[..25])), txid(Value::Null)), (wrong, wrong));
        assert_eq!(txid(json!(TXID.to_uppercase())), wrong, "not that of the charge");
        assert_eq!(spoiled(&terms, &good, "/qrCode", Value::Null), Some(Detail("qrCode")));
        assert_eq!(spoiled(&terms, &good, "/proxy", Value::Null), Some(Detail("proxy")));
        let other = dynamic("pix.example.com/qr/v2/9d36b84e");
        assert_eq!(spoiled(&terms, &good, "/qrCode", json!(other)), Some(Differs("qrCode")));
    }
    let unsaid = terms("QRDN", Some(&url), None);
    for (length, right) in [(25, false), (26, true), (35, true)] {
        let mut good = item(&unsaid, "202612091530");
        good["transactionIdentification"] = json!("a".repeat(length));
        assert_eq!(fault(&unsaid, &[good]).is_none(), right, "{length}");
    }
}

#[test]
fn z_pay_52_56_another_instrument_is_another_payment() {
    let url = dynamic("pix.example.com/qr/v2/9d36b84f");
    let still = fixed(KEY, None, "***");
    for (agreed, sent, code) in [("APDN", "QRDN", &url), ("APES", "QRES", &still)] {
        let terms = terms(agreed, Some(code), None);
        let good = item(&terms, "202612091530");
        assert_eq!(spoiled(&terms, &good, "/localInstrument", json!(sent)), Some(Differs("localInstrument")));
    }
}

#[test]
fn z_pay_31_54_55_57_a_static_code_has_its_txid_and_no_other() {
    let (named, unnamed) = (fixed(KEY, None, "PEDIDO0185"), fixed(KEY, None, "***"));
    let wrong = Some(Detail("transactionIdentification"));
    for instrument in ["APES", "QRES"] {
        let terms_named = terms(instrument, Some(&named), None);
        let terms_unnamed = terms(instrument, Some(&unnamed), None);
        let unsaid = item(&terms_unnamed, "202612091530");
        let mut said = item(&terms_named, "202612091530");
        assert_eq!(fault(&terms_named, std::slice::from_ref(&said)), wrong, "the code has one");
        said["transactionIdentification"] = json!("PEDIDO0185");
        assert_eq!(
            (
                fault(&terms_named, std::slice::from_ref(&said)),
                fault(&terms_unnamed, std::slice::from_ref(&unsaid))
            ),
            (None, None)
        );
        let txid = |terms, item, txid: &str| spoiled(terms, item, "/transactionIdentification", json!(txid));
        assert_eq!(txid(&terms_named, &said, "PEDIDO0186"), wrong);
        assert_eq!(txid(&terms_named, &said, &"a".repeat(26)), wrong);
        assert_eq!(txid(&terms_unnamed, &unsaid, "PEDIDO0185"), wrong, "the code has none");
        assert_eq!(spoiled(&terms_named, &said, "/qrCode", Value::Null), Some(Detail("qrCode")));
        assert_eq!(spoiled(&terms_named, &said, "/proxy", Value::Null), Some(Detail("proxy")));
        // A code of the same txid from another town, its checksum made right.
        let body = named.replace("6008BRASILIA", "6006RECIFE");
        let other = crate::br_code::tests::resealed(&body);
        assert_eq!(spoiled(&terms_named, &said, "/qrCode", json!(other)), Some(Differs("qrCode")));
    }
    let long = fixed(KEY, None, &"a".repeat(26));
    let terms = terms("QRES", Some(&long), None);
    let mut item = item(&terms, "202612091530");
    item["transactionIdentification"] = json!("a".repeat(26));
    assert_eq!(fault(&terms, &[item]), wrong, "a static code has 25 characters at most");
}

#[test]
fn p50_members_by_instrument() {
    let wrong = Some(Detail("transactionIdentification"));
    for (instrument, none, short, long) in
        [("MANU", None, wrong, wrong), ("DICT", None, wrong, wrong), ("INIC", wrong, None, wrong)]
    {
        let terms = terms(instrument, None, None);
        let good = item(&terms, "202612091530");
        let txid = |length| spoiled(&terms, &good, "/transactionIdentification", json!("a".repeat(length)));
        assert_eq!(
            (fault(&terms, std::slice::from_ref(&good)), txid(25), txid(26)),
            (none, short, long),
            "{instrument}"
        );
        let coded = spoiled(&terms, &good, "/qrCode", json!(fixed(KEY, None, "***")));
        assert_eq!(coded, Some(Detail("qrCode")), "{instrument}");
    }
    let terms = terms("MANU", None, None);
    let good = item(&terms, "202612091530");
    assert_eq!(spoiled(&terms, &good, "/proxy", json!(KEY)), Some(Detail("proxy")));
}

#[test]
fn p31_a_charge_that_is_over_is_not_paid() {
    let claims = json!({"calendario": {"criacao": "2026-12-09T14:30:00Z", "expiracao": 3600}, "valor": {"original": "10.00"}});
    let terms = terms("QRDN", Some(&dynamic("pix.example.com/1")), Some(&claims));
    let mut good = item(&terms, "202612091530");
    good["transactionIdentification"] = json!(TXID);
    assert_eq!(fault(&terms, &[good]), Some(PaymentRequestFault::Charge));
}

#[test]
fn p31_rules_of_the_institution_hold_at_the_payment_too() {
    let terms = terms("DICT", None, None);
    let good = [item(&terms, "202612091530")];
    let by = |rules| judged_by(ApiVersion::V5, &terms, &good, rules).err();
    assert_eq!(by(r#"{"perPayment": "9.99"}"#), Some(PaymentRequestFault::Limit));
    assert_eq!(by(r#"{"hours": {"from": "06:00", "to": "07:00"}}"#), Some(PaymentRequestFault::Hours));
    assert_eq!(by(r#"{"perPayment": "10.00", "hours": {"from": "12:00", "to": "13:00"}}"#), None);
    let later = scheduled(json!({"single": {"date": "2026-12-20"}}));
    let good = [item(&later, "202612201500")];
    let rules = r#"{"hours": {"from": "06:00", "to": "07:00"}}"#;
    let day = Date::parse("2026-12-20").unwrap();
    assert_eq!(judged_by(ApiVersion::V5, &later, &good, rules), Ok(vec![Some(day)]));
}

#[test]
fn z_pay_42_43_44_a_list_has_the_days_of_its_schedule() {
    let terms = scheduled(
        json!({"weekly": {"dayOfWeek": "SEGUNDA_FEIRA", "startDate": "2026-12-10", "quantity": 3}}),
    );
    let list = |times: &[&str]| times.iter().map(|time| item(&terms, time)).collect::<Vec<_>>();
    let good = list(&["202612141500", "202612211500", "202612281500"]);
    let days = ["2026-12-14", "2026-12-21", "2026-12-28"].map(|day| Some(Date::parse(day).unwrap()));
    assert_eq!(judged_by(ApiVersion::V5, &terms, &good, "{}"), Ok(days.to_vec()));
    let turned = list(&["202612281500", "202612141500", "202612211500"]);
    let turned = judged_by(ApiVersion::V5, &terms, &turned, "{}");
    assert_eq!(turned, Ok(vec![days[2], days[0], days[1]]), "each item has its own day");
    for (times, differs) in [
        (&["202612141500", "202612211500"][..], "data"),
        (&["202612141500", "202612211500", "202612281500", "202701041500"], "data"),
        (&["202612141500", "202612211500", "202612291500"], "endToEndId"),
        (&["202612141500", "202612141500", "202612281500"], "endToEndId"),
    ] {
        assert_eq!(fault(&terms, &list(times)), Some(Differs(differs)), "{times:?}");
    }
    let hour = list(&["202612141500", "202612211500", "202612281501"]);
    assert_eq!(fault(&terms, &hour), Some(Invalid("endToEndId")));
    let mut amount = good;
    amount[1]["payment"]["amount"] = json!("10.01");
    assert_eq!(fault(&terms, &amount), Some(Differs("payment.amount")));
}

#[test]
fn z_pay_40_pb_c01_a_short_month_is_paid_on_the_first_of_the_next() {
    let terms = scheduled(json!({"monthly": {"dayOfMonth": 31, "startDate": "2027-01-31", "quantity": 4}}));
    let list =
        |second| ["20270131", second, "20270331", "20270501"].map(|day| item(&terms, &format!("{day}1500")));
    assert_eq!(fault(&terms, &list("20270301")), None);
    assert_eq!(fault(&terms, &list("20270228")), Some(Differs("endToEndId")));
}
