//! Payment consents in the command loop.

use ponte_kit::connector::Core;
use ponte_payment::consent::{ConsentRejectionCode, PaymentConsentStatus};
use serde_json::{Value, json};

use super::super::commands::{named, world};
use super::super::world::{ANA, BRUNO, World, device};
use super::{account, asked, asked_with, person};

fn choice(ids: &[&str]) -> Value {
    json!({"selectedResources": ids, "device": device()})
}

async fn logged_in_to(request: &Value) -> (World, String) {
    let world = world();
    let id = world.begin_payment(request).await;
    assert_eq!(named(&world.authenticated(ANA, None).await), ("consent", ""));
    (world, id)
}

#[tokio::test]
async fn p10_the_loop_shows_what_is_paid_and_takes_one_account() {
    let world = world();
    let id = world.begin_payment(&asked_with("/debtorAccount", account("1"))).await;
    let first = world.command().await;
    assert_eq!((named(&first), &first.body["type"]), (("authenticate", ""), &json!("PAYMENT")));
    let command = world.authenticated(ANA, None).await;
    assert_eq!((named(&command), &command.body["type"]), (("consent", ""), &json!("PAYMENT")));
    let command = &command.body["consentCommand"];
    let consent = json!({
        "type": "PAYMENT", "brandId": "banco", "externalId": id, "tpp": {"name": "Receptora Exemplo"},
        "creationDateTime": "2026-03-01T12:00:00Z", "expirationDateTime": "2026-03-01T12:05:00Z",
        "creditors": [asked()["creditor"]], "payment": asked()["payment"], "debtorAccount": account("1"),
        "resources": [{
            "id": "public-1", "type": "ACCOUNT", "name": [{"key": "type", "value": "Conta corrente"}],
            "balanceCurrency": "BRL", "balanceAmount": "1000.00", "defaultSelected": true,
            "hasMultipleAuthorisers": false,
        }],
    });
    assert_eq!(command["consent"], consent);
    assert_eq!((&command["brand"], &command["permissions"]), (&json!({"id": "banco"}), &json!([])));
    assert_eq!(command["resourceTypes"], json!([{"name": "ACCOUNT", "title": "Contas", "permissions": []}]));
    let last = world.result("consent", &choice(&["public-1"])).await;
    assert_eq!(named(&last), ("completed", ""));
    assert_eq!(world.payment_status(&id), PaymentConsentStatus::Authorised);
    let again = world.result("consent", &choice(&["public-1"])).await;
    assert_eq!(again.body, last.body, "T61");
}

#[tokio::test]
async fn p33_the_loop_takes_one_offered_account_and_says_when_a_payment_cannot_be_made() {
    let (world, id) = logged_in_to(&asked_with("/payment/amount", json!("5000.00"))).await;
    for (ids, error) in [
        (&[][..], "RESOURCE_MUST_CONTAIN_ID_SELECTABLE_PRODUCTS"),
        (&["public-9"][..], "RESOURCE_MUST_CONTAIN_ID"),
        (&["public-1", "public-2"][..], "INVALID_PAYMENT_DATA"),
    ] {
        let reply = world.result("consent", &choice(ids)).await;
        assert_eq!(named(&reply), ("error", error));
        assert!(reply.body["errorCommand"].get("redirect").is_none(), "it goes on");
    }
    *world.core.judges_nothing.lock().unwrap() = true;
    let reply = world.result("consent", &choice(&["public-1"])).await;
    assert_eq!(named(&reply), ("error", "GENERIC_ERROR"));
    assert!(reply.body["errorCommand"].get("redirect").is_none(), "the customer may try again");
    assert_eq!(world.payment_status(&id), PaymentConsentStatus::AwaitingAuthorisation);
    *world.core.judges_nothing.lock().unwrap() = false;
    let last = world.result("consent", &choice(&["public-1"])).await;
    assert_eq!(named(&last), ("error", "INVALID_PAYMENT_DATA"));
    assert!(last.body["errorCommand"]["redirect"]["redirectTo"].is_string(), "{}", last.body);
    assert_eq!(world.rejection(&id).0, ConsentRejectionCode::SaldoInsuficiente);
    let again = world.result("consent", &choice(&["public-1"])).await;
    assert_eq!(again.body, last.body, "T61");
}

#[tokio::test]
async fn p33_without_an_account_the_loop_ends_with_the_yes() {
    let (world, id) = logged_in_to(&asked_with("/debtorAccount", account("9"))).await;
    let reply = world.result("consent", &choice(&[])).await;
    assert_eq!(named(&reply), ("error", "INVALID_PAYMENT_DATA"));
    assert!(reply.body["errorCommand"]["redirect"]["redirectTo"].is_string());
    assert_eq!(world.rejection(&id).0, ConsentRejectionCode::ContaNaoPermitePagamento);
}

#[tokio::test]
async fn z_pay_47_the_loop_waits_for_the_others() {
    let world = world();
    *world.core.approvers.lock().unwrap() = vec![person(BRUNO)];
    let id = world.begin_payment(&asked()).await;
    let command = world.authenticated(ANA, None).await;
    let resources = &command.body["consentCommand"]["consent"]["resources"];
    assert_eq!(resources[1]["hasMultipleAuthorisers"], true);
    let mut body = choice(&["public-2"]);
    body["isMultipleRequirer"] = json!(true);
    body["isConsentAuthorized"] = json!(false);
    assert_eq!(named(&world.result("consent", &body).await), ("completed", ""));
    assert_eq!(world.payment_status(&id), PaymentConsentStatus::PartiallyAccepted);
    assert_eq!(world.payment(&id).authorisation().unwrap().debtor.account, Core::account(1));
}

#[tokio::test]
async fn p33_the_loop_tells_somebody_else_and_ends() {
    let world = world();
    let id = world.begin_payment(&asked()).await;
    assert_eq!(named(&world.authenticated(BRUNO, None).await), ("error", "CPF_MISMATCH"));
    assert_eq!(world.rejection(&id).0, ConsentRejectionCode::AutenticacaoDivergente);
}

#[tokio::test]
async fn a_core_that_lists_no_accounts_in_time_is_asked_again() {
    let world = world();
    *world.core.down.lock().unwrap() = true;
    let id = world.begin_payment(&asked()).await;
    assert_eq!(named(&world.authenticated(ANA, None).await), ("error", "DISCOVERY_TIMEOUT"));
    *world.core.down.lock().unwrap() = false;
    assert_eq!(named(&world.command().await), ("consent", ""));
    assert_eq!(named(&world.result("consent", &choice(&["public-1"])).await), ("completed", ""));
    assert_eq!(world.payment_status(&id), PaymentConsentStatus::Authorised);
}
