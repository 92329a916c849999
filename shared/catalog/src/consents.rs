//! Consents 3.3.1: creation, reading, revocation and renewal of a data consent.

use ponte_values::{Cnpj, Cpf, Moment, PermissionSet};
use serde::{Deserialize, Serialize};

use crate::row::{Access, Api, Frequency, Meta, Method, Reach, Row, Shape};
use crate::wire;

/// The file.
pub static API: Api = Api { name: "consents", version: "3.3.1", base: "/open-banking/consents/v3" };

/// Every endpoint of the file.
pub static ROWS: &[&Row] = &[&CREATE, &READ, &REVOKE, &EXTEND, &EXTENSIONS];

/// Creates a consent.
pub static CREATE: Row = Row {
    api: &API,
    operation: "consentsPostConsents",
    method: Method::Post,
    template: "/open-banking/consents/v3/consents",
    access: Access::Client("consents"),
    layer: None,
    product: None,
    ids: &[],
    body: true,
    customer_headers: false,
    success: 201,
    shape: Shape::Object,
    meta: Meta::Time,
    paged: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::High,
    codes: &[201, 400, 401, 403, 404, 405, 406, 415, 422, 429, 500, 504, 529],
};

/// Reads a consent.
pub static READ: Row = Row {
    api: &API,
    operation: "consentsGetConsentsConsentId",
    method: Method::Get,
    template: "/open-banking/consents/v3/consents/{consentId}",
    access: Access::Client("consents"),
    layer: None,
    product: None,
    ids: &[],
    body: false,
    customer_headers: false,
    success: 200,
    shape: Shape::Object,
    meta: Meta::Time,
    paged: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::High,
    codes: &[200, 400, 401, 403, 404, 405, 406, 429, 500, 504, 529],
};

/// Revokes a consent.
pub static REVOKE: Row = Row {
    api: &API,
    operation: "consentsDeleteConsentsConsentId",
    method: Method::Delete,
    template: "/open-banking/consents/v3/consents/{consentId}",
    access: Access::Client("consents"),
    layer: None,
    product: None,
    ids: &[],
    body: false,
    customer_headers: false,
    success: 204,
    shape: Shape::Nothing,
    meta: Meta::Time,
    paged: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::High,
    codes: &[204, 400, 401, 403, 404, 405, 406, 422, 429, 500, 504, 529],
};

/// Renews a consent.
pub static EXTEND: Row = Row {
    api: &API,
    operation: "consentsPostConsentsConsentIdExtends",
    method: Method::Post,
    template: "/open-banking/consents/v3/consents/{consentId}/extends",
    access: Access::named_consent("openid", "consentId"),
    layer: None,
    product: None,
    ids: &[],
    body: true,
    customer_headers: true,
    success: 201,
    shape: Shape::Object,
    meta: Meta::Time,
    paged: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Low,
    codes: &[201, 400, 401, 403, 404, 405, 406, 415, 422, 429, 500, 504, 529],
};

/// Lists the renewals of a consent.
pub static EXTENSIONS: Row = Row {
    api: &API,
    operation: "consentsGetConsentsConsentIdExtensions",
    method: Method::Get,
    template: "/open-banking/consents/v3/consents/{consentId}/extensions",
    access: Access::Client("consents"),
    layer: None,
    product: None,
    ids: &[],
    body: false,
    customer_headers: false,
    success: 200,
    shape: Shape::Records,
    meta: Meta::Totals,
    paged: true,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Low,
    codes: &[200, 400, 401, 403, 404, 405, 406, 429, 500, 504, 529],
};

/// Codes of 422 that the file prints for POST /consents (C24).
pub const CREATE_FAULTS: &[&str] = &[
    "SEM_PERMISSOES_FUNCIONAIS_RESTANTES",
    "INFORMACOES_PJ_NAO_INFORMADAS",
    "PERMISSOES_PJ_INCORRETAS",
    "PERMISSAO_PF_PJ_EM_CONJUNTO",
    "COMBINACAO_PERMISSOES_INCORRETA",
    "DATA_EXPIRACAO_INVALIDA",
    "ERRO_NAO_MAPEADO",
];

/// Codes of 422 that the file prints for DELETE (C10).
pub const REVOKE_FAULTS: &[&str] = &["CONSENTIMENTO_EM_STATUS_REJEITADO"];

/// Codes of 422 that the file prints for POST .../extends (C33); the rule book adds ALTERACAO_NAO_PERMITIDA.
pub const EXTEND_FAULTS: &[&str] = &[
    "DEPENDE_MULTIPLA_ALCADA",
    "ESTADO_CONSENTIMENTO_INVALIDO",
    "DATA_EXPIRACAO_INVALIDA",
    "ERRO_NAO_MAPEADO",
];

/// Body of POST /consents.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateConsent {
    /// What is asked for.
    pub data: CreateConsentData,
}

/// `data` of the body of POST /consents.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateConsentData {
    /// The natural person (C25).
    pub logged_user: LoggedUser,
    /// The company, if the data of one is asked for (C25).
    #[serde(default, deserialize_with = "wire::present")]
    pub business_entity: Option<BusinessEntity>,
    /// At least one, each once.
    #[serde(deserialize_with = "wire::permissions")]
    pub permissions: PermissionSet,
    /// End of the consent; absent is an indefinite term (C07).
    #[serde(default, deserialize_with = "wire::utc_seconds")]
    pub expiration_date_time: Option<Moment>,
    /// Whether the consent belongs to an optimised journey (C40).
    #[serde(default, deserialize_with = "wire::present")]
    pub is_linked: Option<bool>,
}

/// Body of POST .../extends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtendConsent {
    /// What is asked for.
    pub data: ExtendConsentData,
}

/// `data` of the body of POST .../extends.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExtendConsentData {
    /// The person at the client.
    pub logged_user: LoggedUser,
    /// The company of the consent, if it is one's.
    #[serde(default, deserialize_with = "wire::present")]
    pub business_entity: Option<BusinessEntity>,
    /// The new end; absent is an indefinite term (C07, C30).
    #[serde(default, deserialize_with = "wire::utc_seconds")]
    pub expiration_date_time: Option<Moment>,
}

/// The natural person.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoggedUser {
    /// Identity document.
    pub document: PersonDocument,
}

/// Document of a natural person.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonDocument {
    /// The number.
    pub identification: Cpf,
    /// Its kind.
    pub rel: PersonRel,
}

/// Kinds of documents of natural persons.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub enum PersonRel {
    /// CPF.
    #[serde(rename = "CPF")]
    Cpf,
}

/// The company.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusinessEntity {
    /// Identity document.
    pub document: BusinessDocument,
}

/// Document of a company.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusinessDocument {
    /// The number.
    pub identification: Cnpj,
    /// Its kind.
    pub rel: BusinessRel,
}

/// Kinds of documents of companies.
#[derive(Deserialize)]
pub enum BusinessRel {
    /// CNPJ.
    #[serde(rename = "CNPJ")]
    Cnpj,
}

/// `data` of the answers to POST and GET.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentData<'a> {
    /// Id of the consent.
    pub consent_id: &'a str,
    /// When it was created.
    #[serde(serialize_with = "wire::seconds")]
    pub creation_date_time: Moment,
    /// AWAITING_AUTHORISATION, AUTHORISED or REJECTED (C02).
    pub status: &'static str,
    /// When the status last changed.
    #[serde(serialize_with = "wire::seconds")]
    pub status_update_date_time: Moment,
    /// What may be read.
    pub permissions: PermissionSet,
    /// End of the consent; absent is an indefinite term (C07).
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "wire::some_seconds")]
    pub expiration_date_time: Option<Moment>,
    /// Why it ended; only on GET.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejection: Option<Rejection<'a>>,
    /// The optimised journey it belongs to, if it does; only on GET (C40).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journey: Option<Journey<'a>>,
}

/// The optimised journey of a consent (C40).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Journey<'a> {
    /// Whether the consent is a linked one.
    pub is_linked: bool,
    /// The primary, once the customer decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_id: Option<&'a str>,
}

/// One item of the answer to GET .../extensions (C34).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExtensionItem {
    /// The end it gave; absent is an indefinite term.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "wire::some_seconds")]
    pub expiration_date_time: Option<Moment>,
    /// Who asked.
    pub logged_user: LoggedUser,
    /// When.
    #[serde(serialize_with = "wire::seconds")]
    pub request_date_time: Moment,
    /// The end before.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "wire::some_seconds")]
    pub previous_expiration_date_time: Option<Moment>,
    /// Where the customer sat.
    pub x_fapi_customer_ip_address: String,
    /// With what.
    pub x_customer_user_agent: String,
}

impl LoggedUser {
    /// A person by CPF.
    #[must_use]
    pub const fn of(identification: Cpf) -> Self {
        Self { document: PersonDocument { identification, rel: PersonRel::Cpf } }
    }
}

/// Who ended a consent and why (C06).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rejection<'a> {
    /// USER, ASPSP or TPP.
    pub rejected_by: &'static str,
    /// Why.
    pub reason: Reason<'a>,
}

/// Why a consent ended (C06).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason<'a> {
    /// One of the six codes of the file.
    pub code: &'static str,
    /// Words of whoever ended it, at most 140 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_information: Option<&'a str>,
}
