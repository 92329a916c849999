//! A consent is given, renewed without the customer coming back, and revoked: its history stays, its tokens end
//! (C30 to C34).

use std::time::Duration;

use futures_util::future;
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

/// Renewals at once, by as many environments of the function.
const RACERS: u32 = 8;

#[tokio::test]
async fn c34_parallel_renewals_leave_a_chain_whose_first_item_is_the_end_in_force() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let (world, callers) = (World::around(&stack).await, Callers::of(&stack));
    let own = world.client_token().await;
    let start = Moment::from_seconds(clock::now().seconds());
    let end = |days: u32| start.plus(DAY * days).to_string();
    let person = json!({"document": {"identification": stack.text("/customers/0/cpf"), "rel": "CPF"}});
    let permissions = json!(["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"]);
    let first = end(30);
    let asked =
        json!({"data": {"loggedUser": person, "permissions": permissions, "expirationDateTime": first}});
    let (status, created) = call(&callers, ("POST", CONSENTS), &own, Some(asked)).await;
    assert_eq!(status, 201, "{created}");
    let id = created["data"]["consentId"].as_str().expect("a consent has an id");
    let tokens = world.agree(&world.log_in(id).await).await;
    let consent = format!("{CONSENTS}/{id}");
    let (extends, history) = (format!("{consent}/extends"), format!("{consent}/extensions?page-size=100"));
    let mut renewed = Vec::new();
    for round in 0..4 {
        let racers = (1..=RACERS).map(|racer| {
            let end = end(30 + round * RACERS + racer);
            let body = json!({"data": {"loggedUser": person, "expirationDateTime": end}});
            let (callers, extends, access) = (&callers, &extends, &tokens.access);
            async move { (call(callers, ("POST", extends), access, Some(body)).await, end) }
        });
        for ((status, answer), end) in future::join_all(racers).await {
            // Whoever comes behind a later end is refused, and whoever met others at every try is told to come back.
            assert!([201, 422, 529].contains(&status), "{answer}");
            if status == 201 {
                renewed.push(end);
            }
        }
    }
    assert!(renewed.len() >= 4, "one of each round: {renewed:?}");
    let (status, listed) = call(&callers, ("GET", &history), &own, None).await;
    assert_eq!((status, &listed["meta"]["totalRecords"]), (200, &json!(renewed.len())), "{listed}");
    let items = listed["data"].as_array().expect("a list");
    let told = |name: &str| -> Vec<String> {
        items.iter().map(|item| item[name].as_str().unwrap_or_default().to_owned()).collect()
    };
    let (ends, before) = (told("expirationDateTime"), told("previousExpirationDateTime"));
    let (_, read) = call(&callers, ("GET", &consent), &own, None).await;
    assert_eq!(read["data"]["expirationDateTime"], json!(ends[0]), "the first item is in force");
    assert_eq!(before[..before.len() - 1], ends[1..], "the chain is unbroken");
    assert_eq!(before.last(), Some(&first));
    assert!(told("requestDateTime").is_sorted_by(|former, next| former >= next), "newest first");
    renewed.sort();
    renewed.reverse();
    assert_eq!(ends, renewed, "every renewal that was answered is there");
}
