//! Calls that the token, the consent or the product in the path does not allow.

use std::time::Duration;

use ponte_data_consent::consent::RejectedBy;
use ponte_kit::identity;
use ponte_ports::audit::Actor;
use ponte_values::ResourceKind;

use super::super::world::{CLIENT, CONSENT};
use super::bodies::assert_refused;
use super::everything::{Everything, kind_in_path, number, permission, permissions, rows, scopes_without};

const DENIED: (u16, &str) = (403, "ACESSO_NEGADO");
const NOT_FOUND: (u16, &str) = (404, "NAO_ENCONTRADO");
const UNAUTHORISED: (u16, &str) = (401, "NAO_AUTORIZADO");

#[tokio::test]
async fn c22_no_row_is_served_without_its_permission() {
    let everything = Everything::shared().await;
    let whole = everything.world.consent();
    for row in rows() {
        let mut consent = whole.clone();
        consent.permissions = permissions(|one| one == permission(row));
        everything.world.put(consent);
        let reply = everything.world.ask(&everything.token, &everything.path(row), "").await;
        assert_refused(&reply, row, DENIED, "without its permission");
    }
    assert!(everything.world.asked().is_empty(), "nobody is asked");
}

#[tokio::test]
async fn s30_no_row_is_served_without_its_scope() {
    let everything = Everything::shared().await;
    for row in rows() {
        let scope = scopes_without(CONSENT, row.api.name);
        let token = identity::minted(CLIENT, &scope, Some(CONSENT), everything.world.now());
        let reply = everything.world.ask(&token, &everything.path(row), "").await;
        assert_refused(&reply, row, DENIED, "without its scope");
    }
    assert!(everything.world.asked().is_empty(), "nobody is asked");
}

#[tokio::test]
async fn c60_z_com_05_an_id_of_another_consent_is_not_found_and_without_the_permission_denied() {
    let everything = Everything::shared().await;
    let other = everything.other().await;
    let whole = everything.world.consent();
    let mut walked = 0;
    // Rows without a product in the path have no id to take from elsewhere.
    for (row, kind) in rows().filter_map(|row| Some((row, kind_in_path(row)?))) {
        let path = everything.path_of(row, number(kind) + 1);
        let own = everything.world.ask(&other, &path, "").await;
        assert_eq!(own.status, 200, "{}: it is there: {}", row.operation, own.body);
        let asked = everything.world.asked().len();
        let reply = everything.world.ask(&everything.token, &path, "").await;
        assert_refused(&reply, row, NOT_FOUND, "of another consent");
        everything.change(|mut consent| {
            consent.permissions = permissions(|one| one == permission(row));
            consent
        });
        let reply = everything.world.ask(&everything.token, &path, "").await;
        assert_refused(&reply, row, DENIED, "of another consent and without its permission");
        assert_eq!(everything.world.asked().len(), asked, "{}: nobody is asked", row.operation);
        everything.world.put(whole.clone());
        walked += 1;
    }
    assert_eq!(walked, rows().filter(|row| row.product.is_some()).count());
    assert!(walked > 45, "{walked}");
}

#[tokio::test]
async fn c60_an_id_of_a_product_of_another_kind_is_not_found() {
    let everything = Everything::shared().await;
    for (row, kind) in rows().filter_map(|row| Some((row, kind_in_path(row)?))) {
        for other in ResourceKind::ALL.iter().copied().filter(|other| *other != kind) {
            let path = everything.path_of(row, number(other));
            let reply = everything.world.ask(&everything.token, &path, "").await;
            assert_refused(&reply, row, NOT_FOUND, other.as_str());
        }
    }
    assert!(everything.world.asked().is_empty(), "nobody is asked");
}

#[tokio::test]
async fn c04_no_row_is_served_under_a_consent_that_was_revoked() {
    let everything = Everything::shared().await;
    let now = everything.world.now();
    everything.change(|consent| {
        consent.revoke(RejectedBy::User, Actor::Ponte, now).expect("it is in force").consent
    });
    for row in rows() {
        let reply = everything.world.ask(&everything.token, &everything.path(row), "").await;
        assert_refused(&reply, row, UNAUTHORISED, "revoked");
    }
    assert!(everything.world.asked().is_empty(), "nobody is asked");
}

#[tokio::test]
async fn s32_no_row_is_served_by_a_token_that_has_expired() {
    let everything = Everything::shared().await;
    // Tokens of the tests are good for fifteen minutes.
    let minted = |seconds| {
        let at = everything.world.now().minus(Duration::from_secs(seconds));
        identity::minted(CLIENT, &scopes_without(CONSENT, ""), Some(CONSENT), at)
    };
    let (last, expired) = (minted(899), minted(900));
    for row in rows() {
        let path = everything.path(row);
        assert_eq!(
            everything.world.ask(&last, &path, "").await.status,
            200,
            "{}: its last second",
            row.operation
        );
        let asked = everything.world.asked().len();
        let reply = everything.world.ask(&expired, &path, "").await;
        assert_refused(&reply, row, UNAUTHORISED, "expired");
        assert_eq!(everything.world.asked().len(), asked, "{}: nobody is asked", row.operation);
    }
}
