//! Section 12: what v4 does otherwise, and the lines of section 11 that it shares.

use http::Method;
use ponte_bank::customers::BANK_CNPJ;
use ponte_machine::clock;
use ponte_participant::SignedRequest;
use ponte_web::caller::Call;
use serde_json::json;

use super::*;
use crate::journeys::callers::Callers;
use crate::journeys::cloud::Cloud;
use crate::journeys::payments::{Initiator, today, tomorrow};

fn single(days: i64) -> PaymentOrder {
    order_in(V4).scheduled(json!({ "single": { "date": today().plus_days(days).to_string() } }))
}

#[tokio::test]
async fn z_pv4_01_what_v4_does_not_know() {
    let it = Initiator::begin().await;
    let order = || order_in(V4);
    let code = |order: PaymentOrder| order.with_static_code(None);
    for unknown in [
        order().set("/payment/purpose", "IMMEDIATE".into()),
        code(order().by("APES")),
        order().by("APDN").with_charge(&json!({})),
        order().by("QRDN").with_charge(&json!({})).set("/payment/details/payloadJWS", "YQ.Yg.Yw".into()),
    ] {
        it.create(&unknown).await.refused(INVALID);
    }
}

#[tokio::test]
async fn p56_z_pv4_02_all_payments_of_a_consent_are_cancelled_with_their_list() {
    let it = Initiator::begin().await;
    let days: Vec<_> = (2..5).map(|days| today().plus_days(days)).collect();
    let start = days[0].to_string();
    let order = order_in(V4).scheduled(json!({ "daily": { "startDate": start, "quantity": 3 } }));
    let (consent, ids) = it.schedules(&order, &days).await;
    let answer = it.cancel_all(V4, &consent).await.with(200);
    let mut cancelled: Vec<String> = (0..3).map(|at| answer.text(&format!("/{at}/paymentId"))).collect();
    let mut wanted = ids.clone();
    cancelled.sort();
    wanted.sort();
    assert_eq!(cancelled, wanted);
    for id in &ids {
        assert_eq!(it.until(V4, id, "CANC").await["cancellation"]["cancelledFrom"], "INICIADORA");
    }
    it.cancel_all(V4, &consent).await.refused(&["PAGAMENTO_NAO_PERMITE_CANCELAMENTO"]);
    let list = it.get(&V4.payments_of(&consent)).await;
    assert!(matches!(list.status, 404 | 405), "there is no list in v4: {}", list.status);
}

#[tokio::test]
async fn z_pv4_03_a_payment_is_cancelled_without_a_key() {
    let it = Initiator::begin().await;
    let (_, ids) = it.schedules(&single(2), &[today().plus_days(2)]).await;
    let path = format!("{}/{}", V4.payments(), ids[0]);
    let message = it.world.receiver.message(&path, &Initiator::cancellation());
    let asked = SignedRequest { method: Method::PATCH, path: &path, token: &it.own, key: None, message };
    assert_eq!(it.sent(asked).await.with(200).data()["status"], "CANC");
    // The half of Z-PAY-19 that v4 has.
    let order = order_in(V4);
    let (_, token) = it.authorised(&order).await;
    let (path, key, items) = (V4.payments(), clock::new_id(), order.items());
    it.signed((Method::POST, &path), &token, &key, &items).await.with(201);
    let other = items_with(&order, "/payment/amount", "10.01".into());
    it.signed((Method::POST, &path), &token, &key, &other).await.refused(&["ERRO_IDEMPOTENCIA"]);
}

#[tokio::test]
async fn z_pv4_04_numbers_have_no_letters() {
    let it = Initiator::begin().await;
    let order = || order_in(V4);
    it.create(&order().set("/creditor/cpfCnpj", "PONTE001000160".into())).await.refused(INVALID);
    let ispb = order().set("/payment/details/creditorAccount/ispb", "0009990A".into());
    it.create(&ispb).await.refused(INVALID);
    let entity = json!({ "document": { "identification": "EX3MPL0A000190", "rel": "CNPJ" } });
    it.create(&order().set("/businessEntity", entity)).await.refused(INVALID);
    let order = order();
    it.refused(&order, &items_with(&order, "/cnpjInitiator", "PONTE001000160".into()), INVALID).await;
    let digits = order.set("/creditor/cpfCnpj", BANK_CNPJ.into());
    it.create(&digits).await.with(201);
}

#[tokio::test]
async fn p52_z_pv4_05_z_pv4_06_days_and_words_of_v4() {
    let it = Initiator::begin().await;
    it.create(&single(730)).await.with(201);
    it.create(&single(731)).await.refused(DAY);
    it.create(&single(0)).await.refused(DAY);
    let custom = json!({ "custom": { "dates": [tomorrow().to_string(), today().plus_days(9).to_string()] } });
    let custom = order_in(V4).scheduled(custom);
    it.create(&custom).await.with(201);
    let place = "/payment/schedule/custom/additionalInformation";
    it.create(&custom.set(place, Value::Null)).await.refused(MISSING);
}

#[tokio::test]
async fn z_pv4_07_payments_of_v4() {
    let it = Initiator::begin().await;
    let orders = [
        order_in(V4),
        order_in(V4).by("DICT"),
        order_in(V4).by("QRES").with_static_code(Some("PEDIDO07")),
        order_in(V4).by("QRDN").with_charge(&json!({})),
    ];
    for order in orders {
        let (consent, payment) = it.pays(&order).await;
        assert!(consent["payment"].get("purpose").is_none(), "{consent}");
        assert_eq!(payment["payment"], json!({ "amount": "10.00", "currency": "BRL" }));
    }
    // A token of the other version's consent is of no use, nor is the consent to be read there.
    let consent = it.created(&order_in(V4)).await;
    let url = format!("{}{}/{consent}", it.world.receiver.mtls_host(), V4.consents());
    let call =
        Call::get(url).header("accept", "application/jwt").header("x-fapi-interaction-id", clock::new_id());
    it.opened(it.world.receiver.send(call).await.expect("an answer")).await.with(401);
}

#[tokio::test]
async fn w08_z_pv4_08_each_status_that_is_told_leaves_a_notice_with_the_version() {
    let it = Initiator::begin().await;
    let (callers, stack) = (Callers::of(&it.shared.stack), &it.shared.stack);
    let cloud = Cloud::of(stack, &callers);
    let table = cloud.table("payments", "OUTBOX_TABLE");
    for (api, told) in [(V4, "V4"), (V5, "V5")] {
        let (_, payment) = it.pays(&order_in(api)).await;
        let id = payment["paymentId"].as_str().unwrap_or_default();
        let rows = cloud.items(table).await;
        let of_it = |row: &&crate::journeys::cloud::Item| {
            json!(row).to_string().contains(id) && json!(row).to_string().contains("ACSC")
        };
        let notices: Vec<String> = rows.iter().filter(of_it).map(|row| json!(row).to_string()).collect();
        assert!(!notices.is_empty(), "a notice of {id}");
        let versioned = |notice: &&String| notice.to_uppercase().contains(told);
        assert_eq!(notices.iter().filter(versioned).count(), 1, "{notices:?}");
        assert!(notices.iter().all(|notice| !notice.contains(CUSTOMERS[ANA].cpf)), "nothing about a person");
    }
}
