//! Consents 3.3.1: creation, reading and revocation of a data consent.

use ponte_values::{Cnpj, Cpf, Moment, PermissionSet};
use serde::{Deserialize, Serialize};

use crate::row::{Access, Api, Frequency, Meta, Method, Reach, Row, Shape};
use crate::wire;

/// The file.
pub static API: Api = Api { name: "consents", version: "3.3.1", base: "/open-banking/consents/v3" };

/// The endpoints served; renewal and its history are not among them yet.
pub static ROWS: &[&Row] = &[&CREATE, &READ, &REVOKE];

/// What the endpoints have in common; each row below says what is its own.
const CLIENT: Row = Row {
    api: &API,
    operation: "",
    method: Method::Get,
    path: "/consents/{consentId}",
    template: "/open-banking/consents/v3/consents/{consentId}",
    access: Access::Client("consents"),
    body: false,
    success: 200,
    shape: Shape::Object,
    meta: Meta::Time,
    paged: false,
    filters: &[],
    reach: Reach::None,
    frequency: Frequency::High,
    codes: &[200, 400, 401, 403, 404, 405, 406, 429, 500, 504, 529],
};

/// Creates a consent.
pub static CREATE: Row = Row {
    operation: "consentsPostConsents",
    method: Method::Post,
    path: "/consents",
    template: "/open-banking/consents/v3/consents",
    body: true,
    success: 201,
    codes: &[201, 400, 401, 403, 404, 405, 406, 415, 422, 429, 500, 504, 529],
    ..CLIENT
};

/// Reads a consent.
pub static READ: Row = Row { operation: "consentsGetConsentsConsentId", ..CLIENT };

/// Revokes a consent.
pub static REVOKE: Row = Row {
    operation: "consentsDeleteConsentsConsentId",
    method: Method::Delete,
    success: 204,
    shape: Shape::Nothing,
    codes: &[204, 400, 401, 403, 404, 405, 406, 422, 429, 500, 504, 529],
    ..CLIENT
};

/// Body of POST.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateConsent {
    /// What is asked for.
    pub data: CreateConsentData,
}

/// `data` of the body of POST.
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

/// The natural person.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoggedUser {
    /// Identity document.
    pub document: PersonDocument,
}

/// Document of a natural person.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonDocument {
    /// The number.
    pub identification: Cpf,
    /// Its kind.
    pub rel: PersonRel,
}

/// Kinds of documents of natural persons.
#[derive(Deserialize)]
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
    pub rejection: Option<Rejection>,
}

/// Who ended a consent and why (C06).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rejection {
    /// USER, ASPSP or TPP.
    pub rejected_by: &'static str,
    /// Why.
    pub reason: Reason,
}

/// Why a consent ended (C06).
#[derive(Serialize)]
pub struct Reason {
    /// One of the six codes of the file.
    pub code: &'static str,
}
