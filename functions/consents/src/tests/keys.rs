//! API keys in memory, and the calls of those who hold them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use async_trait::async_trait;
use ponte_authorization::api_key::{ApiKey, ApiKeyId, ApiScope, KeyChange, NewApiKey};
use ponte_authorization::ports::ApiKeys;
use ponte_fapi::secret;
use ponte_ports::{CommitFault, PortError};
use ponte_values::Moment;
use serde_json::{Value, json};

use super::world::World;
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

/// The keys of the institution.
#[derive(Default)]
pub(super) struct Keys(Mutex<BTreeMap<ApiKeyId, ApiKey>>);

impl Keys {
    /// The text of a key with these scopes, made when it is first asked for.
    pub(super) fn with(&self, scopes: &[ApiScope], now: Moment) -> String {
        let scopes: BTreeSet<ApiScope> = scopes.iter().copied().collect();
        let number: u32 = scopes.iter().map(|scope| 1 << *scope as u32).sum();
        let id = ApiKeyId::parse(&format!("{number:016x}")).unwrap();
        let text = format!("{number:A>43}");
        let hash = secret::hash(&text);
        let new = NewApiKey { id: id.clone(), caller: CALLER.to_owned(), scopes, hash, expires_at: None };
        let mut keys = self.0.lock().unwrap();
        keys.entry(id.clone()).or_insert_with(|| ApiKey::issue(new, now).key);
        id.with_secret(&text)
    }
}

#[async_trait]
impl ApiKeys for Keys {
    async fn find(&self, id: &ApiKeyId) -> Result<Option<ApiKey>, PortError> {
        Ok(self.0.lock().unwrap().get(id).cloned())
    }
    async fn list(&self) -> Result<Vec<ApiKey>, PortError> {
        Ok(self.0.lock().unwrap().values().cloned().collect())
    }
    async fn commit(&self, change: KeyChange, _: String) -> Result<(), CommitFault> {
        self.0.lock().unwrap().insert(change.key.id.clone(), change.key);
        Ok(())
    }
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
            "x-api-key": self.keys.with(scopes, self.now()),
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
