//! What a token does not reach, for one API of each family.

use http::Method;

use super::consents::every_permission;
use super::endpoints::{endpoints_of, list_of};
use super::*;

/// An API of each family that has products.
const APIS: [&str; 5] = ["accounts", "credit-cards-accounts", "loans", "funds", "exchanges"];

#[tokio::test]
async fn c60_ids_of_another_customer_or_of_another_kind_are_unknown() {
    let scene = Scene::begin().await;
    let own = scene.granted(&every_permission()).await;
    let mut every = every_permission();
    every.retain(|permission| !permission.starts_with("CUSTOMERS"));
    let other = scene.granted_by(PADARIA, &every).await;
    let mut products = Vec::new();
    for api in APIS {
        products.push(scene.products(&own, api).await.remove(0));
    }
    for (position, api) in APIS.into_iter().enumerate() {
        let foreign = scene.products(&other, api).await.remove(0);
        let of_next_kind = products[(position + 1) % APIS.len()].clone();
        for id in [foreign, of_next_kind, "nobody-has-this".to_owned()] {
            for path in endpoints_of(api, &id).into_iter().filter(|path| path != list_of(api).template) {
                let reply = scene.get(&path, &own.tokens.access).await;
                assert_eq!((reply.status, code(&reply).as_str()), (404, "NAO_ENCONTRADO"), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn s30_a_consent_that_was_revoked_opens_no_endpoint_of_any_family() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&every_permission()).await;
    let mut paths = vec!["/open-banking/customers/v2/personal/identifications".to_owned()];
    for api in APIS {
        let product = scene.products(&granted, api).await.remove(0);
        paths.extend(endpoints_of(api, &product));
    }
    for path in &paths {
        scene.read(path, &granted).await;
    }
    let consent = format!("{CONSENTS}/{}", granted.consent);
    want(204, "delete", scene.ask(Method::DELETE, &consent, &scene.own, None).await);
    for path in &paths {
        want(401, path, scene.get(path, &granted.tokens.access).await);
    }
}
