//! Who may do what: every route against keys that lack the scope, speak for another customer, or name another brand.

use ponte_authorization::api_key::ApiScope;
use serde_json::{Value, json};

use super::super::keys::{APP, OFFICE, READER, key_with};
use ponte_kit::gateway::Reply;

use super::super::world::{ANA, BAKERY, World, asked};
use super::{account, asked_by, of_ana, of_bruno, of_the_bakery_by_ana};

const NOBODY: &[ApiScope] = &[ApiScope::ReportsRead, ApiScope::ReportsWrite];
const UNKNOWN: &str = "urn:banco:00000000-0000-4000-8000-999999999999";

/// Every route about a consent: method, path, body, and whether apps may call it.
fn routes(id: &str) -> Vec<(&'static str, String, Option<Value>, bool)> {
    let revocation = json!({"data": {"status": "REVOKED", "revocation": {"revokedBy": "USER"}}});
    vec![
        ("GET", format!("/v1/consents/{id}"), None, true),
        ("GET", format!("/v1/consents/{id}/extends"), None, true),
        ("PATCH", format!("/consents/v1/consents/{id}"), Some(revocation), true),
        (
            "POST",
            format!("/v1/consents/{id}/authorisation"),
            Some(json!({"data": {"authorised": true}})),
            false,
        ),
    ]
}

/// Those that are about a customer.
fn others() -> Vec<(&'static str, String, Option<Value>, bool)> {
    let told = json!({"data": {"key": {"cpf": ANA}, "type": "ACCOUNT"}});
    vec![
        ("GET", format!("/v1/consents?cpf={ANA}"), None, true),
        ("POST", "/v1/resources-notification".to_owned(), Some(told), false),
    ]
}

async fn shared() -> (World, String) {
    let world = World::new();
    let id =
        world.authorised(&asked(), vec![account(&world, 1, &[]), account(&world, 2, &[super::CARLA])]).await;
    (world, id)
}

async fn call(
    world: &World,
    scopes: &[ApiScope],
    route: &(&str, String, Option<Value>, bool),
    more: Value,
) -> Reply {
    world.manage(scopes, (route.0, &route.1), more, route.2.clone()).await
}

fn denied(reply: &Reply, why: &str) {
    assert_eq!((reply.status, reply.code()), (403, "ACESSO_NEGADO"), "{why}");
    assert_eq!(reply.body.get("data"), None);
}

#[tokio::test]
async fn identity_a_key_without_the_scope_opens_no_route() {
    let (world, id) = shared().await;
    let commits = world.commits();
    for route in routes(&id).iter().chain(&others()) {
        denied(&call(&world, NOBODY, route, of_ana()).await, &route.1);
        if route.0 != "GET" {
            denied(&call(&world, READER, route, of_ana()).await, &route.1);
        }
        if !route.3 {
            denied(&call(&world, APP, route, of_ana()).await, &route.1);
        }
        let writer = &[ApiScope::ConsentsWrite];
        if route.0 == "GET" {
            denied(&call(&world, writer, route, json!({})).await, &route.1);
        }
    }
    assert_eq!(world.commits(), commits);
}

#[tokio::test]
async fn identity_an_app_names_its_customer_on_every_route() {
    let (world, id) = shared().await;
    let commits = world.commits();
    for route in routes(&id).iter().filter(|route| route.3) {
        denied(&call(&world, APP, route, json!({})).await, &route.1);
        let company_alone = json!({"x-customer-cnpj": BAKERY});
        denied(&call(&world, APP, route, company_alone).await, &route.1);
        let reply = call(&world, APP, route, json!({"x-customer-cpf": "1234567890"})).await;
        assert_eq!((reply.status, reply.code()), (400, "PARAMETRO_INVALIDO"));
    }
    let list = ("GET", "/v1/consents".to_owned(), None, true);
    denied(&call(&world, APP, &list, json!({})).await, "the list");
    let of_the_bakery = ("GET", format!("/v1/consents?cnpj={BAKERY}"), None, true);
    denied(&call(&world, APP, &of_the_bakery, json!({})).await, "a company alone is nobody");
    assert_eq!(call(&world, APP, &list, of_ana()).await.status, 200);
    assert_eq!(call(&world, APP, &others()[0], json!({})).await.status, 200, "the query names her as well");
    assert_eq!(world.commits(), commits);
}

#[tokio::test]
async fn identity_another_customer_s_consent_is_as_unknown_as_none() {
    let (world, id) = shared().await;
    let for_the_bakery = world.authorised(&asked_by(ANA, Some(BAKERY)), vec![account(&world, 1, &[])]).await;
    let commits = world.commits();
    for (id, stranger) in [(&id, of_bruno()), (&id, of_the_bakery_by_ana()), (&for_the_bakery, of_ana())] {
        for (route, unknown) in routes(id).iter().zip(routes(UNKNOWN)).filter(|(route, _)| route.3) {
            let reply = call(&world, APP, route, stranger.clone()).await;
            let none = call(&world, APP, &unknown, stranger.clone()).await;
            assert_eq!((reply.status, reply.code()), (404, "NAO_ENCONTRADO"), "{}", route.1);
            assert_eq!((reply.body, reply.headers), (none.body, none.headers), "byte for byte");
        }
    }
    // The back office is held to a customer it names itself, and to none otherwise.
    for route in routes(&id) {
        let reply = call(&world, OFFICE, &route, of_bruno()).await;
        assert_eq!((reply.status, reply.code()), (404, "NAO_ENCONTRADO"), "{}", route.1);
    }
    assert_eq!(world.commits(), commits);
    let list = ("GET", "/v1/consents".to_owned(), None, true);
    assert_eq!(call(&world, APP, &list, of_bruno()).await.data(), &json!([]));
}

#[tokio::test]
async fn identity_the_customer_s_own_key_opens_what_is_the_customer_s() {
    let (world, id) = shared().await;
    for route in routes(&id).iter().filter(|route| route.3) {
        let status = if route.0 == "GET" { 200 } else { 204 };
        assert_eq!(call(&world, APP, route, of_ana()).await.status, status, "{}", route.1);
    }
}

#[tokio::test]
async fn identity_a_key_with_more_scopes_is_the_weaker_one_where_it_must_be() {
    let (world, id) = shared().await;
    // It may look at everybody's; to end a consent it has the customer's right alone.
    let both = &[ApiScope::ConsentsRead, ApiScope::Customer];
    let [detail, _, revocation, _] = &routes(&id)[..] else { panic!("four routes") };
    assert_eq!(call(&world, both, detail, json!({})).await.status, 200);
    denied(&call(&world, both, revocation, json!({})).await, "no customer named");
    assert_eq!(call(&world, both, revocation, of_bruno()).await.status, 404);
    assert_eq!(call(&world, both, revocation, of_ana()).await.status, 204);
}

#[tokio::test]
async fn identity_another_brand_is_refused_and_our_own_is_not() {
    let (world, id) = shared().await;
    let commits = world.commits();
    for route in routes(&id).iter().chain(&others()) {
        denied(&call(&world, OFFICE, route, json!({"x-brand-id": "outro-banco"})).await, &route.1);
        let reply = call(&world, OFFICE, route, json!({"x-correlation-id": "not a uuid"})).await;
        assert_eq!((reply.status, reply.code()), (400, "PARAMETRO_INVALIDO"), "{}", route.1);
        // A header that cannot be read is not one that was left out.
        let unreadable = json!({"x-customer-cpf": format!("{ANA}\u{a0}")});
        let reply = call(&world, OFFICE, route, unreadable).await;
        assert_eq!((reply.status, reply.code()), (400, "PARAMETRO_INVALIDO"), "{}", route.1);
    }
    assert_eq!(world.commits(), commits);
    for route in routes(&id).iter().filter(|route| route.0 == "GET") {
        assert_eq!(call(&world, OFFICE, route, json!({"x-brand-id": "banco"})).await.status, 200);
    }
}

#[tokio::test]
async fn identity_the_routes_exist_on_the_management_host_alone() {
    let (world, id) = shared().await;
    for (method, path, body, _) in routes(&id).into_iter().chain(others()) {
        let headers = json!({"x-api-key": key_with(&world.keys, OFFICE, world.now()), "content-type": "application/json"});
        let path = format!("/open-banking/oob-consents{path}");
        let reply = world.send(method, &path, headers, body.map(|body| body.to_string())).await;
        assert_eq!((reply.status, reply.code()), (404, "NAO_ENCONTRADO"), "{path}");
        assert_eq!(reply.body["errors"][0]["title"], "Endpoint não encontrado");
    }
}
