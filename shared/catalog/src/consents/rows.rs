//! Endpoints of the Consents API, and the codes that the file prints for 422.

use crate::row::{Access, Api, Frequency, Limits, Meta, Method, Reach, Row, Shape};

/// The file.
pub static API: Api = Api {
    name: "consents",
    version: "3.3.1",
    base: "/open-banking/consents/v3",
    longest_link: 2_000,
    signed: false,
    listed: true,
};

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
    idempotent: false,
    success: 201,
    shape: Shape::Object,
    meta: Meta::Time,
    fields: None,
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::High,
    limits: Limits::Institution,
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
    idempotent: false,
    success: 200,
    shape: Shape::Object,
    meta: Meta::Time,
    fields: None,
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::High,
    limits: Limits::Institution,
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
    idempotent: false,
    success: 204,
    shape: Shape::Nothing,
    meta: Meta::Time,
    fields: None,
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::High,
    limits: Limits::Institution,
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
    idempotent: false,
    success: 201,
    shape: Shape::Object,
    meta: Meta::Time,
    fields: None,
    smallest_page: None,
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Low,
    limits: Limits::Institution,
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
    idempotent: false,
    success: 200,
    shape: Shape::Records,
    meta: Meta::Totals,
    fields: None,
    smallest_page: Some(25),
    pagination_key: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::Low,
    limits: Limits::Institution,
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
