//! POST and GET /consents.

use serde_json::{Value, json};

use super::requests::{
    TXID, account, asked, asked_by_code, asked_by_key, asked_later, charge, creditor_account, dynamic_code,
    static_code, with,
};
use super::world::{NOW, TODAY, World, fresh_key};
use super::{BOTH, Version};

/// Status and code of a consent that is asked for like this.
async fn told(version: Version, data: &Value) -> (i64, String) {
    let world = World::new();
    let reply = world.consent(version, data).await;
    if reply.status == 201 {
        return (201, String::new());
    }
    assert_eq!(world.consents(), 0, "nothing of a refused request is kept");
    let (status, code) = reply.refused();
    (status, code.to_owned())
}

/// Holds what requests get, one by one.
async fn hold(version: Version, cases: Vec<(&str, Value, i64, &str)>) {
    for (what, data, status, code) in cases {
        assert_eq!(told(version, &data).await, (status, code.to_owned()), "{version:?}: {what}");
    }
}

const MISSING: &str = "PARAMETRO_NAO_INFORMADO";
const INVALID: &str = "PARAMETRO_INVALIDO";
const DETAIL: &str = "DETALHE_PAGAMENTO_INVALIDO";
const DAY: &str = "DATA_PAGAMENTO_INVALIDA";
const PURPOSE: &str = "PROPOSITO_INVALIDO";

#[tokio::test]
async fn p05_p07_deadlines_count_before_anybody_writes_them_down() {
    for version in BOTH {
        let world = World::new();
        let reply = world.consent(version, &asked(version)).await.ok(201);
        let data = reply.data();
        assert_eq!(
            (&data["creationDateTime"], &data["status"]),
            (&json!(NOW), &json!("AWAITING_AUTHORISATION"))
        );
        assert_eq!(data["expirationDateTime"], "2026-12-09T15:35:00Z");
        let id = data["consentId"].as_str().unwrap().to_owned();
        world.at("2026-12-09T15:34:59Z");
        assert_eq!(world.status(version, &id).await, "AWAITING_AUTHORISATION");
        world.at("2026-12-09T15:35:00Z");
        let late = world.get(version, &format!("/consents/{id}")).await.ok(200);
        assert_eq!(late.data()["status"], "REJECTED");
        assert_eq!(late.data()["rejectionReason"]["code"], "TEMPO_EXPIRADO_AUTORIZACAO");
        assert_eq!(late.data()["statusUpdateDateTime"], "2026-12-09T15:35:00Z");

        world.at(NOW);
        let id = world.authorised(version, &asked(version)).await;
        let path = format!("/consents/{id}");
        let told = world.get(version, &path).await.ok(200);
        assert_eq!(told.data()["expirationDateTime"], "2026-12-09T16:30:00Z", "60 minutes from the yes");
        world.at("2026-12-09T16:30:00Z");
        let late = world.get(version, &path).await.ok(200);
        assert_eq!(late.data()["rejectionReason"]["code"], "TEMPO_EXPIRADO_CONSUMO");
    }
}

#[tokio::test]
async fn p09_nobody_asks_the_core_about_customer_or_key() {
    for version in BOTH {
        let world = World::new();
        let known = world.consent(version, &asked_by_key(version)).await.ok(201);
        let stranger =
            with(&asked_by_key(version), "/loggedUser/document/identification", json!("99999999999"));
        let unknown = world.consent(version, &stranger).await.ok(201);
        assert!(world.core.judged.lock().unwrap().is_empty());
        let names = |data: &Value| data.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(known.data()), names(unknown.data()));
        assert!(known.data().get("debtorAccount").is_none());
    }
}

#[tokio::test]
async fn p10_a_resource_of_another_client_is_400_and_one_that_is_not_there_404() {
    let world = World::new();
    let (consent, payment) = world.paid(Version::V5).await;
    let mut foreign = world.stored(&consent);
    foreign.client = ponte_values::ClientId::parse("client-9").unwrap();
    world.put(foreign);
    let mut foreign = world.payment(&payment);
    foreign.client = ponte_values::ClientId::parse("client-9").unwrap();
    world.put_payment(foreign);
    for version in BOTH {
        for path in [format!("/consents/{consent}"), format!("/pix/payments/{payment}")] {
            assert_eq!(world.get(version, &path).await.refused().0, 400, "{path}");
        }
        for path in ["/consents/urn:banco:payment:9", "/pix/payments/9"] {
            assert_eq!(world.get(version, path).await.refused().0, 404, "{path}");
        }
        let body = super::requests::cancellation();
        for (path, status) in [
            (format!("/pix/payments/{payment}"), 400),
            (version.cancel_all(&consent), 400),
            ("/pix/payments/9".to_owned(), 404),
            (version.cancel_all("urn:banco:payment:9"), 404),
        ] {
            let reply = world.patch(version, &path, &body, &fresh_key()).await;
            assert_eq!(reply.refused().0, status, "{path}");
        }
    }
    let list = world.get(Version::V5, &format!("/consents/{consent}/pix/payments")).await;
    assert_eq!(list.refused().0, 400);
}

#[tokio::test]
async fn p10_z_pay_02_the_account_to_debit_is_told_from_authorised_on() {
    for version in BOTH {
        let world = World::new();
        let reply = world.consent(version, &asked_by_key(version)).await.ok(201);
        let id = reply.data()["consentId"].as_str().unwrap().to_owned();
        let path = format!("/consents/{id}");
        let told = |reply: super::world::Reply| reply.data().get("debtorAccount").cloned();
        assert_eq!(told(world.get(version, &path).await), None);
        world.authorise(&id, Vec::new());
        let chosen = told(world.get(version, &path).await).unwrap();
        assert_eq!(account(&chosen), world.stored(&id).authorisation().unwrap().debtor.account);
        let data = asked_by_key(version);
        let items = json!([super::requests::item(&data, super::world::MINUTE)]);
        world.pay_once(version, &id, &items).await.ok(201);
        assert_eq!(told(world.get(version, &path).await), Some(chosen));
    }
}

#[tokio::test]
async fn p50_z_pay_26_27_28_58_z_cnp_09_what_an_instrument_forbids_and_wants() {
    let qres = static_code(Some("10.00"), "PEDIDO0185");
    for version in BOTH {
        let details = "/payment/details";
        let put = |data: &Value, name: &str, value: Value| with(data, &format!("{details}/{name}"), value);
        let (manu, dict) = (asked(version), asked_by_key(version));
        let by_code = |instrument| asked_by_code(version, instrument, &qres);
        let mut due = asked_by_code(version, "QRDN", &dynamic_code(true));
        if version == Version::V5 {
            let claims = json!({
                "txid": TXID, "calendario": {"dataDeVencimento": "2026-12-10"}, "valor": {"original": "10.00"},
            });
            due["payment"]["details"]["payloadJWS"] = json!(charge(&claims));
        }
        hold(
            version,
            vec![
                ("MANU", manu.clone(), 201, ""),
                ("DICT", dict.clone(), 201, ""),
                ("INIC", put(&dict, "localInstrument", json!("INIC")), 201, ""),
                ("QRES", by_code("QRES"), 201, ""),
                ("QRDN", asked_by_code(version, "QRDN", &dynamic_code(false)), 201, ""),
                ("DICT with qrCode", put(&dict, "qrCode", json!(qres)), 422, DETAIL),
                ("MANU with qrCode", put(&manu, "qrCode", json!(qres)), 422, DETAIL),
                ("MANU with proxy", put(&manu, "proxy", json!("a@b.example")), 422, DETAIL),
                ("QRES without qrCode", put(&by_code("QRES"), "qrCode", Value::Null), 422, MISSING),
                ("DICT without proxy", put(&dict, "proxy", Value::Null), 422, MISSING),
                ("QRDN without qrCode", put(&due, "qrCode", Value::Null), 422, MISSING),
                ("COBV without town", due.clone(), 422, MISSING),
                ("COBV with town", with(&due, "/payment/ibgeTownCode", json!("5300108")), 201, ""),
            ],
        )
        .await;
    }
    let v5 = Version::V5;
    let apdn = asked_by_code(v5, "APDN", &dynamic_code(false));
    hold(
        v5,
        vec![
            ("APES", asked_by_code(v5, "APES", &qres), 201, ""),
            ("APDN", apdn.clone(), 201, ""),
            ("APDN without charge", with(&apdn, "/payment/details/payloadJWS", Value::Null), 422, MISSING),
            ("charge that is none", with(&apdn, "/payment/details/payloadJWS", json!("a.b")), 422, INVALID),
        ],
    )
    .await;
}

#[tokio::test]
async fn z_pv4_01_z_pv4_04_what_v4_does_not_know() {
    let v4 = Version::V4;
    let qres = static_code(Some("10.00"), "PEDIDO0185");
    let company = json!({"document": {"identification": "PONTE001000160", "rel": "CNPJ"}});
    let account = with(&creditor_account(), "/ispb", json!("0009990A"));
    let letters = |pointer: &str, value: Value| with(&asked(v4), pointer, value);
    hold(
        v4,
        vec![
            ("purpose", letters("/payment/purpose", json!("IMMEDIATE")), 422, INVALID),
            ("APES", asked_by_code(v4, "APES", &qres), 422, INVALID),
            ("APDN", asked_by_code(v4, "APDN", &dynamic_code(false)), 422, INVALID),
            ("charge", letters("/payment/details/payloadJWS", json!(charge(&json!({})))), 422, INVALID),
            ("letters in a CNPJ", letters("/creditor/cpfCnpj", json!("PONTE001000160")), 422, INVALID),
            ("letters in a company", letters("/businessEntity", company.clone()), 422, INVALID),
            (
                "letters in an ISPB",
                letters("/payment/details/creditorAccount", account.clone()),
                422,
                INVALID,
            ),
            ("letters in the debtor's ISPB", letters("/debtorAccount", account.clone()), 422, INVALID),
        ],
    )
    .await;
}

#[tokio::test]
async fn pb_e02_z_cnp_09_a_cnpj_with_letters_is_kept_by_v5_and_small_letters_are_none() {
    let v5 = Version::V5;
    let daily = json!({"daily": {"startDate": "2026-12-10", "quantity": 5}});
    let data = with(&asked_later(v5, &daily), "/creditor/cpfCnpj", json!("PONTE001000160"));
    let company = json!({"document": {"identification": "PONTE001000160", "rel": "CNPJ"}});
    let data = with(&data, "/businessEntity", company);
    let world = World::new();
    let reply = world.consent(v5, &data).await.ok(201);
    assert_eq!(reply.data()["creditor"]["cpfCnpj"], "PONTE001000160");
    assert_eq!(reply.data()["businessEntity"]["document"]["identification"], "PONTE001000160");
    let small = |pointer| with(&data, pointer, json!("ponte001000160"));
    hold(
        v5,
        vec![
            ("creditor", small("/creditor/cpfCnpj"), 422, INVALID),
            ("company", small("/businessEntity/document/identification"), 422, INVALID),
        ],
    )
    .await;
    let id = world.authorised(v5, &data).await;
    let days = world.stored(&id).request.payment.schedule.unwrap().days();
    let item = |day| {
        let item = super::requests::item(&data, &super::world::at_15(day));
        with(&item, "/cnpjInitiator", json!("PONTE001000160"))
    };
    let items: Vec<Value> = days.into_iter().map(item).collect();
    let paid = world.pay_once(v5, &id, &json!(items)).await.ok(201);
    assert_eq!(paid.payments().len(), 5);
    assert_eq!(paid.data()[4]["cnpjInitiator"], "PONTE001000160");
}

#[tokio::test]
async fn p52_z_pay_33_z_pv4_05_days_of_a_consent() {
    let single = |day: &str| json!({"single": {"date": day}});
    for version in BOTH {
        let later = |day: &str| asked_later(version, &single(day));
        let now = asked(version);
        let both = with(&now, "/payment/schedule", later("2026-12-10")["payment"]["schedule"].clone());
        let neither = with(&now, "/payment/date", Value::Null);
        hold(
            version,
            vec![
                ("today", now.clone(), 201, ""),
                ("yesterday", with(&now, "/payment/date", json!("2026-12-08")), 422, DAY),
                ("tomorrow at once", later("2026-12-10"), 201, ""),
                ("single today", later(TODAY), 422, DAY),
                ("single in the past", later("2026-12-01"), 422, DAY),
                ("D+740", later("2028-12-18"), 422, DAY),
                ("D+730", later("2028-12-08"), 201, ""),
                // D+731, since 2028 has a day more.
                (
                    "two years on",
                    later("2028-12-09"),
                    if version == Version::V5 { 201 } else { 422 },
                    if version == Version::V5 { "" } else { DAY },
                ),
                ("two years and a day", later("2028-12-10"), 422, DAY),
                ("both", both, 422, DAY),
                ("neither", neither, 422, MISSING),
            ],
        )
        .await;
    }
}

#[tokio::test]
async fn p52_z_pay_45_46_quantities_and_two_years() {
    for version in BOTH {
        let ask = |schedule: Value| asked_later(version, &schedule);
        let daily = |quantity| ask(json!({"daily": {"startDate": "2026-12-10", "quantity": quantity}}));
        let monthly = |day, quantity| {
            ask(json!({"monthly": {"dayOfMonth": day, "startDate": "2026-12-10", "quantity": quantity}}))
        };
        let weekly = |start: &str, quantity| {
            let days = json!({"dayOfWeek": "SEGUNDA_FEIRA", "startDate": start, "quantity": quantity});
            ask(json!({"weekly": days}))
        };
        let custom = |dates: &[&str]| ask(json!({"custom": {"dates": dates}}));
        let many: Vec<String> =
            (0..61_u32).map(|n| format!("2027-{:02}-{:02}", 1 + n / 28, 1 + n % 28)).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        hold(
            version,
            vec![
                ("daily 60", daily(60), 201, ""),
                ("daily 61", daily(61), 422, INVALID),
                ("daily 1", daily(1), 422, INVALID),
                ("monthly 24", monthly(10, 24), 201, ""),
                ("monthly 25", monthly(10, 25), 422, INVALID),
                ("monthly on the 32nd", monthly(32, 3), 422, INVALID),
                ("weekly", weekly("2026-12-10", 5), 201, ""),
                ("weekly past two years", weekly("2028-06-10", 60), 422, DAY),
                ("custom", custom(&["2026-12-10", "2026-12-20"]), 201, ""),
                ("custom twice the same", custom(&["2026-12-10", "2026-12-10"]), 422, INVALID),
                ("custom with one", custom(&["2026-12-10"]), 422, INVALID),
                ("custom with 61", custom(&many), 422, INVALID),
                ("custom with 60", custom(&many[..60]), 201, ""),
            ],
        )
        .await;
    }
}

#[tokio::test]
async fn z_pay_24_z_pv4_06_members_that_are_wrong_or_not_there() {
    let daily = json!({"daily": {"startDate": "2026-12-10", "quantity": 5}});
    let custom = json!({"custom": {"dates": ["2026-12-10", "2026-12-20"]}});
    for version in BOTH {
        let put = |pointer: &str, value: Value| with(&asked(version), pointer, value);
        hold(
            version,
            vec![
                ("type", put("/payment/type", json!("TED")), 422, INVALID),
                ("personType", put("/creditor/personType", json!("PESSOA")), 422, INVALID),
                ("currency", put("/payment/currency", json!("USD")), 422, INVALID),
                ("currency in small letters", put("/payment/currency", json!("brl")), 422, INVALID),
                ("date", put("/payment/date", json!("2026-13-01")), 422, INVALID),
                ("a CPF of a company", put("/creditor/personType", json!("PESSOA_NATURAL")), 422, INVALID),
                ("no creditor", put("/creditor", Value::Null), 422, MISSING),
                ("no branch", put("/payment/details/creditorAccount/issuer", Value::Null), 422, MISSING),
                (
                    "an account of a payer of another kind",
                    put("/debtorAccount", with(&creditor_account(), "/accountType", json!("SLRY"))),
                    422,
                    INVALID,
                ),
            ],
        )
        .await;
    }
    let words = "/payment/schedule/additionalInformation";
    let v4 = |schedule: &Value| asked_later(Version::V4, schedule);
    let v5 = |schedule: &Value| asked_later(Version::V5, schedule);
    let untold = with(&v4(&custom), "/payment/schedule/custom/additionalInformation", Value::Null);
    hold(
        Version::V5,
        vec![
            ("daily", with(&v5(&daily), words, Value::Null), 422, MISSING),
            ("custom", with(&v5(&custom), words, Value::Null), 422, MISSING),
        ],
    )
    .await;
    hold(Version::V4, vec![("daily", v4(&daily), 201, ""), ("custom without words", untold, 422, MISSING)])
        .await;
}

#[tokio::test]
async fn p57_z_pay_25_the_purpose_agrees_with_date_and_schedule() {
    let v5 = Version::V5;
    let purpose = |data: &Value, purpose: &str| with(data, "/payment/purpose", json!(purpose));
    let single = asked_later(v5, &json!({"single": {"date": "2026-12-20"}}));
    let daily = asked_later(v5, &json!({"daily": {"startDate": "2026-12-10", "quantity": 5}}));
    let future = with(&asked(v5), "/payment/date", json!("2026-12-20"));
    hold(
        v5,
        vec![
            ("IMMEDIATE later", future, 422, PURPOSE),
            ("scheduled now", purpose(&asked(v5), "SINGLE_SCHEDULED"), 422, PURPOSE),
            ("several now", purpose(&asked(v5), "RECURRENT_SCHEDULED"), 422, PURPOSE),
            ("single as IMMEDIATE", purpose(&single, "IMMEDIATE"), 422, PURPOSE),
            ("single as several", purpose(&single, "RECURRENT_SCHEDULED"), 422, PURPOSE),
            ("single as cash", purpose(&single, "WITHDRAW"), 422, PURPOSE),
            ("daily as single", purpose(&daily, "SINGLE_SCHEDULED"), 422, PURPOSE),
            ("daily as IMMEDIATE", purpose(&daily, "IMMEDIATE"), 422, PURPOSE),
            ("none", with(&asked(v5), "/payment/purpose", Value::Null), 422, MISSING),
            ("unknown", purpose(&asked(v5), "GIFT"), 422, INVALID),
        ],
    )
    .await;
}

#[tokio::test]
async fn pb_c02_the_evening_in_brazil_is_tomorrow_in_utc() {
    for version in BOTH {
        let world = World::new();
        // 22:30 of the 9th.
        world.at("2026-12-10T01:30:00Z");
        let today = asked(version);
        let tomorrow = with(&today, "/payment/date", json!("2026-12-10"));
        world.consent(version, &today).await.ok(201);
        assert_eq!(world.consent(version, &tomorrow).await.refused(), (422, DAY));
        let single = |day: &str| asked_later(version, &json!({"single": {"date": day}}));
        world.consent(version, &single("2026-12-10")).await.ok(201);
        assert_eq!(world.consent(version, &single("2026-12-09")).await.refused(), (422, DAY));
    }
}

#[tokio::test]
async fn pb_d02_pb_d03_p54_an_amount_is_digits_a_point_and_two_digits() {
    for version in BOTH {
        for wrong in [
            json!("1e2"),
            json!("10"),
            json!("10.0"),
            json!("10.000"),
            json!("1,00"),
            json!("1.000,00"),
            json!("+1.00"),
            json!("-1.00"),
            json!(" 1.00"),
            json!("1.00\n"),
            json!(".64"),
            json!("NaN"),
            json!(""),
            json!("12345678901234567.00"),
            json!(10.00),
        ] {
            let data = with(&asked(version), "/payment/amount", wrong.clone());
            assert_eq!(told(version, &data).await, (422, INVALID.to_owned()), "{wrong}");
        }
        let none = with(&asked(version), "/payment/amount", Value::Null);
        assert_eq!(told(version, &none).await, (422, MISSING.to_owned()));
        let zero = with(&asked(version), "/payment/amount", json!("0.00"));
        assert_eq!(told(version, &zero).await, (422, DETAIL.to_owned()));
    }
}

#[tokio::test]
async fn pb_e03_zeros_in_front_stay() {
    for version in BOTH {
        let data = with(&asked(version), "/loggedUser/document/identification", json!("01234567890"));
        let world = World::new();
        let posted = world.consent(version, &data).await.ok(201);
        let id = posted.data()["consentId"].as_str().unwrap().to_owned();
        let read = world.get(version, &format!("/consents/{id}")).await.ok(200);
        for reply in [&posted, &read] {
            assert_eq!(reply.data()["payment"]["details"]["creditorAccount"], creditor_account());
            assert_eq!(reply.data()["loggedUser"]["document"]["identification"], "01234567890");
        }
        let short = with(&data, "/payment/details/creditorAccount/ispb", json!("99901"));
        assert_eq!(told(version, &short).await, (422, INVALID.to_owned()));
    }
}
