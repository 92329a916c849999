//! Bodies that clients send, as their file has them: unknown members are passed over, since it closes no object; `null` is no
//! value, since it calls no member nullable; an item of a list may be there twice, since it asks for no unique ones.

use ponte_values::{Moment, PermissionSet};
use serde::Deserialize;

use crate::wire;

use super::document::{BusinessEntity, LoggedUser};

/// Body of POST /consents.
#[derive(Deserialize)]
pub struct CreateConsent {
    /// The only member.
    pub data: CreateConsentData,
}

/// `data` of the body of POST /consents.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateConsentData {
    /// The natural person (C25).
    pub logged_user: LoggedUser,
    /// The company, if the data of one is asked for (C25).
    #[serde(default, deserialize_with = "wire::present")]
    pub business_entity: Option<BusinessEntity>,
    /// At least one; one that is there twice counts once.
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
pub struct ExtendConsent {
    /// The only member.
    pub data: ExtendConsentData,
}

/// `data` of the body of POST .../extends.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExtendConsentData {
    /// The person at the client.
    pub logged_user: LoggedUser,
    /// The company, if the consent is of one.
    #[serde(default, deserialize_with = "wire::present")]
    pub business_entity: Option<BusinessEntity>,
    /// The new end; absent is an indefinite term (C07, C30).
    #[serde(default, deserialize_with = "wire::utc_seconds")]
    pub expiration_date_time: Option<Moment>,
}
