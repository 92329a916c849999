//! Bodies of the answers.

use ponte_values::{Moment, PermissionSet};
use serde::Serialize;

use crate::wire;

use super::document::LoggedUser;

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
    /// Permissions granted.
    pub permissions: PermissionSet,
    /// End of the consent; absent is an indefinite term (C07).
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "wire::some_seconds")]
    pub expiration_date_time: Option<Moment>,
    /// End of the consent; only on GET.
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
    /// The new end; absent is an indefinite term.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "wire::some_seconds")]
    pub expiration_date_time: Option<Moment>,
    /// The person who asked.
    pub logged_user: LoggedUser,
    /// Time of the request.
    #[serde(serialize_with = "wire::seconds")]
    pub request_date_time: Moment,
    /// The end before.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "wire::some_seconds")]
    pub previous_expiration_date_time: Option<Moment>,
    /// IP address of the customer's device.
    pub x_fapi_customer_ip_address: String,
    /// User agent of the customer's device.
    pub x_customer_user_agent: String,
}

/// The end of a consent: by whom and why (C06).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rejection<'a> {
    /// USER, ASPSP or TPP.
    pub rejected_by: &'static str,
    /// Reason.
    pub reason: Reason<'a>,
}

/// Reason for the end of a consent (C06).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason<'a> {
    /// One of the six codes of the file.
    pub code: &'static str,
    /// Explanation, at most 140 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_information: Option<&'a str>,
}
