//! Who gets past the management host: every identity against every key, and what the log tells of it.

mod scene;

use std::time::Duration;

use http::header::AUTHORIZATION;
use ponte_authorization::api_key::{ApiKey, KeyStatus};
use serde_json::json;

use crate::captured_log::Log;
use scene::*;

const NOT_KNOWN: (i64, &str) = (401, "NAO_AUTORIZADO");
const NO_ROUTE: (i64, &str) = (404, "NAO_ENCONTRADO");

#[tokio::test]
async fn the_key_of_a_caller_opens_over_its_certificate() {
    let scene = Scene::new();
    let reply = scene.get(READ, &scene.key(APP_KEY)).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body["data"], json!({"actor": format!("{APP}/{APP_KEY}")}));
    assert_eq!(reply.body["links"]["self"], format!("{MANAGEMENT}/managed/things/1"));
    assert_eq!(scene.get(READ, &scene.key(OFFICE_KEY)).await.error(), NOT_KNOWN, "another caller's key");
    assert!(scene.reports().is_empty(), "nothing of it concerns the metrics platform");
}

#[tokio::test]
async fn identity_by_key_nothing_opens_but_a_caller_s_own_key() {
    let scene = Scene::new();
    let certificates = [
        ("app", Some(certificate(Some(APP)))),
        ("office", Some(certificate(Some(OFFICE)))),
        ("stranger", Some(certificate(Some("stranger.example")))),
        ("without a name", Some(certificate(None))),
        ("upper case", Some(certificate(Some("APP.banco.example")))),
        ("not for clients", Some(made(Some(APP), |params| params.extended_key_usages.clear()))),
        ("expired", Some(made(Some(APP), |params| params.not_after = rcgen::date_time_ymd(2026, 2, 28)))),
        (
            "not yet valid",
            Some(made(Some(APP), |params| params.not_before = rcgen::date_time_ymd(2026, 3, 2))),
        ),
        ("no certificate at all", Some("x".to_owned())),
        ("none", None),
    ];
    let keys = [
        ("app's", Some(scene.key(APP_KEY))),
        ("office's", Some(scene.key(OFFICE_KEY))),
        ("unknown id", Some(format!("ponte_ffffffffffffffff_{}", secret_of(APP_KEY)))),
        ("wrong secret", Some(format!("ponte_{APP_KEY}_{}", secret_of(OFFICE_KEY)))),
        ("revoked", Some(scene.key(REVOKED_KEY))),
        ("expired", Some(scene.key(EXPIRED_KEY))),
        ("secret alone", Some(secret_of(APP_KEY))),
        ("two keys", Some(format!("{},{}", scene.key(APP_KEY), scene.key(APP_KEY)))),
        ("empty", Some(String::new())),
        ("none", None),
    ];
    let mut opened = Vec::new();
    let mut refusals = std::collections::BTreeSet::new();
    for (who, pem) in &certificates {
        for (what, key) in &keys {
            let reply = scene.call(&Call { key: key.as_deref(), pem: pem.as_deref(), ..READ }).await;
            if reply.status == 200 {
                opened.push((*who, *what));
            } else {
                assert_eq!(reply.error(), NOT_KNOWN, "{who} with {what}");
                refusals.insert(reply.body["errors"].to_string());
            }
        }
    }
    assert_eq!(opened, [("app", "app's"), ("office", "office's")]);
    assert_eq!(refusals.len(), 1, "one text for all: {refusals:?}");
}

#[tokio::test]
async fn a_key_is_read_from_its_own_header_only() {
    let scene = Scene::new();
    let key = scene.key(APP_KEY);
    for value in [key.clone(), format!("Bearer {key}"), format!("ApiKey {key}")] {
        let call = Call { headers: json!({AUTHORIZATION.as_str(): value}), key: None, ..READ };
        assert_eq!(scene.own(call).await.error(), NOT_KNOWN);
    }
    let query = Call { query: &format!("x-api-key={key}"), key: None, ..READ };
    assert_eq!(scene.own(query).await.error(), NOT_KNOWN);
}

#[tokio::test]
async fn a_good_key_without_the_scope_is_403_and_one_scope_of_several_is_enough() {
    let scene = Scene::new();
    let reply = scene.own(Call { key: Some(&scene.key(APP_KEY)), ..WRITE }).await;
    assert_eq!(reply.error(), (403, "ACESSO_NEGADO"));
    let call = Call { key: Some(&scene.key(OFFICE_KEY)), pem: Some(&certificate(Some(OFFICE))), ..WRITE };
    assert_eq!(scene.call(&call).await.status, 200);
    let shared = Call { path: "/managed/shared", ..READ };
    assert_eq!(scene.get(shared, &scene.key(APP_KEY)).await.status, 200);
    let foreign = Call { key: Some(&scene.key(APP_KEY)), pem: Some(&certificate(Some(OFFICE))), ..WRITE };
    assert_eq!(scene.call(&foreign).await.error(), NOT_KNOWN, "who it is comes before what it may");
}

#[tokio::test]
async fn on_another_host_there_is_no_such_route() {
    let scene = Scene::new();
    let key = scene.key(APP_KEY);
    let unknown = scene.get(Call { path: "/nowhere", ..READ }, &key).await;
    let hosts = [("mtls.banco.example", "443"), ("", "443"), ("gestao.banco.example", "8443")];
    for (host, port) in hosts {
        for call in [READ, WRITE, Call { method: "PATCH", ..READ }] {
            let reply = scene.own(Call { host, port: Some(port), key: Some(&key), ..call }).await;
            assert_eq!(reply.error(), NO_ROUTE, "{host}:{port}");
            assert_eq!(reply.body["errors"], unknown.body["errors"], "as if there were none");
        }
    }
    let forged =
        Call { host: "mtls.banco.example", headers: json!({"host": "gestao.banco.example"}), ..READ };
    assert_eq!(scene.get(forged, &key).await.error(), NO_ROUTE, "the gateway says where it came in");
    assert_eq!(scene.get(Call { port: None, ..READ }, &key).await.status, 200);
    assert_eq!(scene.get(Call { host: "GESTAO.banco.example", ..READ }, &key).await.status, 200);
    assert_eq!(
        scene.get(Call { method: "PATCH", ..READ }, &key).await.error(),
        (405, "METODO_NAO_PERMITIDO")
    );
}

#[tokio::test]
async fn a_door_without_managers_has_no_managed_routes() {
    let scene = Scene::without_managers();
    assert_eq!(scene.get(READ, &scene.key(APP_KEY)).await.error(), NO_ROUTE);
}

#[tokio::test]
async fn a_management_url_with_a_port_is_that_port() {
    let scene = Scene::at("https://localhost:8449");
    let key = scene.key(APP_KEY);
    let local = Call { host: "localhost", port: Some("8449"), ..READ };
    assert_eq!(scene.get(local, &key).await.status, 200);
    for port in [Some("8440"), Some("443"), Some("x"), Some(""), None] {
        let call = Call { host: "localhost", port, ..READ };
        assert_eq!(scene.get(call, &key).await.error(), NO_ROUTE, "{port:?}");
    }
}

#[tokio::test]
async fn c54_what_is_sent_and_taken_is_json_and_identity_comes_first() {
    let scene = Scene::new();
    let (key, pem) = (scene.key(OFFICE_KEY), certificate(Some(OFFICE)));
    let xml = json!({"content-type": "application/xml"});
    let call = Call { key: Some(&key), pem: Some(&pem), headers: xml.clone(), ..WRITE };
    assert_eq!(scene.call(&call).await.error(), (415, "TIPO_NAO_SUPORTADO"));
    let page = json!({"content-type": "application/json", "accept": "text/html"});
    let call = Call { headers: page, ..call };
    assert_eq!(scene.call(&call).await.error(), (406, "NAO_ACEITAVEL"));
    let nobody = Call { headers: xml, ..WRITE };
    assert_eq!(scene.own(nobody).await.error(), NOT_KNOWN);
}

#[tokio::test]
async fn a_revocation_counts_from_the_next_call_on() {
    let scene = Scene::new();
    let key = scene.key(APP_KEY);
    assert_eq!(scene.get(READ, &key).await.status, 200);
    scene.change(APP_KEY, |key| key.revoke(now()).unwrap().key);
    assert_eq!(scene.get(READ, &key).await.error(), NOT_KNOWN);
}

#[tokio::test]
async fn a_retired_secret_counts_until_the_end_of_its_grace() {
    let scene = Scene::new();
    let (old, new) = (scene.key(APP_KEY), format!("ponte_{APP_KEY}_{}", "n".repeat(43)));
    let hash = ponte_fapi::secret::hash(&"n".repeat(43));
    scene.change(APP_KEY, |key| key.rotate(hash, Duration::from_mins(10), now()).unwrap().key);
    assert_eq!(scene.get(READ, &old).await.status, 200);
    assert_eq!(scene.get(READ, &new).await.status, 200);
    scene.wait(Duration::from_mins(10));
    assert_eq!(scene.get(READ, &old).await.error(), NOT_KNOWN);
    assert_eq!(scene.get(READ, &new).await.status, 200);
}

#[tokio::test]
async fn a_store_that_fails_lets_nobody_in() {
    let scene = Scene::new();
    scene.break_store();
    assert_eq!(scene.get(READ, &scene.key(APP_KEY)).await.error(), (500, "ERRO_INTERNO"));
}

#[tokio::test]
async fn t44_the_log_names_key_and_outcome_and_never_a_secret_or_a_path() {
    let log = Log::capture();
    let scene = Scene::new();
    let keys = [APP_KEY, OFFICE_KEY, REVOKED_KEY, EXPIRED_KEY].map(|id| scene.key(id));
    for key in &keys {
        scene.get(READ, key).await;
        scene.get(Call { headers: json!({"authorization": format!("Bearer {key}")}), ..READ }, key).await;
        scene.own(Call { key: Some(key), ..WRITE }).await;
    }
    scene.get(READ, &format!("ponte_{APP_KEY}_{}", "w".repeat(43))).await;
    scene.get(READ, &format!("ponte_ffffffffffffffff_{}", "w".repeat(43))).await;
    scene.own(Call { key: None, ..READ }).await;
    scene.own(Call { key: Some("segredo-solto"), ..READ }).await;
    scene.call(&Call { key: Some(&keys[0]), pem: None, ..READ }).await;
    scene.break_store();
    scene.get(READ, &keys[0]).await;
    let text = log.text();
    for outcome in [
        "admitted",
        "certificate missing or unfit",
        "key missing or malformed",
        "key unknown",
        "secret wrong",
        "certificate of another caller",
        "key revoked",
        "key expired",
        "scope missing",
        "key not read",
    ] {
        assert!(text.contains(&format!("access=\"{outcome}\"")), "{outcome}: {text}");
    }
    assert!(text.contains(&format!("key=\"{APP_KEY}\"")), "{text}");
    assert!(text.contains("HANDLED call=ManagerCall"), "what a handler shows is in here too: {text}");
    let hidden = [APP_KEY, OFFICE_KEY, REVOKED_KEY, EXPIRED_KEY].map(secret_of);
    let hashes = hidden.clone().map(|secret| ponte_fapi::secret::hash(&secret));
    for secret in hidden.iter().chain(&hashes).map(String::as_str).chain(["wwwww", "segredo", "things/1"]) {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[test]
fn a_key_of_a_scene_is_what_its_name_says() {
    let scene = Scene::new();
    let worth = |id: &str| scene.stored(id).at(now());
    assert_eq!(worth(APP_KEY), KeyStatus::Active);
    assert_eq!((worth(REVOKED_KEY), worth(EXPIRED_KEY)), (KeyStatus::Revoked, KeyStatus::Expired));
    let shown: fn(&ApiKey) -> String = |key| format!("{key:?}");
    assert!(!shown(&scene.stored(APP_KEY)).contains(&ponte_fapi::secret::hash(&secret_of(APP_KEY))));
}
