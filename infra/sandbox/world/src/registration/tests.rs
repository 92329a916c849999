//! Tests of registrations against a server that speaks only the wire of RFC 7591 and RFC 7592.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex};

use http::{Method, StatusCode};
use ponte_machine::clock;
use ponte_web::{Answer, Request, Server, Site};
use serde_json::{Value, json};

use crate::{World, WorldConfig, WorldError, WorldPorts};

/// Discovery and registrations by `client_id`, as the server of the institution has them.
#[derive(Clone)]
struct Registrar {
    url: String,
    clients: Arc<Mutex<BTreeMap<String, Client>>>,
    calls: Arc<Mutex<Vec<String>>>,
}

struct Client {
    token: String,
    software: String,
    metadata: Value,
}

impl Registrar {
    async fn start() -> Self {
        let server = Server::bind("registrar", 0, None).await.unwrap();
        let registrar = Self { url: server.url(), clients: Arc::default(), calls: Arc::default() };
        server.spawn(Arc::new(registrar.clone()));
        registrar
    }

    /// The methods called since the last time.
    fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    fn discovery(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.url);
        json!({
            "issuer": self.url,
            "authorization_endpoint": at("/auth/authorize"),
            "jwks_uri": at("/auth/jwks"),
            "token_endpoint": at("/auth/token"),
            "pushed_authorization_request_endpoint": at("/auth/par"),
            "mtls_endpoint_aliases": { "registration_endpoint": at("/auth/register") },
        })
    }

    fn register(&self, metadata: Value) -> Answer {
        let mut clients = self.clients.lock().unwrap();
        let software = software(&metadata);
        if clients.values().any(|client| client.software == software) {
            let body =
                json!({ "error": "invalid_client_metadata", "error_description": "registered already" });
            return Answer::json(StatusCode::BAD_REQUEST, &body);
        }
        let (id, token) = (clock::new_id(), clock::random_text::<32>());
        let answer = self.shown(&id, &token, &metadata);
        clients.insert(id, Client { token, software, metadata });
        Answer::json(StatusCode::CREATED, &answer)
    }

    fn manage(&self, request: &Request, id: &str) -> Answer {
        let mut clients = self.clients.lock().unwrap();
        let known = clients.get_mut(id).filter(|client| request.bearer() == Some(client.token.as_str()));
        let Some(client) = known else {
            return Answer::json(StatusCode::UNAUTHORIZED, &json!({ "error": "invalid_token" }));
        };
        if request.method == Method::PUT {
            let metadata: Value = request.json().unwrap();
            assert_eq!(metadata["client_id"], id, "RFC 7592 2.2: the client names itself");
            assert_eq!(software(&metadata), client.software);
            client.metadata = metadata;
        }
        Answer::json(StatusCode::OK, &self.shown(id, &client.token, &client.metadata))
    }

    fn shown(&self, id: &str, token: &str, metadata: &Value) -> Value {
        let mut shown = metadata.clone();
        shown["client_id"] = id.into();
        shown["registration_access_token"] = token.into();
        shown["registration_client_uri"] = format!("{}/auth/register/{id}", self.url).into();
        shown["scope"] = "openid accounts".into();
        shown
    }
}

impl Site for Registrar {
    async fn answer(&self, request: Request) -> Answer {
        if request.path == "/.well-known/openid-configuration" {
            return Answer::json(StatusCode::OK, &self.discovery());
        }
        let Some(client) = request.path.strip_prefix("/auth/register") else {
            return Answer::json(StatusCode::OK, &json!({ "keys": [] }));
        };
        self.calls.lock().unwrap().push(request.method.to_string());
        match client.strip_prefix('/') {
            None => self.register(request.json().unwrap()),
            Some(id) => self.manage(&request, id),
        }
    }
}

/// `software_id` of the assertion in a registration.
fn software(metadata: &Value) -> String {
    let statement = metadata["software_statement"].as_str().unwrap();
    let claims = ponte_fapi::base64url::decode(statement.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(metadata["redirect_uris"], claims["software_redirect_uris"], "S83");
    assert_eq!(metadata["jwks_uri"], claims["software_jwks_uri"], "S82");
    let webhooks = metadata.get("webhook_uris").cloned().unwrap_or_else(|| json!([]));
    assert_eq!(webhooks, claims["software_api_webhook_uris"], "S87");
    claims["software_id"].as_str().unwrap().to_owned()
}

/// Starts the world of a folder and registers; its clients in `endpoints.json`.
async fn start(dir: &Path, registrar: &Registrar) -> Result<Value, WorldError> {
    let config = WorldConfig {
        dir: dir.to_owned(),
        institution: "ponte-bank".into(),
        ports: WorldPorts::default(),
        public_url: registrar.url.clone(),
        mtls_url: registrar.url.clone(),
        management_url: "https://localhost:3".into(),
        payments: true,
        layer: None,
    };
    let mut world = World::prepare(config).await?;
    world.serve().await?;
    assert_eq!(world.endpoints()["clients"], json!([]), "nobody is a client before they are registered");
    world.register().await?;
    Ok(world.endpoints()["clients"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn s80_to_s89_registered_once_and_found_again() {
    let (dir, registrar) = (tempfile::tempdir().unwrap(), Registrar::start().await);
    let first = start(dir.path(), &registrar).await.unwrap();
    assert_eq!(registrar.calls(), ["POST", "POST"]);
    let known: Vec<String> = registrar.clients.lock().unwrap().keys().cloned().collect();
    for client in first.as_array().unwrap() {
        assert!(known.contains(&client["client_id"].as_str().unwrap().to_owned()));
        assert_eq!(client["scope"], "openid accounts", "the answer says what was granted");
        let uri = client["registration_client_uri"].as_str().unwrap();
        assert!(uri.ends_with(client["client_id"].as_str().unwrap()));
    }
    let file = dir.path().join("receiver/registration.json");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

    // The world of the second start is at other ports: the registration stays and learns of them (S89).
    let second = start(dir.path(), &registrar).await.unwrap();
    assert_eq!(registrar.calls(), ["GET", "PUT", "GET", "PUT"]);
    assert_eq!(first[0]["client_id"], second[0]["client_id"]);
    assert_eq!(first[0]["registration_access_token"], second[0]["registration_access_token"]);
    assert_ne!(first[0]["redirect_uris"], second[0]["redirect_uris"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn s89_a_registration_that_stands_is_only_read() {
    let (dir, registrar) = (tempfile::tempdir().unwrap(), Registrar::start().await);
    let config = WorldConfig {
        dir: dir.path().to_owned(),
        institution: "ponte-bank".into(),
        ports: WorldPorts::default(),
        public_url: registrar.url.clone(),
        mtls_url: registrar.url.clone(),
        management_url: "https://localhost:3".into(),
        payments: true,
        layer: None,
    };
    let mut world = World::prepare(config).await.unwrap();
    world.serve().await.unwrap();
    for calls in [["POST", "POST"], ["GET", "GET"]] {
        world.register().await.unwrap();
        assert_eq!(registrar.calls(), calls);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_forgot_gets_new_registrations() {
    let (dir, registrar) = (tempfile::tempdir().unwrap(), Registrar::start().await);
    let first = start(dir.path(), &registrar).await.unwrap();
    registrar.clients.lock().unwrap().clear();
    registrar.calls();
    let second = start(dir.path(), &registrar).await.unwrap();
    assert_eq!(registrar.calls(), ["GET", "POST", "GET", "POST"]);
    assert_ne!(first[0]["client_id"], second[0]["client_id"]);
    let kept = std::fs::read_to_string(dir.path().join("receiver/registration.json")).unwrap();
    assert!(kept.contains(second[0]["client_id"].as_str().unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn s88_a_world_that_forgot_is_told_what_to_do() {
    let (dir, registrar) = (tempfile::tempdir().unwrap(), Registrar::start().await);
    start(dir.path(), &registrar).await.unwrap();
    let file = dir.path().join("receiver/registration.json");
    std::fs::remove_file(&file).unwrap();
    let told = start(dir.path(), &registrar).await.err().unwrap().to_string();
    for part in ["Receptora Exemplo", "registered already", "fresh folder", "registration.json"] {
        assert!(told.contains(part), "{part} in {told}");
    }
}
