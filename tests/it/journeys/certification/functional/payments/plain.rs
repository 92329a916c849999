//! Plain payments: keys, accounts, grants, what differs from the consent.

use http::Method;
use ponte_machine::clock;
use ponte_participant::SignedRequest;
use ponte_web::caller::Call;
use serde_json::json;

use super::*;
use crate::journeys::payments::{ANA_ACCOUNT, BRUNO_JOINT, Initiator, account, tomorrow};

#[tokio::test]
async fn z_pay_01_start_check() {
    let it = Initiator::begin().await;
    let list = format!("{}/participants", it.shared.stack.text("/directory"));
    let list = it.world.plain.send(Call::get(list)).await.expect("the directory answers").json();
    let published = &list[0]["AuthorisationServers"][0]["ApiResources"];
    for family in ["payments-consents", "payments-pix"] {
        for version in ["4.0.1", "5.0.0"] {
            let of = |one: &&Value| one["ApiFamilyType"] == family && one["ApiVersion"] == version;
            assert_eq!(
                published.as_array().into_iter().flatten().filter(of).count(),
                1,
                "{family}: {published}"
            );
        }
    }
    assert!(it.created(&order()).await.contains(":payment:") && V5.consents().contains("/v5/"));
}

#[tokio::test]
async fn p10_z_pay_02_the_customer_picks_the_account_when_the_client_names_none() {
    let it = Initiator::begin().await;
    let order = order().by("DICT");
    let consent = it.created(&order).await;
    assert!(it.consent(V5, &consent).await.get("debtorAccount").is_none());
    let (status, token) = it.decided(&consent, ANA, ANA_ACCOUNT).await;
    assert_eq!(status, "AUTHORISED");
    assert_eq!(it.consent(V5, &consent).await["debtorAccount"], account(ANA_ACCOUNT));
    let answer = it.post(V5, &token.expect("a token"), &order.items()).await.with(201);
    let payment = it.until(V5, &answer.text("/0/paymentId"), "ACSC").await;
    assert_eq!(payment["debtorAccount"], account(ANA_ACCOUNT));
}

#[tokio::test]
async fn z_pay_03_a_salary_account_pays_nothing() {
    let it = Initiator::begin().await;
    let [ispb, issuer, number, _] = ANA_ACCOUNT;
    let salary = order().set("/debtorAccount", account([ispb, issuer, number, "SLRY"]));
    it.create(&salary).await.refused(INVALID);
    let order = order().set("/debtorAccount", account(ANA_ACCOUNT));
    let items = items_with(&order, "/authorisationFlow", "HYBRID_FLOW".into());
    let (_, answer) = it.tried(&order, &items).await;
    let payment = it.until(V5, &answer.with(201).text("/0/paymentId"), "ACSC").await;
    assert_eq!(payment["authorisationFlow"], "HYBRID_FLOW");
}

#[tokio::test]
async fn z_pay_04_z_pay_05_z_pay_06_z_pay_07_every_way_without_a_code_pays() {
    let it = Initiator::begin().await;
    let known = PaymentOrder { txid: Some("PEDIDO06".to_owned()), ..order().by("INIC") };
    for order in [order().by("DICT"), order(), known, order().by("DICT").to_carla("+5561990010001")] {
        let (consent, payment) = it.pays(&order).await;
        assert_eq!(consent["payment"], order.consent["payment"], "as it was written");
        assert_eq!(consent["creditor"], order.consent["creditor"]);
        let item = order.item(payment["endToEndId"].as_str().unwrap_or_default());
        for (name, value) in item.as_object().into_iter().flatten() {
            assert_eq!(&payment[name], value, "{name}");
        }
        assert_ne!(payment["paymentId"], payment["endToEndId"]);
        let core = it.core.payment(payment["paymentId"].as_str().unwrap_or_default()).await;
        assert_eq!((&core["calls"], &core["status"]), (&json!(1), &json!("ACSC")), "{core}");
    }
}

#[tokio::test]
async fn p09_z_pay_10_z_pay_11_z_pay_12_a_key_that_leads_elsewhere_is_found_at_the_payment() {
    let it = Initiator::begin().await;
    for key in ["12312312387", "ninguem@exemplo.test", "loja@exemplo.test"] {
        let order = order().by("DICT").to_carla(key);
        let codes = &["DETALHE_PAGAMENTO_INVALIDO", "PAGAMENTO_RECUSADO_DETENTORA"];
        it.refused(&order, &order.items(), codes).await;
    }
}

#[tokio::test]
async fn z_pay_13_a_payment_is_as_its_consent() {
    let it = Initiator::begin().await;
    let order = order();
    it.refused(&order, &items_with(&order, "/payment/currency", "XXX".into()), DIFFERS).await;
    it.refused(&order, &items_with(&order, "/payment/amount", "10.01".into()), DIFFERS).await;
    it.pays(&order).await;
}

#[tokio::test]
async fn p51_z_pay_14_an_end_to_end_id_is_there_and_well_formed() {
    let it = Initiator::begin().await;
    let order = order();
    it.refused(&order, &items_with(&order, "/endToEndId", Value::Null), MISSING).await;
    it.refused(&order, &items_with(&order, "/endToEndId", "E1234".into()), INVALID).await;
}

#[tokio::test]
async fn p03_z_pay_15_each_grant_has_its_calls() {
    let it = Initiator::begin().await;
    let order = order();
    let (_, token) = it.authorised(&order).await;
    it.post(V5, &it.own, &order.items()).await.with(401);
    let path = V5.consents();
    it.signed((Method::POST, &path), &token, &clock::new_id(), &order.consent).await.with(401);
    let answer = it.post(V5, &token, &order.items()).await.with(201);
    let path = format!("{}/{}", V5.payments(), answer.text("/0/paymentId"));
    let reply = it.world.receiver.get_signed(&path, &token).await.expect("an answer");
    it.opened(reply).await.with(401);
    let data = Initiator::cancellation();
    it.signed((Method::PATCH, &path), &token, &clock::new_id(), &data).await.with(401);
}

#[tokio::test]
async fn p33_z_pay_16_why_a_consent_was_rejected() {
    let it = Initiator::begin().await;
    let order = order();
    let own = order.clone().set("/payment/details/creditorAccount", account(ANA_ACCOUNT));
    it.rejected(&own, &["CONTAS_ORIGEM_DESTINO_IGUAIS"]).await;
    let consent = it.created(&order).await;
    it.declined(&consent, ANA).await;
    it.is_rejected(V5, &consent, &["REJEITADO_USUARIO"]).await;
    // The client's own account alone may be debited.
    let other = order.set("/debtorAccount", account(BRUNO_JOINT));
    let consent = it.created(&other).await;
    let interaction = it.log_in(&consent, ANA).await;
    let shown =
        it.world.channel.show(&interaction.interaction).await.expect("the channel API answers").json();
    assert_eq!(shown["data"]["resources"], json!([]), "{shown}");
}

#[tokio::test]
async fn z_pay_17_no_funds() {
    let it = Initiator::begin().await;
    it.rejected(&order().set("/payment/amount", "99999999.99".into()), TOO_MUCH).await;
}

#[tokio::test]
async fn p08_z_pay_18_a_consent_is_used_up_by_its_first_payment() {
    let it = Initiator::begin().await;
    let order = order();
    // `refused` reads the consent, which is used up.
    it.refused(&order, &items_with(&order, "/payment/amount", "11.00".into()), DIFFERS).await;
    let (consent, token) = it.authorised(&order).await;
    let first = it.post(V5, &token, &order.items()).await.with(201);
    it.until(V5, &first.text("/0/paymentId"), "ACSC").await;
    assert_eq!(it.consent(V5, &consent).await["status"], "CONSUMED");
    it.post(V5, &token, &order.items()).await.refused(&["CONSENTIMENTO_INVALIDO"]);
}

#[tokio::test]
async fn p43_s62_z_pay_19_a_key_is_of_one_request_and_a_message_of_its_sender() {
    let it = Initiator::begin().await;
    let order = order();
    let (_, token) = it.authorised(&order).await;
    let path = V5.payments();
    let mut claims = it.world.receiver.message_claims(&path, &order.items());
    claims["iss"] = "11111111-2222-4333-8444-555555555555".into();
    let message = it.world.receiver.signed_message(&claims);
    let asked =
        SignedRequest { method: Method::POST, path: &path, token: &token, key: Some("k-19"), message };
    it.sent(asked).await.with(403);
    let key = clock::new_id();
    let items = order.items();
    let post = async |items: &Value| it.signed((Method::POST, &path), &token, &key, items).await;
    let first = post(&items).await.with(201);
    let mut other = items.clone();
    other[0]["payment"]["amount"] = "10.01".into();
    post(&other).await.refused(&["ERRO_IDEMPOTENCIA"]);
    assert_eq!(post(&items).await.with(201).data()[0]["paymentId"], first.data()[0]["paymentId"]);

    let day = tomorrow().plus_days(1);
    let order = order.scheduled(json!({ "single": { "date": day.to_string() } }));
    let (_, ids) = it.schedules(&order, &[day]).await;
    let path = format!("{}/{}", V5.payments(), ids[0]);
    let cancelled_by = async |data: &Value| it.signed((Method::PATCH, &path), &it.own, &key, data).await;
    let data = Initiator::cancellation();
    cancelled_by(&data).await.with(200);
    let mut other = data.clone();
    other["cancellation"]["cancelledBy"]["document"]["identification"] = "12345678909".into();
    cancelled_by(&other).await.refused(&["ERRO_IDEMPOTENCIA"]);
    assert_eq!(cancelled_by(&data).await.with(200).data()["status"], "CANC");
}
