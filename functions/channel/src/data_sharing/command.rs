//! The consent command of a data consent: products to choose from, and what each permission shows.

use ponte_data_consent::consent::Consent;
use ponte_edge::Refusal;
use ponte_values::{Permission, PermissionSet, ResourceKind};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::words;
use crate::consent_command::{Brand, Product, Tpp};
use crate::target::Offer;

/// Type of the commands about data consents.
pub(super) const DATA_SHARING: &str = "DATA_SHARING";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConsentCommand<'a> {
    brand: Brand<'a>,
    consent: ConsentPart<'a>,
    permissions: Vec<Explained>,
    resource_types: Vec<ResourceType>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConsentPart<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    brand_id: &'a str,
    creation_date_time: String,
    tpp: Tpp<'a>,
    external_id: &'a str,
    resources: Vec<Product<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_date_time: Option<String>,
    permissions: PermissionSet,
}

/// A permission in plain words.
#[derive(Serialize)]
struct Explained {
    name: Permission,
    description: &'static str,
}

#[derive(Serialize)]
struct ResourceType {
    name: &'static str,
    title: &'static str,
    permissions: Vec<Permission>,
}

/// The body of the command.
pub(super) fn consent(
    consent: &Consent,
    brand: &str,
    tpp: &str,
    offers: &[Offer],
) -> Result<Box<RawValue>, Refusal> {
    let part = ConsentPart {
        kind: DATA_SHARING,
        brand_id: brand,
        creation_date_time: consent.created_at.to_string(),
        tpp: Tpp { name: tpp },
        external_id: consent.id.as_str(),
        resources: offers.iter().map(Product::of).collect(),
        expiration_date_time: consent.expires_at.map(|end| end.to_string()),
        permissions: consent.permissions,
    };
    let explained = |permission| Explained { name: permission, description: words::of(permission) };
    let command = ConsentCommand {
        brand: Brand { id: brand },
        consent: part,
        permissions: consent.permissions.iter().map(explained).collect(),
        resource_types: resource_types(consent),
    };
    to_raw_value(&command).map_err(|_| Refusal::internal())
}

/// The kinds of products to choose from, with the permissions that show something of each.
fn resource_types(consent: &Consent) -> Vec<ResourceType> {
    let of_kind = |kind: ResourceKind| {
        let asked = consent.permissions.iter();
        let permissions: Vec<Permission> =
            asked.filter(|permission| kind.permissions().contains(*permission)).collect();
        let title = kind.title();
        (!permissions.is_empty()).then_some(ResourceType { name: kind.as_str(), title, permissions })
    };
    ResourceKind::chosen().filter_map(of_kind).collect()
}
