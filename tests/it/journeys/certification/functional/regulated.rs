//! Limits modules that go beyond the limit, which takes a stack with the regulation's own (L06, section 8.1).

use ponte_catalog::{Limits, Row};

use super::endpoints::{INVESTMENT_APIS, OF_EXCHANGES, OF_INVESTMENTS, call_of, row_of, rows_of};
use super::lists::{busiest, items};
use super::repeated::call_often;
use super::*;

const LIMITS: &[&str] = &["CallsPerMonth=8 30 120 240 420"];

/// Calls of an endpoint up to its limit. Beyond it nothing is begun any more; what was begun goes on by its links (C53).
async fn up_to_the_limit(scene: &Scene, granted: &Granted, row: &Row, product: &str, begun: usize) {
    let Limits::Operational { a_month } = row.limits else { panic!("{} has no limit", row.template) };
    let limit = usize::try_from(a_month).expect("a limit is small");
    let path = call_of(row, product);
    let first = scene.read(&path, granted).await;
    call_often(scene, granted, &path, limit - begun - 1).await;
    let reply = scene.get(&path, &granted.tokens.access).await;
    assert_eq!((reply.status, code(&reply).as_str()), (423, "LIMITE_OPERACIONAL_EXCEDIDO"), "{path}");
    assert!(reply.header("retry-after").is_some(), "{path}");
    let mut next = first["links"]["next"].as_str().map(str::to_owned);
    for page in 2..4 {
        let Some(link) = next.take() else { break };
        let body = scene.read(&link, granted).await;
        assert!(!items(&body).is_empty(), "page {page} of {path}");
        next = body["links"]["next"].as_str().map(str::to_owned);
    }
}

#[tokio::test]
async fn z_inv_05_z_exc_05_beyond_the_limit_a_list_goes_on_by_its_links_alone() {
    let scene = Scene::alone(LIMITS).await;
    let granted = scene.granted(&OF_INVESTMENTS).await;
    for api in INVESTMENT_APIS {
        let product = busiest(&scene, &granted, api, "/transactions").await;
        up_to_the_limit(&scene, &granted, row_of(api, "/transactions"), &product, 1).await;
    }
    let granted = scene.granted(&OF_EXCHANGES).await;
    let product = busiest(&scene, &granted, "exchanges", "/events").await;
    up_to_the_limit(&scene, &granted, row_of("exchanges", "/events"), &product, 1).await;
}

#[tokio::test]
#[ignore = "takes minutes: every endpoint up to its limit, some 1,300 calls in a row"]
async fn z_inv_05_z_exc_05_every_endpoint_is_served_up_to_its_limit() {
    let scene = Scene::alone(LIMITS).await;
    for (apis, permissions) in [(&INVESTMENT_APIS[..], &OF_INVESTMENTS[..]), (&["exchanges"], &OF_EXCHANGES)]
    {
        let granted = scene.granted(permissions).await;
        for api in apis {
            // The list is read once to know the product.
            let product = scene.products(&granted, api).await.remove(0);
            for row in rows_of(api).iter().filter(|row| row.ids.is_empty()) {
                let begun = usize::from(row.product.is_none());
                up_to_the_limit(&scene, &granted, row, &product, begun).await;
            }
        }
    }
}
