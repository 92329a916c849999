//! A consent is given, renewed without the customer coming back, and revoked: its history stays, its tokens end
//! (C30 to C34).

use std::time::Duration;

use ponte_machine::clock;
use ponte_values::Moment;
use serde_json::{Value, json};

use super::callers::{Callers, Got, Host};
use super::steps::World;
use crate::stack::Stack;

const CONSENTS: &str = "/open-banking/consents/v3/consents";
const DAY: Duration = Duration::from_hours(24);

/// One call to the consents API with a token.
async fn call(callers: &Callers, call: (&str, &str), token: &str, body: Option<Value>) -> (u16, Value) {
    let bearer = format!("Bearer {token}");
    let id = clock::new_id();
    let headers = [
        ("authorization", bearer.as_str()),
        ("x-fapi-interaction-id", &id),
        ("x-fapi-customer-ip-address", "203.0.113.9"),
        ("x-customer-user-agent", "journey"),
        ("content-type", "application/json"),
    ];
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let Got { status, body, interaction, .. } =
        callers.call(Host::Mtls, call, &headers, body.into_bytes()).await;
    assert_eq!(interaction.as_deref(), Some(id.as_str()), "S31: {body}");
    (status, serde_json::from_str(&body).unwrap_or_default())
}

#[tokio::test]
async fn c30_c34_a_consent_is_renewed_without_its_customer_and_its_history_outlives_it() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let (world, callers) = (World::around(&stack).await, Callers::of(&stack));
    let own = world.client_token().await;
    let end = |days: u32| Moment::from_seconds(clock::now().seconds()).plus(DAY * days).to_string();
    let person = json!({"document": {"identification": stack.text("/customers/0/cpf"), "rel": "CPF"}});
    let permissions = json!(["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"]);
    let first = end(30);
    let asked =
        json!({"data": {"loggedUser": person, "permissions": permissions, "expirationDateTime": first}});
    let (status, created) = call(&callers, ("POST", CONSENTS), &own, Some(asked)).await;
    assert_eq!(status, 201, "{created}");
    let id = created["data"]["consentId"].as_str().expect("a consent has an id");
    let tokens = world.agree(&world.log_in(id).await).await;

    let extends = format!("{CONSENTS}/{id}/extends");
    let renewal = |end: &str| Some(json!({"data": {"loggedUser": person, "expirationDateTime": end}}));
    let (status, refused) = call(&callers, ("POST", &extends), &tokens.access, renewal(&first)).await;
    assert_eq!((status, &refused["errors"][0]["code"]), (422, &json!("DATA_EXPIRACAO_INVALIDA")));
    let (status, _) = call(&callers, ("POST", &extends), &own, renewal(&end(60))).await;
    assert_eq!(status, 403, "a renewal needs the customer's token");
    let (second, third) = (end(60), end(500));
    for end in [&second, &third] {
        let (status, renewed) = call(&callers, ("POST", &extends), &tokens.access, renewal(end)).await;
        assert_eq!((status, &renewed["data"]["expirationDateTime"]), (201, &json!(end)), "{renewed}");
    }
    world.tick("expiry").await;
    assert_eq!(world.accounts(&tokens.access, id).await.status, 200, "the tokens stay as they were (C32)");

    let consent = format!("{CONSENTS}/{id}");
    let (status, read) = call(&callers, ("GET", &consent), &own, None).await;
    assert_eq!((status, &read["data"]["expirationDateTime"]), (200, &json!(third)));
    let history = format!("{consent}/extensions");
    let (status, _) = call(&callers, ("DELETE", &consent), &own, None).await;
    assert_eq!(status, 204);
    let (status, _) = call(&callers, ("POST", &extends), &tokens.access, renewal(&end(700))).await;
    assert_eq!(status, 401, "a consent that ended takes its tokens with it");
    let (status, listed) = call(&callers, ("GET", &history), &own, None).await;
    assert_eq!(status, 200, "{listed}");
    let of = |place: usize, name: &str| listed["data"][place][name].clone();
    assert_eq!(
        (of(0, "expirationDateTime"), of(0, "previousExpirationDateTime")),
        (json!(third), json!(second))
    );
    assert_eq!(
        (of(1, "expirationDateTime"), of(1, "previousExpirationDateTime")),
        (json!(second), json!(first))
    );
    assert_eq!((of(1, "loggedUser"), of(1, "xCustomerUserAgent")), (person.clone(), json!("journey")));
    assert_eq!(listed["meta"]["totalRecords"], 2);
}
