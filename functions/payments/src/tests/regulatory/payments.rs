//! POST /pix/payments, and what it does to its consent.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::requests::{
    TXID, asked, asked_by_code, asked_by_key, asked_later, cancellation, creditor_account, dynamic_code,
    item, static_code, with,
};
use super::world::{MINUTE, World, end_to_end_id};
use super::{BOTH, Version};

const MISSING: &str = "PARAMETRO_NAO_INFORMADO";
const INVALID: &str = "PARAMETRO_INVALIDO";
const DETAIL: &str = "DETALHE_PAGAMENTO_INVALIDO";
const DIFFERS: &str = "PAGAMENTO_DIVERGENTE_CONSENTIMENTO";
const UNUSABLE: &str = "CONSENTIMENTO_INVALIDO";

/// What a request for payments gets, of a consent of its own: the code, after which the consent is used up and nothing is stored.
pub(super) async fn refused(version: Version, consent: &Value, items: &Value) -> String {
    let world = World::new();
    let id = world.authorised(version, consent).await;
    let reply = world.pay_once(version, &id, items).await;
    let (status, code) = reply.refused();
    assert_eq!(status, 422, "{}", reply.body);
    assert_eq!(world.status(version, &id).await, "CONSUMED", "{code}");
    assert_eq!((world.payments(), world.queue.sent.lock().unwrap().len()), (0, 0));
    code.to_owned()
}

#[tokio::test]
async fn p03_z_pay_15_a_payment_wants_the_customer_s_token_and_everything_else_the_client_s() {
    for version in BOTH {
        let world = World::new();
        let data = asked(version);
        let id = world.authorised(version, &data).await;
        let items = json!([item(&data, MINUTE)]);
        let own_name = world.write("POST", version, "/pix/payments", &items, "key");
        assert_eq!(world.send(own_name).await.refused(), (401, "NAO_AUTORIZADO"));
        let payment = world.pay_once(version, &id, &items).await.ok(201).payments().remove(0);
        let base = version.base();
        for (method, path, body) in [
            ("POST", "/consents".to_owned(), &data),
            ("PATCH", format!("/pix/payments/{payment}"), &cancellation()),
            ("PATCH", version.cancel_all(&id), &cancellation()),
            ("GET", format!("/pix/payments/{payment}"), &Value::Null),
            ("GET", format!("/consents/{id}"), &Value::Null),
        ] {
            let path = format!("{base}{path}");
            let mut call = world.signed(method, &path, &world.claims(&path, body), "key", Some(&id));
            if method == "GET" {
                call.body = None;
            }
            assert_eq!(world.send(call).await.refused(), (401, "NAO_AUTORIZADO"), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn p08_z_pay_18_a_consent_is_used_once_by_201_and_by_422() {
    for version in BOTH {
        let world = World::new();
        let data = asked(version);
        let id = world.authorised(version, &data).await;
        let good = json!([item(&data, MINUTE)]);
        world.pay_once(version, &id, &good).await.ok(201);
        assert_eq!(world.status(version, &id).await, "CONSUMED");
        let second = world.pay_once(version, &id, &json!([item(&data, MINUTE)])).await;
        assert_eq!(second.refused(), (422, UNUSABLE));

        let id = world.authorised(version, &data).await;
        let bad = with(&json!([item(&data, MINUTE)]), "/0/payment/amount", json!("10.01"));
        assert_eq!(world.pay_once(version, &id, &bad).await.refused(), (422, DIFFERS));
        assert_eq!(world.status(version, &id).await, "CONSUMED");
        let after = world.pay_once(version, &id, &good).await;
        assert_eq!(after.refused(), (422, UNUSABLE));
        assert_eq!(world.payments(), 1);
    }
}

#[tokio::test]
async fn p08_whatever_is_no_422_leaves_the_consent_as_it_is() {
    for version in BOTH {
        let world = World::new();
        let data = asked(version);
        let id = world.authorised(version, &data).await;
        let items = json!([item(&data, MINUTE)]);
        let good = world.paying(version, &id, &items, "key");
        let header = |name: &str, value: Value| {
            let mut call = good.clone();
            call.headers[name] = value;
            call
        };
        let path = format!("{}/pix/payments", version.base());
        let mut other_iss = world.claims(&path, &items);
        other_iss["iss"] = json!("74e929d9-33b6-4d85-8ba7-c146c867a817");
        let spoiled = super::world::Sent { body: good.body.clone().map(|body| body + "A"), ..good.clone() };
        for (call, status) in [
            (header("x-idempotency-key", json!("x".repeat(41))), 400),
            (header("x-fapi-interaction-id", json!("1")), 400),
            (header("content-type", json!("application/json")), 415),
            (header("authorization", json!("Bearer x")), 401),
            (world.signed("POST", &path, &other_iss, "key", Some(&id)), 403),
            (spoiled, 400),
        ] {
            assert_eq!(world.send(call).await.refused().0, status);
            assert_eq!(world.status(version, &id).await, "AUTHORISED");
        }
        world.send(good).await.ok(201);
    }
}

#[tokio::test]
async fn p08_z_pay_47_one_that_waits_for_others_is_kept_and_pays_under_the_same_key_later() {
    for version in BOTH {
        let world = World::new();
        let data = asked(version);
        let reply = world.consent(version, &data).await.ok(201);
        let id = reply.data()["consentId"].as_str().unwrap().to_owned();
        let waiting = world.pay_once(version, &id, &json!([item(&data, MINUTE)])).await;
        assert_eq!(waiting.refused(), (422, UNUSABLE), "nobody said yes");
        world.authorise(&id, vec!["76109277673"]);
        assert_eq!(world.status(version, &id).await, "PARTIALLY_ACCEPTED");
        let items = json!([item(&data, MINUTE)]);
        let early = world.pay(version, &id, &items, "key").await;
        assert_eq!(early.refused(), (422, "CONSENTIMENTO_PENDENTE_AUTORIZACAO"));
        assert_eq!(world.status(version, &id).await, "PARTIALLY_ACCEPTED");
        let who = ponte_values::Cpf::parse("76109277673").unwrap();
        let actor = ponte_ports::audit::Actor::Ponte;
        world.put(world.stored(&id).answer(&who, true, actor, world.now()).unwrap().consent);
        world.pay(version, &id, &items, "key").await.ok(201);
        assert_eq!(world.status(version, &id).await, "CONSUMED");
    }
}

#[tokio::test]
async fn p31_a_rejected_consent_pays_nothing() {
    for version in BOTH {
        let world = World::new();
        let data = asked(version);
        let id = world.authorised(version, &data).await;
        world.at("2026-12-09T16:30:00Z");
        let late = world.pay_once(version, &id, &json!([item(&data, "202612091630")])).await;
        assert_eq!(late.refused(), (422, UNUSABLE));
        assert_eq!(world.status(version, &id).await, "REJECTED");
    }
}

#[tokio::test]
async fn p08_z_pay_14_a_request_that_cannot_be_read_uses_its_consent_up_and_one_without_data_does_not() {
    for version in BOTH {
        let data = asked(version);
        let items = json!([item(&data, MINUTE)]);
        for (pointer, value, code) in [
            ("/0/endToEndId", Value::Null, MISSING),
            ("/0/endToEndId", json!("E990001232026120915"), INVALID),
            ("/0/localInstrument", Value::Null, MISSING),
            ("/0/localInstrument", json!("TED"), INVALID),
            ("/0/payment", Value::Null, MISSING),
            ("/0/creditorAccount", Value::Null, MISSING),
            ("/0/cnpjInitiator", Value::Null, MISSING),
            ("/0/cnpjInitiator", json!("1"), INVALID),
        ] {
            assert_eq!(refused(version, &data, &with(&items, pointer, value)).await, code, "{pointer}");
        }
        let small = with(&items, "/0/cnpjInitiator", json!("ponte001000160"));
        assert_eq!(refused(version, &data, &small).await, INVALID, "PB-E02");
        assert_eq!(refused(version, &data, &json!({})).await, INVALID, "P59: a list");
        assert_eq!(refused(version, &data, &json!([])).await, MISSING, "P59: at least one");

        let world = World::new();
        let id = world.authorised(version, &data).await;
        let path = format!("{}/pix/payments", version.base());
        let mut claims = world.claims(&path, &items);
        claims.as_object_mut().unwrap().remove("data");
        let reply = world.send(world.signed("POST", &path, &claims, "key", Some(&id))).await;
        assert_eq!(reply.refused(), (422, MISSING));
        assert_eq!(world.status(version, &id).await, "AUTHORISED", "nothing was asked");
    }
}

#[tokio::test]
async fn p51_pb_e01_the_time_in_an_end_to_end_id_is_near_and_exists() {
    for version in BOTH {
        for (time, near) in [
            ("202612010130", true),
            ("202611302230", true),
            ("202611301329", false),
            ("202612011331", false),
            ("202611310130", false),
        ] {
            let world = World::new();
            world.at("2026-12-01T01:30:00Z");
            let data = with(&asked(version), "/payment/date", json!("2026-11-30"));
            let id = world.authorised(version, &data).await;
            let items = json!([item(&data, time)]);
            let reply = world.pay_once(version, &id, &items).await;
            if near {
                assert_eq!(reply.ok(201).data()[0]["endToEndId"], items[0]["endToEndId"]);
            } else {
                assert_eq!(reply.refused(), (422, INVALID), "{time}");
            }
        }
        let data = asked(version);
        let good = item(&data, MINUTE);
        let id = good["endToEndId"].as_str().unwrap();
        for wrong in [id.to_lowercase(), id[..31].to_owned(), format!("{id}1")] {
            let items = json!([with(&good, "/endToEndId", json!(wrong))]);
            assert_eq!(refused(version, &data, &items).await, INVALID, "{wrong}");
        }
    }
    let letters = |version| {
        let data = asked(version);
        let id = end_to_end_id(MINUTE).replace("E99000123", "E9900012A");
        (data.clone(), json!([with(&item(&data, MINUTE), "/endToEndId", json!(id))]))
    };
    let (data, items) = letters(Version::V4);
    assert_eq!(refused(Version::V4, &data, &items).await, INVALID, "Z-PV4-04");
    let (data, items) = letters(Version::V5);
    let world = World::new();
    let id = world.authorised(Version::V5, &data).await;
    world.pay_once(Version::V5, &id, &items).await.ok(201);
}

#[tokio::test]
async fn p51_p53_z_pay_42_43_44_a_list_is_that_of_the_schedule() {
    for version in BOTH {
        let weekly = json!({"dayOfWeek": "SEGUNDA_FEIRA", "startDate": "2026-12-10", "quantity": 3});
        let data = asked_later(version, &json!({"weekly": weekly}));
        let at = |days: &[&str]| -> Value { days.iter().map(|day| item(&data, day)).collect() };
        let right = ["202612141500", "202612211500", "202612281500"];
        let world = World::new();
        let id = world.authorised(version, &data).await;
        let reply = world.pay_once(version, &id, &at(&right)).await.ok(201);
        assert_eq!(reply.payments().len(), 3, "PB-C03");
        assert!(reply.data().as_array().unwrap().iter().all(|payment| payment["status"] == "RCVD"));
        assert_eq!(world.queue.sent.lock().unwrap().len(), 1, "the list is scheduled as a whole");
        assert!(world.core.judged.lock().unwrap().is_empty(), "beside the call (P22)");
        for (days, code) in [
            (&right[..2], DIFFERS),
            (&["202612101500", right[0], right[1]], DIFFERS),
            (&[right[0], right[1], right[1]], DIFFERS),
            (&[right[0], right[1], right[2], "202701041500"], DIFFERS),
            (&[right[0], right[1], "202612281501"], INVALID),
        ] {
            assert_eq!(refused(version, &data, &at(days)).await, code, "{days:?}");
        }
        let amount = with(&at(&right), "/1/payment/amount", json!("10.01"));
        assert_eq!(refused(version, &data, &amount).await, DIFFERS);
        let monthly = json!({"dayOfMonth": 31, "startDate": "2027-01-31", "quantity": 4});
        let data = asked_later(version, &json!({"monthly": monthly}));
        let at = |days: &[&str]| -> Value { days.iter().map(|day| item(&data, day)).collect() };
        let rolled = ["202701311500", "202703011500", "202703311500", "202705011500"];
        let id = world.authorised(version, &data).await;
        world.pay_once(version, &id, &at(&rolled)).await.ok(201);
        for (second, code) in [("202702281500", DIFFERS), ("202702311500", INVALID)] {
            let days = [rolled[0], second, rolled[2], rolled[3]];
            assert_eq!(refused(version, &data, &at(&days)).await, code, "PB-C01 {second}");
        }
    }
}

#[tokio::test]
async fn z_pay_32_p22_sixty_payments_are_one_acceptance() {
    for version in BOTH {
        let data = asked_later(version, &json!({"daily": {"startDate": "2026-12-10", "quantity": 60}}));
        let world = World::new();
        let before = world.store.writes.load(Ordering::Relaxed);
        let (id, payments) = world.scheduled(version, &data).await;
        assert_eq!(payments.len(), 60);
        assert_eq!(
            world.store.writes.load(Ordering::Relaxed) - before,
            2,
            "the consent, and all of the rest"
        );
        let read = world.get(version, &format!("/pix/payments/{}", payments[59])).await.ok(200);
        assert_eq!((&read.data()["status"], &read.data()["consentId"]), (&json!("SCHD"), &json!(id)));
    }
    let single = asked_later(Version::V5, &json!({"single": {"date": "2027-11-24"}}));
    let world = World::new();
    let (_, payments) = world.scheduled(Version::V5, &single).await;
    let read = world.get(Version::V5, &format!("/pix/payments/{}", payments[0])).await.ok(200);
    assert_eq!(read.data()["status"], "SCHD");
}

#[tokio::test]
async fn z_pay_13_a_payment_is_what_the_customer_agreed_to() {
    for version in BOTH {
        let data = asked_by_key(version);
        let items = json!([item(&data, MINUTE)]);
        for (pointer, value) in [
            ("/0/payment/currency", json!("USD")),
            ("/0/payment/amount", json!("10.01")),
            ("/0/localInstrument", json!("INIC")),
            ("/0/proxy", json!("a@b.example")),
            ("/0/creditorAccount/number", json!("1")),
            ("/0/consentId", json!("urn:banco:payment:1")),
        ] {
            assert_eq!(refused(version, &data, &with(&items, pointer, value)).await, DIFFERS, "{pointer}");
        }
        let two = json!([item(&data, MINUTE), item(&data, MINUTE)]);
        assert_eq!(refused(version, &data, &two).await, DIFFERS);
        let world = World::new();
        let id = world.authorised(version, &data).await;
        world.pay_once(version, &id, &items).await.ok(201);
    }
}

#[tokio::test]
async fn z_pay_31_z_pay_52_56_codes_are_compared_letter_by_letter_and_instruments_as_well() {
    let code = static_code(Some("10.00"), "PEDIDO0185");
    for version in BOTH {
        let data = asked_by_code(version, "QRES", &code);
        let mut items = json!([item(&data, MINUTE)]);
        items[0]["transactionIdentification"] = json!("PEDIDO0185");
        let other = code.replace("BRASILIA", "BRASILIB");
        let checksum_is_another = with(&items, "/0/qrCode", json!(other));
        let told = refused(version, &data, &checksum_is_another).await;
        assert!([DIFFERS, DETAIL].contains(&told.as_str()), "{told}");
        let open = with(&items, "/0/qrCode", json!(static_code(None, "PEDIDO0185")));
        assert_eq!(refused(version, &data, &open).await, DIFFERS);
        let world = World::new();
        let id = world.authorised(version, &data).await;
        world.pay_once(version, &id, &items).await.ok(201);
    }
    let v5 = Version::V5;
    let apes = asked_by_code(v5, "APES", &code);
    let mut items = json!([item(&apes, MINUTE)]);
    items[0]["transactionIdentification"] = json!("PEDIDO0185");
    let by_hand = with(&items, "/0/localInstrument", json!("QRES"));
    assert_eq!(refused(v5, &apes, &by_hand).await, DIFFERS);
    let apdn = asked_by_code(v5, "APDN", &dynamic_code(false));
    let mut items = json!([item(&apdn, MINUTE)]);
    items[0]["transactionIdentification"] = json!(TXID);
    assert_eq!(refused(v5, &apdn, &with(&items, "/0/localInstrument", json!("QRDN"))).await, DIFFERS);
}

#[tokio::test]
async fn z_pay_53_57_what_an_nfc_payment_lacks_is_a_detail() {
    let v5 = Version::V5;
    let apdn = asked_by_code(v5, "APDN", &dynamic_code(false));
    let mut dynamic = json!([item(&apdn, MINUTE)]);
    dynamic[0]["transactionIdentification"] = json!(TXID);
    let apes = asked_by_code(v5, "APES", &static_code(Some("10.00"), "PEDIDO0185"));
    let mut fixed = json!([item(&apes, MINUTE)]);
    fixed[0]["transactionIdentification"] = json!("PEDIDO0185");
    let open = asked_by_code(v5, "APES", &static_code(Some("10.00"), "***"));
    let mut open_with = json!([item(&open, MINUTE)]);
    open_with[0]["transactionIdentification"] = json!("PEDIDO0185");
    let txid = "/0/transactionIdentification";
    for (consent, items, pointer, value) in [
        (&apdn, &dynamic, "/0/qrCode", Value::Null),
        (&apdn, &dynamic, "/0/proxy", Value::Null),
        (&apdn, &dynamic, txid, json!("1234567890123456789012345")),
        (&apdn, &dynamic, txid, Value::Null),
        (&apes, &fixed, "/0/qrCode", Value::Null),
        (&apes, &fixed, "/0/proxy", Value::Null),
        (&apes, &fixed, txid, json!("12345678901234567890123456")),
        (&apes, &fixed, txid, Value::Null),
        (&open, &open_with, txid, json!("PEDIDO0185")),
    ] {
        assert_eq!(refused(v5, consent, &with(items, pointer, value)).await, DETAIL, "{pointer}");
    }
    for (consent, items) in [(&apdn, dynamic), (&apes, fixed), (&open, json!([item(&open, MINUTE)]))] {
        let world = World::new();
        let id = world.authorised(v5, consent).await;
        world.pay_once(v5, &id, &items).await.ok(201);
    }
}

#[tokio::test]
async fn pb_d01_pb_d02_p54_amounts_are_cents_everywhere() {
    for version in BOTH {
        let world = World::new();
        let amounts = ["19.99", "8.29", "4.56", "1.15", "0.07", "543.93"];
        for amount in amounts {
            let data = with(&asked(version), "/payment/amount", json!(amount));
            let id = world.authorised(version, &data).await;
            let paid = world.pay_once(version, &id, &json!([item(&data, MINUTE)])).await.ok(201);
            let payment = paid.payments().remove(0);
            let read = world.get(version, &format!("/pix/payments/{payment}")).await.ok(200);
            let consent = world.get(version, &format!("/consents/{id}")).await.ok(200);
            assert_eq!(paid.data()[0]["payment"]["amount"], amount);
            assert_eq!(read.data()["payment"]["amount"], amount);
            assert_eq!(consent.data()["payment"]["amount"], amount);
        }
        let judged = world.core.judged.lock().unwrap().clone();
        let told: Vec<String> = judged.iter().map(|item| item.payment.amount.to_string()).collect();
        assert_eq!(told, amounts);
        assert_eq!(judged.iter().map(|item| item.payment.amount.cents()).sum::<u64>(), 57_799);
        let data = asked(version);
        let items = json!([item(&data, MINUTE)]);
        for wrong in [
            json!("1e2"),
            json!("10"),
            json!("10.0"),
            json!("10.000"),
            json!("1,00"),
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
            let wrong = with(&items, "/0/payment/amount", wrong);
            assert_eq!(refused(version, &data, &wrong).await, INVALID);
        }
        let none = with(&items, "/0/payment/amount", Value::Null);
        assert_eq!(refused(version, &data, &none).await, MISSING);
    }
}

#[tokio::test]
async fn pb_e02_pb_e03_identifiers_reach_the_core_as_they_came() {
    for version in BOTH {
        let data = asked(version);
        let world = World::new();
        let id = world.authorised(version, &data).await;
        let mut items = json!([item(&data, MINUTE)]);
        let initiator = if version == Version::V5 { "PONTE001000160" } else { "00685362000135" };
        items[0]["cnpjInitiator"] = json!(initiator);
        let paid = world.pay_once(version, &id, &items).await.ok(201);
        assert_eq!(paid.data()[0]["creditorAccount"], creditor_account());
        assert_eq!(paid.data()[0]["cnpjInitiator"], initiator);
        let judged = world.core.judged.lock().unwrap();
        assert_eq!(serde_json::to_value(&judged[0]).unwrap(), items[0]);
    }
    let data = asked(Version::V4);
    let items = with(&json!([item(&data, MINUTE)]), "/0/cnpjInitiator", json!("PONTE001000160"));
    assert_eq!(refused(Version::V4, &data, &items).await, INVALID);
    for version in BOTH {
        let data = asked(version);
        let short = with(&json!([item(&data, MINUTE)]), "/0/creditorAccount/ispb", json!("99901"));
        assert_eq!(refused(version, &data, &short).await, INVALID);
    }
}
