//! Registration behind the router, with the events of the gateway: methods, media types, headers, reports.

use super::*;
use crate::testing::{Gateway, INTERACTION, MTLS, Reply};

const PATH: &str = "/auth/register";
const JSON: &str = "application/json";

async fn call(
    gateway: &Gateway,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: &str,
    certificate: Option<&str>,
) -> Reply {
    let mut headers =
        json!({ "content-type": "application/json; charset=utf-8", "x-fapi-interaction-id": INTERACTION });
    if let Some(token) = token {
        headers["authorization"] = json!(format!("bearer {token}"));
    }
    gateway.call(method, path, headers, body, certificate).await
}

#[tokio::test]
async fn s80_s89_a_registration_from_first_to_last() {
    let world = world();
    let gateway = Gateway::over(&world.memory);
    let own = Some(own_certificate());
    let created = call(&gateway, "POST", PATH, None, &body().to_string(), own).await;
    assert_eq!(created.status, 201, "{}", created.body);
    assert!(created.headers["content-type"].as_str().unwrap().starts_with(JSON));
    assert_eq!(created.headers["cache-control"], "no-store");
    let created = created.json();
    let uri = created["registration_client_uri"].as_str().unwrap();
    let path = uri.strip_prefix(MTLS).unwrap();
    let token = created["registration_access_token"].as_str();

    let read = call(&gateway, "GET", path, token, "", own).await;
    assert_eq!((read.status, read.json()), (200, created.clone()));
    let replaced = call(
        &gateway,
        "PUT",
        path,
        token,
        &with(created.clone(), "client_uri", Value::Null).to_string(),
        own,
    )
    .await;
    assert_eq!((replaced.status, replaced.json()), (200, created.clone()), "{}", replaced.body);
    let removed = call(&gateway, "DELETE", path, token, "", own).await;
    assert_eq!((removed.status, removed.body.as_str()), (204, ""));
    let gone = call(&gateway, "GET", path, token, "", own).await;
    assert_eq!(
        (gone.status, &gone.headers["www-authenticate"]),
        (401, &json!(r#"Bearer error="invalid_token""#))
    );

    let audit = world.memory.audit.lock().unwrap().clone();
    assert!(audit.iter().all(|row| row.interaction.as_deref() == Some(INTERACTION)));
    let reports = world.memory.reports.rows.lock().unwrap().clone();
    let endpoint = |row: &ponte_ports::outbox::OutboxRow| row.body.contains(r#""/register/{clientId}""#);
    assert_eq!((reports.len(), reports.iter().filter(|row| endpoint(row)).count()), (5, 4), "M35");
}

#[tokio::test]
async fn s80_the_public_host_registers_nobody() {
    let world = world();
    let gateway = Gateway::over(&world.memory);
    let refused = call(&gateway, "POST", PATH, None, &body().to_string(), None).await;
    assert_eq!((refused.status, &refused.json()["error"]), (401, &json!("invalid_token")));
    // Only the gateway fills in a certificate; no header of a client does.
    let headers = json!({ "content-type": JSON, "x-client-cert": own_certificate().replace('\n', " ") });
    let forged = gateway.call("POST", PATH, headers, &body().to_string(), None).await;
    assert_eq!(forged.status, 401);
}

#[tokio::test]
async fn other_methods_and_media_types_are_refused() {
    let world = world();
    let gateway = Gateway::over(&world.memory);
    let own = Some(own_certificate());
    for (method, path) in [("GET", PATH), ("DELETE", PATH), ("POST", "/auth/register/client-1")] {
        assert_eq!(call(&gateway, method, path, None, "", own).await.status, 405, "{method} {path}");
    }
    let form = json!({ "content-type": "application/x-www-form-urlencoded" });
    assert_eq!(gateway.call("POST", PATH, form, "a=b", own).await.status, 415);
}
