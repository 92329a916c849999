//! What the suite asks of many endpoints in the same way: calls by the dozen, and calls without an interaction id.

use ponte_catalog::Row;
use ponte_web::caller::Call;

use super::endpoints::{call_of, path_of, rows_of};
use super::*;

/// Calls an endpoint so often; each must be 200 and none 423.
pub(super) async fn call_often(scene: &Scene, granted: &Granted, path: &str, times: usize) {
    for call in 0..times {
        let reply = scene.get(path, &granted.tokens.access).await;
        assert_eq!(reply.status, 200, "{path}, call {call}: {}", reply.excerpt());
    }
}

/// The limits module of an API by two clients, for two products of the first customer: of the calls that `times` has for the
/// end of each path a share in a hundred is made.
pub(super) async fn limits_of(api: &str, permissions: &[&str], times: impl Fn(&str) -> usize, share: usize) {
    // One stack for both.
    let _shared = Scene::begin().await.shared;
    for client in 0..2 {
        let scene = Scene::begin_as(client).await;
        let granted = scene.granted(permissions).await;
        let products = scene.products(&granted, api).await;
        assert!(products.len() > 1, "{api}: the module takes two products");
        for row in rows_of(api).iter().filter(|row| row.ids.is_empty()) {
            let calls = (times(end_of(row)) * share).div_ceil(100);
            for product in products.iter().take(if row.product.is_some() { 2 } else { 1 }) {
                call_often(&scene, &granted, &path_of(row, product), calls).await;
            }
        }
    }
}

/// What follows the product in the path of a row, with its slash.
fn end_of(row: &Row) -> &'static str {
    row.template.rsplit_once('}').map_or(row.template, |(_, end)| end)
}

/// A call without an interaction id, or with one that is none, is 400 with an id that the server made (S31); a good one comes
/// back, which is asked of every answer.
pub(super) async fn interaction_ids(scene: &Scene, granted: &Granted, path: &str) {
    for given in [None, Some("x"), Some("00000000-0000-0000-0000-00000000000")] {
        let url = format!("{}{path}", scene.world.receiver.mtls_host());
        let call = Call::get(url).bearer(&granted.tokens.access);
        let call = given.into_iter().fold(call, |call, id| call.header("x-fapi-interaction-id", id));
        let reply = want(400, path, scene.world.receiver.send(call).await.expect("an answer"));
        assert!(reply.header("x-fapi-interaction-id").is_some_and(|made| made.len() == 36), "{path}: S31");
    }
    scene.read(path, granted).await;
}

/// The same for every endpoint of an API, with a product of the consent.
pub(super) async fn interaction_ids_of(scene: &Scene, granted: &Granted, api: &str) {
    let product = scene.products(granted, api).await.remove(0);
    for row in rows_of(api).iter().filter(|row| row.ids.is_empty()) {
        interaction_ids(scene, granted, &call_of(row, &product)).await;
    }
}

/// Ids of a consent that opens an API are forbidden under one that does not, not unknown (Z-COM-05).
pub(super) async fn wrong_permissions(scene: &Scene, api: &str, right: &Granted, wrong: &Granted) {
    let product = scene.products(right, api).await.remove(0);
    for path in endpoints_of(api, &product) {
        want(200, &path, scene.get(&path, &right.tokens.access).await);
        want(403, &path, scene.get(&path, &wrong.tokens.access).await);
    }
}

/// A list takes a thousand records a page and no more.
pub(super) async fn page_sizes(scene: &Scene, granted: &Granted, path: &str) {
    let joined = if path.contains('?') { '&' } else { '?' };
    scene.read(&format!("{path}{joined}page-size=1000"), granted).await;
    let reply = scene.get(&format!("{path}{joined}page-size=1001"), &granted.tokens.access).await;
    assert_eq!((reply.status, code(&reply).as_str()), (422, "PARAMETRO_INVALIDO"), "{path}");
}
