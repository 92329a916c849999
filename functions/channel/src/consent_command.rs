//! The parts of a consent command that all kinds of targets have (docs/command-loop.md).

use serde::Serialize;
use serde_json::value::RawValue;

use crate::target::Offer;

/// The client that asks.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct Tpp<'a> {
    pub(crate) name: &'a str,
}

/// The institution.
#[derive(Serialize)]
pub(crate) struct Brand<'a> {
    pub(crate) id: &'a str,
}

/// A product to choose.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Product<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    balance_currency: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    balance_amount: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_selected: Option<bool>,
    has_multiple_authorisers: bool,
}

impl<'a> Product<'a> {
    pub(crate) fn of(offer: &'a Offer) -> Self {
        Self {
            id: &offer.id,
            kind: offer.kind,
            name: &offer.name,
            balance_currency: offer.balance_currency.as_deref(),
            balance_amount: offer.balance_amount.as_deref(),
            default_selected: offer.default_selected,
            has_multiple_authorisers: offer.waits_for_others,
        }
    }
}
