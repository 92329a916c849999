//! The documents that phones fetch, as Apple and Google describe them.

use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::testing::{Gateway, Memory};

const APPLE: &str = "/.well-known/apple-app-site-association";
const ANDROID: &str = "/.well-known/assetlinks.json";

fn fingerprint(byte: &str) -> String {
    [byte; 32].join(":")
}

#[tokio::test]
async fn ios_is_told_the_apps_and_their_paths() {
    let memory = Arc::new(Memory::default());
    *memory.commands.lock().unwrap() = true;
    for id in ["A1B2C3D4E5.br.example.app", "A1B2C3D4E5.br.example.app-teste"] {
        memory.apple_apps.lock().unwrap().push(AppleAppId::parse(id).unwrap());
    }
    let reply = Gateway::over(&memory).public("GET", APPLE, "").await;
    let expected = json!({"applinks": {"details": [{
        "appIDs": ["A1B2C3D4E5.br.example.app", "A1B2C3D4E5.br.example.app-teste"],
        "components": [
            {"/": "/auth/authorize"},
            {"/": "/auth/handoff/v1/*", "exclude": true},
            {"/": "/auth/handoff/*"},
        ],
    }]}});
    assert_eq!((reply.status, reply.json()), (200, expected));
    assert_eq!(reply.headers["content-type"], "application/json; charset=utf-8");
    assert_eq!(reply.headers["cache-control"], "public, max-age=3600");
    // An app would take the link over and find no commands.
    *memory.commands.lock().unwrap() = false;
    assert_eq!(Gateway::over(&memory).public("GET", APPLE, "").await.status, 404);
}

#[tokio::test]
async fn android_is_told_each_package_once_with_its_certificates() {
    let memory = Arc::new(Memory::default());
    *memory.commands.lock().unwrap() = true;
    for (package, byte) in [("br.example.app", "0a"), ("br.example.other", "0b"), ("br.example.app", "0c")] {
        let app = AndroidApp::parse(&format!("{package}:{}", fingerprint(byte))).unwrap();
        memory.android_apps.lock().unwrap().push(app);
    }
    let reply = Gateway::over(&memory).public("GET", ANDROID, "").await;
    let paths = json!([
        {"/": "/auth/authorize"},
        {"/": "/auth/handoff/v1/*", "exclude": true},
        {"/": "/auth/handoff/*"},
    ]);
    let statement = |package: &str, prints: Vec<String>| {
        json!({
            "relation": ["delegate_permission/common.handle_all_urls"],
            "target": {"namespace": "android_app", "package_name": package, "sha256_cert_fingerprints": prints},
            "relation_extensions": {
                "delegate_permission/common.handle_all_urls": {"dynamic_app_link_components": paths},
            },
        })
    };
    let expected = Value::Array(vec![
        statement("br.example.app", vec![fingerprint("0A"), fingerprint("0C")]),
        statement("br.example.other", vec![fingerprint("0B")]),
    ]);
    assert_eq!((reply.status, reply.json()), (200, expected));
}

#[tokio::test]
async fn an_institution_without_apps_has_no_documents() {
    let gateway = Gateway::over(&Arc::new(Memory::default()));
    for path in [APPLE, ANDROID] {
        let reply = gateway.public("GET", path, "").await;
        assert_eq!((reply.status, reply.json()["error"].as_str()), (404, Some("invalid_request")));
    }
}
