//! Requests that are good but for one thing, and what that thing gets.

use serde_json::{Value, json};

use super::*;
use crate::br_code::tests::{KEY, dynamic, fixed};
use crate::charge;
use ConsentRequestFault::{Day, Instrument, Quantity};

/// 22:30 of 9 December 2026 in Brasília, and already the 10th in UTC.
const LATE: &str = "2026-12-10T01:30:00Z";

fn base() -> Value {
    json!({
        "loggedUser": {"document": {"identification": "01234567890", "rel": "CPF"}},
        "creditor": {"personType": "PESSOA_NATURAL", "cpfCnpj": "98765432100", "name": "Marco Antônio"},
        "payment": {
            "type": "PIX", "purpose": "IMMEDIATE", "date": "2026-12-09", "currency": "BRL", "amount": "10.00",
            "details": {
                "localInstrument": "DICT", "proxy": KEY,
                "creditorAccount": {"ispb": "00099901", "issuer": "0007", "number": "00012345678", "accountType": "CACC"},
            },
        },
    })
}

/// The request with members set, `null` to take them away.
fn with(members: &[(&str, Value)]) -> Value {
    let mut request = base();
    for (pointer, value) in members {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = request.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match value {
            Value::Null => drop(parent.remove(name)),
            value => drop(parent.insert(name.to_owned(), value.clone())),
        }
    }
    request
}

fn judged(api: ApiVersion, request: &Value, rules: &str) -> Result<(), ConsentRequestFault> {
    let mut request = request.clone();
    if api == ApiVersion::V4 {
        request["payment"].as_object_mut().unwrap().remove("purpose");
    }
    judge_as_it_is(api, &request, rules)
}

fn judge_as_it_is(api: ApiVersion, request: &Value, rules: &str) -> Result<(), ConsentRequestFault> {
    let request = serde_json::from_value(request.clone()).unwrap();
    judge(api, &request, &PaymentRules::parse(rules).unwrap(), Moment::parse(LATE).unwrap())
}

fn v5(members: &[(&str, Value)]) -> Result<(), ConsentRequestFault> {
    judged(ApiVersion::V5, &with(members), "{}")
}

fn v4(members: &[(&str, Value)]) -> Result<(), ConsentRequestFault> {
    judged(ApiVersion::V4, &with(members), "{}")
}

const DATE: &str = "/payment/date";
const SCHEDULE: &str = "/payment/schedule";
const PURPOSE: &str = "/payment/purpose";
const INSTRUMENT: &str = "/payment/details/localInstrument";
const PROXY: &str = "/payment/details/proxy";
const CODE: &str = "/payment/details/qrCode";
const JWS: &str = "/payment/details/payloadJWS";
const TOWN: &str = "/payment/ibgeTownCode";

fn charge_of(claims: &Value) -> Value {
    charge::tests::jws(claims).expose().into()
}

#[test]
fn p30_a_good_request_passes_in_both_versions() {
    assert_eq!((v4(&[]), v5(&[])), (Ok(()), Ok(())));
}

#[test]
fn z_pay_26_27_28_an_instrument_has_its_members_and_no_others() {
    let code = json!(fixed(KEY, None, "***"));
    let manu = (INSTRUMENT, json!("MANU"));
    for api in [v4, v5] {
        assert_eq!(api(&[(CODE, code.clone())]), Err(Detail("data.payment.details.qrCode")));
        assert_eq!(api(std::slice::from_ref(&manu)), Err(Detail("data.payment.details.proxy")));
        assert_eq!(api(&[manu.clone(), (PROXY, Value::Null)]), Ok(()));
        let coded = [manu.clone(), (PROXY, Value::Null), (CODE, code.clone())];
        assert_eq!(api(&coded), Err(Detail("data.payment.details.qrCode")));
        for keyed in ["DICT", "INIC"] {
            let request = [(INSTRUMENT, json!(keyed)), (PROXY, Value::Null)];
            assert_eq!(api(&request), Err(Missing("data.payment.details.proxy")), "{keyed}");
        }
        let qres = (INSTRUMENT, json!("QRES"));
        assert_eq!(api(std::slice::from_ref(&qres)), Err(Missing("data.payment.details.qrCode")));
        assert_eq!(api(&[qres.clone(), (CODE, code.clone())]), Ok(()));
        let keyless = [qres, (CODE, code.clone()), (PROXY, Value::Null)];
        assert_eq!(api(&keyless), Err(Missing("data.payment.details.proxy")));
    }
}

#[test]
fn z_pay_58_a_dynamic_code_wants_its_charge_and_a_due_one_the_town() {
    let now = (CODE, json!(dynamic("pix.example.com/qr/v2/9d36b84f")));
    let due = (CODE, json!(dynamic("pix.example.com/qr/v2/cobv/9d36b84f")));
    let qrdn = (INSTRUMENT, json!("QRDN"));
    let charge = (JWS, charge_of(&json!({"valor": {"original": "10.00"}})));
    let due_charge =
        json!({"calendario": {"dataDeVencimento": "2026-12-10"}, "valor": {"original": "10.00"}});
    let due_charge = (JWS, charge_of(&due_charge));
    let town = (TOWN, json!("5300108"));
    assert_eq!(v5(std::slice::from_ref(&qrdn)), Err(Missing("data.payment.details.qrCode")));
    assert_eq!(v5(&[qrdn.clone(), now.clone()]), Err(Missing("data.payment.details.payloadJWS")));
    assert_eq!(v5(&[qrdn.clone(), now.clone(), charge.clone()]), Ok(()));
    let untowned = Err(Missing("data.payment.ibgeTownCode"));
    assert_eq!(v5(&[qrdn.clone(), now.clone(), due_charge.clone()]), untowned);
    assert_eq!(v5(&[qrdn.clone(), now.clone(), due_charge, town.clone()]), Ok(()));
    assert_eq!(v4(&[qrdn.clone(), now]), Ok(()));
    assert_eq!(v4(&[qrdn.clone(), due.clone()]), untowned);
    assert_eq!(v4(&[qrdn, due.clone(), town.clone()]), Ok(()));
    assert_eq!(v5(&[(INSTRUMENT, json!("APDN")), due, charge]), Ok(()), "the charge itself says what it is");
    for wrong in ["530010", "530010A"] {
        assert_eq!(v5(&[(TOWN, json!(wrong))]), Err(Invalid("data.payment.ibgeTownCode")), "{wrong}");
    }
}

#[test]
fn pb_c02_today_is_that_of_brasilia() {
    for api in [v4, v5] {
        assert_eq!(api(&[(DATE, json!("2026-12-09"))]), Ok(()));
        assert_eq!(api(&[(DATE, json!("2026-12-10"))]), Err(Day));
        assert_eq!(api(&[(DATE, json!("2026-12-08"))]), Err(Day));
        for (day, judged) in [("2026-12-10", Ok(())), ("2026-12-09", Err(Day))] {
            let single = json!({"single": {"date": day}, "additionalInformation": "x"});
            let request = [(DATE, Value::Null), (SCHEDULE, single), (PURPOSE, json!("SINGLE_SCHEDULED"))];
            assert_eq!(api(&request), judged, "{day}");
        }
    }
}

#[test]
fn z_pay_33_date_or_schedule_and_never_both() {
    let single = json!({"single": {"date": "2026-12-20"}, "additionalInformation": "x"});
    let purpose = (PURPOSE, json!("SINGLE_SCHEDULED"));
    for api in [v4, v5] {
        assert_eq!(api(&[(DATE, Value::Null)]), Err(Missing("data.payment.date")));
        assert_eq!(api(&[(SCHEDULE, single.clone())]), Err(Day));
        assert_eq!(api(&[(SCHEDULE, single.clone()), purpose.clone()]), Err(Day));
        let late = json!({"single": {"date": "2028-12-19"}, "additionalInformation": "x"});
        assert_eq!(api(&[(DATE, Value::Null), (SCHEDULE, late), purpose.clone()]), Err(Day));
    }
}

#[test]
fn z_pay_25_a_purpose_agrees_with_date_and_schedule() {
    let single = json!({"single": {"date": "2026-12-20"}, "additionalInformation": "x"});
    let daily = json!({"daily": {"startDate": "2026-12-20", "quantity": 2}, "additionalInformation": "x"});
    for purpose in ["IMMEDIATE", "SINGLE_SCHEDULED", "RECURRENT_SCHEDULED", "WITHDRAW", "CHANGE"] {
        let wanted = |right: bool| if right { Ok(()) } else { Err(ConsentRequestFault::Purpose) };
        let said = (PURPOSE, json!(purpose));
        let scheduled = matches!(purpose, "SINGLE_SCHEDULED" | "RECURRENT_SCHEDULED");
        assert_eq!(v5(std::slice::from_ref(&said)), wanted(!scheduled), "{purpose}");
        let request = [said.clone(), (DATE, Value::Null), (SCHEDULE, single.clone())];
        assert_eq!(v5(&request), wanted(purpose == "SINGLE_SCHEDULED"), "{purpose}");
        let request = [said, (DATE, Value::Null), (SCHEDULE, daily.clone())];
        assert_eq!(v5(&request), wanted(purpose == "RECURRENT_SCHEDULED"), "{purpose}");
    }
    assert_eq!(v5(&[(DATE, json!("2026-12-20"))]), Err(ConsentRequestFault::Purpose));
    assert_eq!(v4(&[(DATE, json!("2026-12-20"))]), Err(Day));
    assert_eq!(v5(&[(PURPOSE, Value::Null)]), Err(Missing("data.payment.purpose")));
}

#[test]
fn z_pv4_01_04_v4_knows_digits_and_no_purpose() {
    assert_eq!(judge_as_it_is(ApiVersion::V4, &base(), "{}"), Err(Invalid("data.payment.purpose")));
    let company = json!({"personType": "PESSOA_JURIDICA", "cpfCnpj": "PONTE001000160", "name": "Loja"});
    let entity = json!({"document": {"identification": "PONTE001000160", "rel": "CNPJ"}});
    let account = json!({"ispb": "0009990A", "number": "1", "accountType": "TRAN"});
    let jws = charge_of(&json!({"valor": {"original": "10.00"}}));
    for (member, value, path) in [
        ("/creditor", company, "data.creditor.cpfCnpj"),
        ("/businessEntity", entity, "data.businessEntity.document.identification"),
        ("/payment/details/creditorAccount", account.clone(), "data.payment.details.creditorAccount.ispb"),
        ("/debtorAccount", account, "data.debtorAccount.ispb"),
        (JWS, jws, "data.payment.details.payloadJWS"),
        (INSTRUMENT, json!("APES"), "data.payment.details.localInstrument"),
        (INSTRUMENT, json!("APDN"), "data.payment.details.localInstrument"),
    ] {
        assert_eq!(v4(&[(member, value.clone())]), Err(Invalid(path)), "{path}");
        if !path.ends_with("localInstrument") {
            assert_eq!(v5(&[(member, value)]), Ok(()), "PB-E02: {path} is of v5");
        }
    }
}

#[test]
fn z_pay_24_texts_have_their_letters() {
    let at = |member, value: &str| v5(&[(member, json!(value))]);
    assert_eq!(at("/payment/currency", "USD"), Err(Invalid("data.payment.currency")));
    assert_eq!(at("/creditor/name", "Loja €"), Err(Invalid("data.creditor.name")));
    assert_eq!(at("/creditor/name", "Loja #1 = \"x\" ¡¿ÿ"), Ok(()));
    assert_eq!(v4(&[("/creditor/name", json!("Loja #1"))]), Err(Invalid("data.creditor.name")));
    assert_eq!(v4(&[("/creditor/name", json!("São João & Cia. (100%)"))]), Ok(()));
    assert_eq!(v4(&[("/creditor/name", json!("1 × 2"))]), Err(Invalid("data.creditor.name")));
    assert_eq!(at("/creditor/personType", "PESSOA_JURIDICA"), Err(Invalid("data.creditor.cpfCnpj")));
    assert_eq!(at("/creditor/cpfCnpj", "11222333000181"), Err(Invalid("data.creditor.cpfCnpj")));
    for wrong in ["a.b", "a.b.c.d", "a..c", "a.b.ç", "a.b.c="] {
        assert_eq!(at(JWS, wrong), Err(Invalid("data.payment.details.payloadJWS")), "{wrong}");
    }
}

#[test]
fn p54_a_branch_by_kind_of_account() {
    for (kind, missing) in [("CACC", true), ("SVGS", true), ("TRAN", false)] {
        let account = json!({"ispb": "00099901", "number": "1", "accountType": kind});
        let creditor = v5(&[("/payment/details/creditorAccount", account.clone())]);
        let debtor = v4(&[("/debtorAccount", account)]);
        let wanted = |path| if missing { Err(Missing(path)) } else { Ok(()) };
        assert_eq!(creditor, wanted("data.payment.details.creditorAccount.issuer"), "{kind}");
        assert_eq!(debtor, wanted("data.debtorAccount.issuer"), "{kind}");
    }
}

#[test]
fn z_pay_45_46_numbers_of_a_schedule() {
    let told = |kind: Value| {
        let mut schedule = kind;
        schedule["additionalInformation"] = json!("x");
        v5(&[(DATE, Value::Null), (PURPOSE, json!("RECURRENT_SCHEDULED")), (SCHEDULE, schedule)])
    };
    let custom = |dates: &[&str]| json!({"custom": {"dates": dates}});
    assert_eq!(told(custom(&["2026-12-20"])), Err(Quantity));
    assert_eq!(
        told(custom(&["2026-12-20", "2026-12-20"])),
        Err(Invalid("data.payment.schedule.custom.dates"))
    );
    assert_eq!(told(json!({"daily": {"startDate": "2026-12-20", "quantity": 61}})), Err(Quantity));
    let month = json!({"monthly": {"startDate": "2026-12-20", "quantity": 2, "dayOfMonth": 32}});
    assert_eq!(told(month), Err(Invalid("data.payment.schedule.monthly.dayOfMonth")));
    assert_eq!(told(json!({"daily": {"startDate": "2028-12-01", "quantity": 60}})), Err(Day));
}

#[test]
fn z_pay_24_words_about_a_schedule_stand_where_the_version_has_them() {
    let dates = ["2026-12-20", "2026-12-21"];
    let beside = json!({"custom": {"dates": dates}, "additionalInformation": "x"});
    let inside = json!({"custom": {"dates": dates, "additionalInformation": "x"}});
    let v5_of = |schedule: Value| {
        v5(&[(DATE, Value::Null), (PURPOSE, json!("RECURRENT_SCHEDULED")), (SCHEDULE, schedule)])
    };
    let v4_of = |schedule: Value| v4(&[(DATE, Value::Null), (SCHEDULE, schedule)]);
    assert_eq!(v5_of(beside.clone()), Ok(()));
    assert_eq!(v5_of(inside.clone()), Err(Missing("data.payment.schedule.additionalInformation")));
    assert_eq!(v4_of(inside), Ok(()));
    assert_eq!(v4_of(beside), Err(Missing("data.payment.schedule.custom.additionalInformation")));
    let daily = json!({"daily": {"startDate": "2026-12-20", "quantity": 2}});
    assert_eq!(v4_of(daily), Ok(()), "Z-PV4-06: in v4 custom alone has them");
}

#[test]
fn p52_codes_that_are_paid_once_do_not_recur() {
    let daily = json!({"daily": {"startDate": "2026-12-20", "quantity": 2}, "additionalInformation": "x"});
    let single = json!({"single": {"date": "2026-12-20"}, "additionalInformation": "x"});
    let of = |instrument: &str, purpose: &str, schedule: &Value| {
        v5(&[
            (DATE, Value::Null),
            (PURPOSE, json!(purpose)),
            (SCHEDULE, schedule.clone()),
            (INSTRUMENT, json!(instrument)),
        ])
    };
    assert_eq!(of("DICT", "RECURRENT_SCHEDULED", &daily), Ok(()));
    assert_eq!(of("INIC", "SINGLE_SCHEDULED", &single), Ok(()));
    assert_eq!(
        of("INIC", "RECURRENT_SCHEDULED", &daily),
        Err(Detail("data.payment.details.localInstrument"))
    );
}

#[test]
fn pb_d03_nothing_is_no_amount() {
    assert_eq!(v5(&[("/payment/amount", json!("0.00"))]), Err(Detail("data.payment.amount")));
    assert_eq!(v4(&[("/payment/amount", json!("0.01"))]), Ok(()));
}

#[test]
fn p30_an_instrument_that_the_institution_does_not_serve() {
    let judged = judged(ApiVersion::V5, &base(), r#"{"instruments": ["MANU"]}"#);
    assert_eq!(judged, Err(Instrument(LocalInstrument::Dict)));
}
