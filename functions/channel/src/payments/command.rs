//! The consent command of a payment consent: who is paid, what and when, and the accounts to choose from.

use ponte_edge::Refusal;
use ponte_payment::consent::PaymentConsent;
use ponte_payment::wire::{Account, BusinessEntity, Creditor, Text};
use ponte_values::ResourceKind;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value, to_value};

use crate::consent_command::{Brand, Product, Tpp};
use crate::target::Offer;

/// Type of the commands about payment consents.
pub(super) const PAYMENT: &str = "PAYMENT";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConsentCommand<'a> {
    brand: Brand<'a>,
    consent: ConsentPart<'a>,
    permissions: [(); 0],
    resource_types: [ResourceType; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConsentPart<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    brand_id: &'a str,
    creation_date_time: String,
    /// When it does not wait any more (P05).
    expiration_date_time: String,
    tpp: Tpp<'a>,
    external_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    business_entity: Option<&'a BusinessEntity>,
    creditors: [&'a Creditor; 1],
    payment: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    debtor_account: Option<&'a Account>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_information: Option<&'a Text<255>>,
    resources: Vec<Product<'a>>,
}

#[derive(Serialize)]
struct ResourceType {
    name: &'static str,
    title: &'static str,
    permissions: [(); 0],
}

/// The body of the command.
pub(super) fn consent(
    consent: &PaymentConsent,
    brand: &str,
    tpp: &str,
    offers: &[Offer],
) -> Result<Box<RawValue>, Refusal> {
    let request = &consent.request;
    let schedule = request.payment.schedule.as_ref();
    let part = ConsentPart {
        kind: PAYMENT,
        brand_id: brand,
        creation_date_time: consent.created_at.to_string(),
        expiration_date_time: consent.expires_at.to_string(),
        tpp: Tpp { name: tpp },
        external_id: consent.id.as_str(),
        business_entity: request.business_entity.as_ref(),
        creditors: [&request.creditor],
        payment: payment(consent)?,
        debtor_account: request.debtor_account.as_ref(),
        additional_information: schedule.and_then(|schedule| schedule.additional_information.as_ref()),
        resources: offers.iter().map(Product::of).collect(),
    };
    let accounts = ResourceKind::Account;
    let command = ConsentCommand {
        brand: Brand { id: brand },
        consent: part,
        permissions: [],
        resource_types: [ResourceType { name: accounts.as_str(), title: accounts.title(), permissions: [] }],
    };
    to_raw_value(&command).map_err(|_| Refusal::internal())
}

/// What is paid, as it was asked for, without the signed charge: that is for institutions, and long.
pub(super) fn payment(consent: &PaymentConsent) -> Result<Value, Refusal> {
    let mut payment = to_value(&consent.request.payment).map_err(|_| Refusal::internal())?;
    if let Some(details) = payment.get_mut("details").and_then(Value::as_object_mut) {
        details.remove("payloadJWS");
    }
    Ok(payment)
}
