//! A router with managed routes, its keys in memory, and calls that come in as the gateway hands them over.

use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ponte_authorization::api_key::{ApiKey, ApiKeyId, ApiScope, NewApiKey};
use ponte_fapi::secret;
use ponte_kit::api_keys::ApiKeysInMemory;
use ponte_kit::clock::ManualClock;
use ponte_kit::outbox::OutboxInMemory;
use ponte_ports::outbox::OutboxRow;
use ponte_values::{Moment, OrganisationId};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, PKCS_RSA_SHA256,
};
use serde_json::{Value, json};

use crate::{Answer, Context, ManagerCall, Managers, Refusal, Router, Serve as _};

pub(super) const MANAGEMENT: &str = "https://gestao.banco.example";
pub(super) const APP: &str = "app.banco.example";
pub(super) const OFFICE: &str = "Retaguarda do Banco Exemplo";
pub(super) const APP_KEY: &str = "00000000000000a1";
pub(super) const OFFICE_KEY: &str = "00000000000000b1";
pub(super) const REVOKED_KEY: &str = "00000000000000a2";
pub(super) const EXPIRED_KEY: &str = "00000000000000a3";

/// A call; what it leaves out is as it should be.
#[derive(Clone)]
pub(super) struct Call<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) host: &'a str,
    pub(super) port: Option<&'a str>,
    pub(super) key: Option<&'a str>,
    pub(super) pem: Option<&'a str>,
    pub(super) headers: Value,
}

pub(super) const READ: Call<'static> = Call {
    method: "GET",
    path: "/managed/things/1",
    query: "",
    host: "gestao.banco.example",
    port: Some("443"),
    key: None,
    pem: None,
    headers: Value::Null,
};
pub(super) const WRITE: Call<'static> = Call { method: "POST", path: "/managed/things", ..READ };

pub(super) struct Reply {
    pub(super) status: i64,
    pub(super) body: Value,
}

impl Reply {
    pub(super) fn error(&self) -> (i64, &str) {
        (self.status, self.body["errors"][0]["code"].as_str().unwrap_or(""))
    }
}

pub(super) struct Scene {
    keys: Arc<ApiKeysInMemory>,
    clock: Arc<ManualClock>,
    outbox: Arc<OutboxInMemory>,
    router: Router<()>,
}

impl Scene {
    pub(super) fn new() -> Self {
        Self::at(MANAGEMENT)
    }

    pub(super) fn at(url: &str) -> Self {
        let mut scene = Self::without_managers();
        scene.router = scene.router.managers(Managers::new(scene.keys.clone(), url.to_owned()));
        scene
    }

    pub(super) fn without_managers() -> Self {
        let (clock, outbox) = (Arc::new(ManualClock::at(now())), Arc::<OutboxInMemory>::default());
        let context = Context {
            clock: clock.clone(),
            ids: clock.clone(),
            outbox: outbox.clone(),
            organisation: OrganisationId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").unwrap(),
            base_url: "https://mtls.banco.example".to_owned(),
        };
        let json = Some("application/json");
        let router = Router::new(context, None, ())
            .managed("GET", "/managed/things/{id}", &[ApiScope::ConsentsRead], None, handled)
            .managed("GET", "/managed/shared", &[ApiScope::Customer, ApiScope::ConsentsRead], None, handled)
            .managed("POST", "/managed/things", &[ApiScope::ConsentsWrite], json, handled);
        let scene = Self { keys: Arc::default(), clock, outbox, router };
        let read = [ApiScope::ConsentsRead];
        scene.store(APP_KEY, APP, &read, None);
        scene.store(OFFICE_KEY, OFFICE, &[ApiScope::ConsentsRead, ApiScope::ConsentsWrite], None);
        scene.store(REVOKED_KEY, APP, &read, None);
        scene.change(REVOKED_KEY, |key| key.revoke(now()).unwrap().key);
        scene.store(EXPIRED_KEY, APP, &read, Some(now()));
        scene
    }

    fn store(&self, id: &str, caller: &str, scopes: &[ApiScope], expires_at: Option<Moment>) {
        let new = NewApiKey {
            id: ApiKeyId::parse(id).unwrap(),
            caller: caller.to_owned(),
            scopes: scopes.iter().copied().collect(),
            hash: secret::hash(&secret_of(id)),
            expires_at,
        };
        self.keys.put(ApiKey::issue(new, now().minus(Duration::from_hours(1))).key);
    }

    pub(super) fn stored(&self, id: &str) -> ApiKey {
        self.keys.keys.lock().unwrap()[&ApiKeyId::parse(id).unwrap()].clone()
    }

    pub(super) fn change(&self, id: &str, change: impl FnOnce(ApiKey) -> ApiKey) {
        self.keys.put(change(self.stored(id)));
    }

    /// The text of a stored key.
    pub(super) fn key(&self, id: &str) -> String {
        self.stored(id).id.with_secret(&secret_of(id))
    }

    pub(super) fn wait(&self, span: Duration) {
        self.clock.wait(span);
    }

    pub(super) fn break_store(&self) {
        self.keys.fails.store(true, Ordering::Relaxed);
    }

    pub(super) fn reports(&self) -> Vec<OutboxRow> {
        self.outbox.rows()
    }

    /// With this key, over the app's certificate.
    pub(super) async fn get(&self, call: Call<'_>, key: &str) -> Reply {
        self.own(Call { key: Some(key), ..call }).await
    }

    /// Over the app's certificate.
    pub(super) async fn own(&self, call: Call<'_>) -> Reply {
        self.call(&Call { pem: Some(&certificate(Some(APP))), ..call }).await
    }

    pub(super) async fn call(&self, call: &Call<'_>) -> Reply {
        let mut headers = json!({"content-type": "application/json"});
        for (name, value) in call.headers.as_object().into_iter().flatten() {
            headers[name.as_str()] = value.clone();
        }
        for (name, value) in [("x-api-key", call.key), ("x-forwarded-port", call.port)] {
            if let Some(value) = value {
                headers[name] = json!(value);
            }
        }
        let mut event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": call.path, "rawQueryString": call.query,
            "headers": headers, "body": "{}", "isBase64Encoded": false,
            "requestContext": {
                "domainName": call.host, "timeEpoch": now().millis(),
                "http": {"method": call.method, "path": call.path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
            },
        });
        if let Some(pem) = call.pem {
            event["requestContext"]["authentication"] = json!({"clientCert": {
                "clientCertPem": pem, "subjectDN": "", "issuerDN": "", "serialNumber": "1",
                "validity": {"notBefore": "", "notAfter": ""},
            }});
        }
        let event = serde_json::from_value(event).unwrap();
        let answer = serde_json::to_value(self.router.serve(event).await).unwrap();
        let body = answer["body"].as_str().map_or(Value::Null, |body| serde_json::from_str(body).unwrap());
        Reply { status: answer["statusCode"].as_i64().unwrap(), body }
    }
}

/// Shows all it can of a call to the log, and to the caller who the audit row would name.
async fn handled(_: Arc<()>, call: ManagerCall) -> Result<Answer, Refusal> {
    tracing::info!(call = ?call, "HANDLED");
    let ponte_ports::audit::Actor::Manager(actor) = call.manager.actor() else {
        return Err(Refusal::internal());
    };
    call.value(200, &json!({ "actor": actor }))
}

pub(super) fn now() -> Moment {
    Moment::parse("2026-03-01T12:00:00Z").unwrap()
}

/// The secret of a key of this scene.
pub(super) fn secret_of(id: &str) -> String {
    secret::hash(&format!("secret of {id}"))
}

/// A certificate for this common name.
pub(super) fn certificate(name: Option<&str>) -> String {
    made(name, |_| ())
}

pub(super) fn made(name: Option<&str>, change: impl FnOnce(&mut CertificateParams)) -> String {
    static KEY: OnceLock<String> = OnceLock::new();
    let pem = KEY.get_or_init(|| KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap().serialize_pem());
    let mut params = CertificateParams::default();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.distinguished_name = DistinguishedName::new();
    if let Some(name) = name {
        params.distinguished_name.push(DnType::CommonName, name);
    }
    change(&mut params);
    params.self_signed(&KeyPair::from_pem(pem).unwrap()).unwrap().pem()
}
