//! The management API of payments through its router.

use ponte_authorization::api_key::ApiScope;
use ponte_payment::connector::Dedupe;
use ponte_payment::consent::PaymentConsent;
use ponte_values::Date;
use serde_json::{Value, json};

use super::world::{Random, World};
use ponte_kit::gateway::Reply;
use ponte_kit::payment_core::Met;
use ponte_kit::payment_examples::{payment_authorisation, payment_consent};
use ponte_kit::people::{ANA, BRUNO};
use ponte_ports::Clock as _;
use ponte_ports::audit::Actor;

const OFFICE: &[ApiScope] = &[ApiScope::ConsentsRead, ApiScope::ConsentsWrite, ApiScope::PaymentsWrite];
const APP: &[ApiScope] = &[ApiScope::Customer];

async fn tell(world: &World, key: Value, status: &str) -> Reply {
    let body = json!({"data": {
        "legacyId": [key], "paymentStatus": status, "paymentStatusUpdateDateTime": "2026-03-01T12:02:00Z",
    }});
    let path = "/oob-consents/v1/payment-status-notification";
    world.manage(OFFICE, ("POST", path), json!({}), Some(body)).await
}

fn ours(id: &ponte_values::PaymentId) -> Value {
    json!({"key": "paymentId", "value": id})
}

#[tokio::test]
async fn p20_the_core_tells_a_status_by_its_key_or_ours_and_patc_is_held() {
    let world = World::new(Dedupe::ByKey);
    let id = world.paid(1, None).await;
    world.core.meets([Met::Holds]);
    world.turn().await;
    assert_eq!(world.status(&id), "PDNG");
    let by_core = json!({"key": "id", "value": format!("core-{id}")});
    assert_eq!(tell(&world, by_core.clone(), "PATC").await.status, 204);
    assert_eq!(world.status(&id), "PDNG");
    assert_eq!(tell(&world, by_core, "ACPD").await.status, 204);
    assert_eq!(tell(&world, ours(&id), "ACSC").await.status, 204);
    assert_eq!(world.status(&id), "ACSC");
    for unknown in [json!({"key": "id", "value": "other"}), json!({"key": "paymentId", "value": "other"})] {
        assert_eq!(tell(&world, unknown, "ACSC").await.status, 404);
    }
    let denied = world.manage(APP, ("POST", "/oob-consents/v1/payment-status-notification"), json!({}), None);
    assert_eq!(denied.await.status, 403);
}

#[tokio::test]
async fn pb_g02_nothing_that_comes_late_takes_a_settled_payment_back() {
    let seed = 0x5eed_0602;
    println!("seed {seed:#x}");
    let mut random = Random(seed);
    let world = World::new(Dedupe::ByKey);
    let id = world.paid(1, None).await;
    world.turn().await;
    let (settled, notices) = (world.stored(&id), world.beside.notices.lock().unwrap().len());
    let mut late: Vec<&str> = ["ACPD", "RJCT", "ACSC", "CANC"].into_iter().cycle().take(20).collect();
    random.shuffle(&mut late);
    for status in &late {
        assert_eq!(tell(&world, ours(&id), status).await.status, 204);
    }
    let after = world.stored(&id);
    assert_eq!((world.status(&id), after.status_updated_at), ("ACSC", settled.status_updated_at));
    assert_eq!(world.beside.notices.lock().unwrap().len(), notices, "nobody hears of it again");
    let recorded = world.actions(id.as_str());
    let recorded = recorded
        .iter()
        .filter(|action| action.starts_with("payment.core_") && **action != "payment.core_reported");
    assert_eq!(recorded.count(), 20);
}

fn authorised(world: &World, number: u32) -> PaymentConsent {
    let at = world.clock.now();
    let consent = payment_consent(number, at).consent;
    let consent =
        consent.authorise(payment_authorisation(at), Vec::new(), None, Actor::Ponte).unwrap().consent;
    world.store.consents.lock().unwrap().insert(consent.id.clone(), consent.clone());
    consent
}

#[tokio::test]
async fn p04_an_authorised_consent_ends_as_rejected_with_no_reason_told() {
    let world = World::new(Dedupe::ByKey);
    let consent = authorised(&world, 1);
    let path = format!("/oob-consents/payments/v1/consents/{}", consent.id);
    let body =
        json!({"data": {"revocation": {"revokedBy": "USUARIO", "reason": {"code": "REVOGADO_USUARIO"}}}});
    let of_ana = json!({"x-customer-cpf": ANA});
    let reply = world.manage(APP, ("PATCH", &path), of_ana, Some(body.clone())).await;
    assert_eq!(reply.status, 404, "another customer's is unknown");
    let of_bruno = json!({"x-customer-cpf": BRUNO});
    let institution = json!({"data": {"rejection": {"rejectedBy": "DETENTORA"}}});
    let reply = world.manage(APP, ("PATCH", &path), of_bruno.clone(), Some(institution)).await;
    assert_eq!(reply.status, 403, "an app acts for its customer alone");
    let timed = json!({"data": {"rejection": {"rejectedBy": "DETENTORA", "reason": {"code": "TEMPO_EXPIRADO_CONSUMO"}}}});
    assert_eq!(world.manage(OFFICE, ("PATCH", &path), json!({}), Some(timed)).await.status, 422);
    let reply = world.manage(APP, ("PATCH", &path), of_bruno, Some(body)).await;
    assert_eq!(reply.status, 204, "{}", reply.body);
    let stored = world.store.consents.lock().unwrap()[&consent.id].clone();
    assert_eq!(stored.rejection().unwrap().code.as_str(), "NAO_INFORMADO");
    let again = json!({"data": {"rejection": {"rejectedBy": "DETENTORA"}}});
    assert_eq!(world.manage(OFFICE, ("PATCH", &path), json!({}), Some(again)).await.status, 422);
}

#[tokio::test]
async fn p55_a_scheduled_payment_is_cancelled_in_the_channel_and_never_goes_out() {
    let world = World::new(Dedupe::ByKey);
    let id = world.paid(1, Some(Date::parse("2026-03-02").unwrap())).await;
    world.turn().await;
    let path = format!("/oob-payments/v2/pix/payments/{id}");
    let body = |cpf: &str| {
        let document = json!({"identification": cpf, "rel": "CPF"});
        json!({"data": {"status": "CANC", "cancellation": {"cancelledBy": {"document": document}}}})
    };
    let of_bruno = json!({"x-customer-cpf": BRUNO});
    let for_ana = world.manage(APP, ("PATCH", &path), of_bruno.clone(), Some(body(ANA))).await;
    assert_eq!(for_ana.status, 403);
    let reply = world.manage(APP, ("PATCH", &path), of_bruno, Some(body(BRUNO))).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.data()["cancellation"]["cancelledFrom"], "DETENTORA");
    world.clock.wait(std::time::Duration::from_hours(20));
    world.settle(10).await;
    assert_eq!((world.status(&id), world.core.calls.lock().unwrap().len()), ("CANC", 0));
    let again = world.manage(OFFICE, ("PATCH", &path), json!({}), Some(body(BRUNO))).await;
    assert_eq!((again.status, again.code()), (422, "PAGAMENTO_NAO_PERMITE_CANCELAMENTO"));
}

#[tokio::test]
async fn the_office_lists_the_payments_of_a_consent_and_those_of_each_initiator() {
    let world = World::new(Dedupe::ByKey);
    let mut ids = Vec::new();
    for number in 1..=30 {
        ids.push(world.paid(number, None).await.to_string());
    }
    world.turn().await;
    let consent = ponte_kit::payment_examples::payment_consent_id(1);
    let path = format!("/oob-consents/consents/v1/consents/{consent}/payments");
    let reply = world.manage(OFFICE, ("GET", &path), json!({}), None).await;
    assert_eq!((reply.status, &reply.data()[0]["paymentId"]), (200, &json!(ids[0])), "{}", reply.body);
    let mut path = "/oob-consents/v1/tpps/payment-legacy-ids?createdOnBegin=2026-03-01&createdOnEnd=2026-03-02&page-size=7".to_owned();
    let mut found = Vec::new();
    loop {
        let reply = world.manage(OFFICE, ("GET", &path), json!({}), None).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        for item in reply.data().as_array().unwrap() {
            assert!(item["legacyId"].is_array() && item["status"] == "ACSC");
            found.push(item["paymentId"].as_str().unwrap().to_owned());
        }
        let Some(next) = reply.body["links"]["next"].as_str() else { break };
        path = next.split_once("/open-banking").unwrap().1.to_owned();
    }
    found.sort();
    ids.sort();
    assert_eq!(found, ids, "each once");
    let long = "/oob-consents/v1/tpps/payment-legacy-ids?createdOnBegin=2026-01-01&createdOnEnd=2026-03-02";
    assert_eq!(world.manage(OFFICE, ("GET", long), json!({}), None).await.status, 422);
}
