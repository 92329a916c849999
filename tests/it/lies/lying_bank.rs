//! The sandbox bank behind the port of the institution, which says what it is told to instead.

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use http::{HeaderMap, Method};
use ponte_bank::channel::Channel;
use ponte_bank::{Bank, TokenBox};
use ponte_data_consent::account_holder::AccountHolderAnswer;
use ponte_data_consent::consent::{Consent, Resource, ResourceStatus};
use ponte_data_consent::ports::{
    DiscoveredProduct, Institution, ListedResource, Records, RecordsRequest, ResourcesRequest,
};
use ponte_machine::clock;
use ponte_ports::InstitutionFault;
use ponte_ports::LegacyId;
use ponte_values::{InteractionId, ResourceKind};
use ponte_web::{Request, Site as _};
use serde_json::{Value, json};

const CREDENTIAL: &str = "credential-of-the-test";

pub(super) struct LyingBank {
    bank: Bank,
    /// What it says instead of the truth.
    pub(super) lie: Mutex<Option<Vec<u8>>>,
    /// What it said last.
    pub(super) said: Mutex<Vec<u8>>,
}

impl LyingBank {
    pub(super) fn new() -> Self {
        let tokens = TokenBox::new(&[7; 32]).expect("a key");
        let channel = Channel::new("https://localhost:1", "test", "").expect("a channel");
        let bank = Bank::new(CREDENTIAL.to_owned(), tokens, channel);
        Self { bank, lie: Mutex::default(), said: Mutex::default() }
    }

    /// The bank's own keys of the customer's products of a kind.
    pub(super) async fn keys(
        &self,
        kind: ResourceKind,
        consent: &Consent,
    ) -> Result<Vec<LegacyId>, InstitutionFault> {
        let body = self.ask(kind.discovery(), &common(consent, &[])).await?;
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        let keys = body["data"]["resources"].as_array().expect("a list").iter();
        Ok(keys.map(|one| serde_json::from_value(one["resourceLegacyId"].clone()).expect("a key")).collect())
    }

    async fn ask(&self, operation: &str, body: &Value) -> Result<Vec<u8>, InstitutionFault> {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", format!("Bearer {CREDENTIAL}").parse().expect("a header"));
        headers.insert("content-type", "application/json".parse().expect("a header"));
        let (method, path, query) = (Method::POST, operation.to_owned(), String::new());
        let request =
            Request { method, path, query, headers, body: body.to_string().into(), certificate: None };
        let answer = self.bank.answer(request).await;
        match answer.status.as_u16() {
            200 => Ok(answer.body.to_vec()),
            404 => Err(InstitutionFault::NotFound),
            other => panic!("{operation}: {other}"),
        }
    }
}

/// The common part of a request.
fn common(consent: &Consent, shared: &[&Resource]) -> Value {
    let document = |identification: &str, rel: &str| json!({ "document": { "identification": identification, "rel": rel } });
    let key =
        |resource: &Resource| -> Value { serde_json::from_str(resource.legacy_id.as_str()).expect("a key") };
    let shared: Vec<Value> =
        shared.iter().map(|one| json!({ "type": one.kind.as_str(), "resourceLegacyId": key(one) })).collect();
    let brand = "ponte-bank";
    let mut body = json!({
        "requestMeta": { "correlationId": "1", "brandId": brand },
        "consent": {
            "brandId": brand, "creationDateTime": consent.created_at.to_string(), "externalId": consent.id.as_str(),
            "tpp": { "name": "Receptora" }, "permissions": consent.permissions, "resources": shared,
            "loggedUser": document(consent.logged_user.expose(), "CPF"),
        },
    });
    if let Some(company) = &consent.business {
        body["consent"]["businessEntity"] = document(company.expose(), "CNPJ");
    }
    body
}

#[async_trait]
impl Institution for LyingBank {
    async fn discover(
        &self,
        _: ResourceKind,
        _: &Consent,
        _: InteractionId,
        _: Duration,
    ) -> Result<Vec<DiscoveredProduct>, InstitutionFault> {
        Err(InstitutionFault::NotFound)
    }

    async fn resources(
        &self,
        request: ResourcesRequest<'_>,
    ) -> Result<Vec<ListedResource>, InstitutionFault> {
        let valid_until = clock::now().plus(Duration::from_hours(1));
        let status = ResourceStatus::Available;
        let listed = |legacy_id| ListedResource { legacy_id, status, valid_until };
        Ok(self.keys(request.kind, request.consent).await?.into_iter().map(listed).collect())
    }

    async fn records(&self, request: RecordsRequest<'_>) -> Result<Records, InstitutionFault> {
        if let Some(body) = self.lie.lock().expect("a lie").clone() {
            return Ok(Records { body });
        }
        let mut body = common(request.consent, request.shared);
        if let Some(resource) = request.resource {
            body["resourceLegacyId"] = serde_json::from_str(resource.legacy_id.as_str()).expect("a key");
        }
        let ids = request.ids.iter().map(|(name, id)| (*name, *id));
        for (name, value) in ids.chain(request.filters.iter().map(|(name, value)| (*name, value.as_str()))) {
            body[name] = value.into();
        }
        if let Some(page) = request.page {
            body["page"] = page.number().into();
            body["pageSize"] = page.size().into();
        }
        let body = self.ask(request.operation, &body).await?;
        self.said.lock().expect("an answer").clone_from(&body);
        Ok(Records { body })
    }

    async fn check_account_holder(
        &self,
        _: &Consent,
        _: InteractionId,
    ) -> Result<AccountHolderAnswer, InstitutionFault> {
        Err(InstitutionFault::NotFound)
    }
}
