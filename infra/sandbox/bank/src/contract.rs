//! Types of the integration-layer contract in `docs/integration-layer.md`.

use serde::{Deserialize, Serialize};

/// One pair of a legacy identifier.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// Name of the part.
    pub key: String,
    /// Value of the part.
    pub value: String,
}

/// The institution's own identifier of a resource.
pub type LegacyId = Vec<Pair>;

/// An identifier with one part.
pub(crate) fn legacy_id(key: &str, value: impl Into<String>) -> LegacyId {
    vec![Pair { key: key.into(), value: value.into() }]
}

/// Body of `/authentication/decrypt`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DecryptRequest {
    /// The token that the channel gave to `/login`.
    pub access_token: String,
}

/// The person behind a token.
#[derive(Serialize)]
pub struct Person {
    /// CPF of the person who logged in.
    pub cpf: String,
    /// CNPJ when that person acts for a company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cnpj: Option<String>,
    /// Name of the customer.
    pub name: String,
    /// How strongly that person was authenticated (S15); one factor when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<&'static str>,
}

/// Body of `/check-account-holder`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckRequest {
    /// Correlation and brand.
    pub request_meta: RequestMeta,
    /// The customer in question.
    pub request_body: CheckBody,
}

/// Request body of `/check-account-holder`.
#[derive(Deserialize)]
pub struct CheckBody {
    /// The documents.
    pub data: CheckedDocuments,
}

/// The customer of a new consent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedDocuments {
    /// The person who would log in.
    pub logged_user_document: Document,
    /// The company, where there is one.
    pub business_entity_document: Option<Document>,
}

/// Answer of `/check-account-holder`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountHolder {
    /// Whether the person can log in here; `None` when the bank cannot tell.
    pub is_account_holder: Option<bool>,
    /// Authority of the person over the accounts: `FULL`, `NONE` or `PERSON_MISMATCH`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<&'static str>,
}

/// Body of every data request; each operation reads the parts it needs.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DataRequest {
    /// Correlation and brand.
    pub request_meta: RequestMeta,
    /// The consent the request is made under.
    pub consent: Consent,
    /// The resource asked for.
    pub resource_legacy_id: Option<LegacyId>,
    /// Page, from 1.
    pub page: Option<u32>,
    /// Records a page, 1 to 1000.
    pub page_size: Option<u32>,
    /// What else the operation takes, under its names: filters of the endpoint and further ids of the path.
    #[serde(flatten)]
    pub more: serde_json::Map<String, serde_json::Value>,
}

/// Correlation and brand.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestMeta {
    /// Interaction id of the call that caused this one.
    pub correlation_id: String,
    /// Name of the institution.
    pub brand_id: String,
}

/// The consent as the institution sees it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Consent {
    /// Name of the institution.
    pub brand_id: String,
    /// When the consent was created, UTC.
    pub creation_date_time: String,
    /// The consentId.
    pub external_id: String,
    /// The receiver.
    pub tpp: Tpp,
    /// The natural person.
    pub logged_user: Party,
    /// The company, where there is one.
    pub business_entity: Option<Party>,
    /// Permissions of the consent.
    pub permissions: Vec<String>,
    /// End of the consent; absent when indefinite.
    pub expiration_date_time: Option<String>,
    /// The resources the customer chose.
    #[serde(default)]
    pub resources: Vec<Resource>,
}

/// The receiver.
#[derive(Deserialize)]
pub struct Tpp {
    /// Its name.
    pub name: String,
}

/// A person or a company.
#[derive(Deserialize)]
pub struct Party {
    /// Its document.
    pub document: Document,
}

/// A document and its kind.
#[derive(Deserialize)]
pub struct Document {
    /// The number.
    pub identification: String,
    /// `CPF` or `CNPJ`.
    pub rel: String,
}

/// A resource of the consent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    /// `ACCOUNT` and, with their APIs, others.
    #[serde(rename = "type")]
    pub kind: String,
    /// The institution's own identifier.
    pub resource_legacy_id: LegacyId,
}

/// `meta` of every answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    /// Records of the whole selection.
    pub total_records: usize,
    /// Pages of the whole selection.
    pub total_pages: usize,
    /// When it was answered.
    pub request_date_time: String,
}

/// A product that a customer may share, in the answers of both `account-discovery`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Discovered {
    /// The institution's own identifier.
    pub resource_legacy_id: LegacyId,
    /// How to show it to the customer.
    pub resource_name: Vec<Pair>,
    /// Currency of the balance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_balance_currency: Option<&'static str>,
    /// Balance to show; for a card what may still be spent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_balance_amount: Option<String>,
    /// Further people who must agree.
    pub authorizers: Vec<Authorizer>,
    /// Whether the channel should preselect it.
    pub default_selected: bool,
}

/// A person who must agree.
#[derive(Serialize)]
pub struct Authorizer {
    /// CPF.
    pub cpf: String,
    /// Name.
    pub name: String,
}
