//! Keys with scopes, and the calls of those who hold them.

use std::collections::BTreeSet;

use ponte_authorization::api_key::{ApiKey, ApiKeyId, ApiScope, NewApiKey};
use ponte_fapi::secret;
use ponte_values::Moment;
use serde_json::{Value, json};

use super::world::World;
use ponte_kit::api_keys::ApiKeysInMemory;
use ponte_kit::gateway::Reply;
use ponte_kit::identity;

/// The whole back office.
pub(super) const OFFICE: &[ApiScope] = &[ApiScope::ConsentsRead, ApiScope::ConsentsWrite];
/// Those who only look.
pub(super) const READER: &[ApiScope] = &[ApiScope::ConsentsRead];
/// The institution's app.
pub(super) const APP: &[ApiScope] = &[ApiScope::Customer];
pub(super) const CALLER: &str = "gestao.banco.example";
/// `X-Correlation-ID` of the calls here.
pub(super) const CORRELATION: &str = "5d0a3a1e-6f0c-4a43-9a54-0e6a1a6f7b11";

/// The text of a key with these scopes, made when it is first asked for.
pub(super) fn key_with(keys: &ApiKeysInMemory, scopes: &[ApiScope], now: Moment) -> String {
    let scopes: BTreeSet<ApiScope> = scopes.iter().copied().collect();
    let number: u32 = scopes.iter().map(|scope| 1 << *scope as u32).sum();
    let id = ApiKeyId::parse(&format!("{number:016x}")).unwrap();
    let text = format!("{number:A>43}");
    let hash = secret::hash(&text);
    let new = NewApiKey { id: id.clone(), caller: CALLER.to_owned(), scopes, hash, expires_at: None };
    keys.keys.lock().unwrap().entry(id.clone()).or_insert_with(|| ApiKey::issue(new, now).key);
    id.with_secret(&text)
}

impl World {
    /// A call of the management API by a key with these scopes; `more` are headers besides.
    pub(super) async fn manage(
        &self,
        scopes: &[ApiScope],
        (method, path): (&str, &str),
        more: Value,
        body: Option<Value>,
    ) -> Reply {
        let mut headers = json!({
            "x-api-key": key_with(&self.keys, scopes, self.now()),
            "x-correlation-id": CORRELATION,
            "content-type": "application/json",
        });
        headers.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let certificate = identity::own_certificate(CALLER);
        let path = format!("/open-banking/oob-consents{path}");
        let router = ("gestao.banco.example", certificate.as_str());
        self.send_over(router, (method, &path), headers, body.map(|body| body.to_string())).await
    }

    /// A GET of the back office.
    pub(super) async fn look(&self, path: &str) -> Reply {
        self.manage(OFFICE, ("GET", path), json!({}), None).await
    }
}
