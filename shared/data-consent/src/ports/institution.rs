//! The institution's own systems behind the integration layer (product contract, section 1.5).

use std::time::Duration;

use async_trait::async_trait;
use ponte_values::{InteractionId, Moment, Page, ResourceKind};
use serde_json::value::RawValue;

use crate::account_holder::AccountHolderAnswer;
use crate::consent::{Consent, Resource, ResourceStatus};
use ponte_authorization::approval::Approver;
use ponte_ports::InstitutionFault;
use ponte_ports::LegacyId;

/// A product the customer may choose to share.
#[derive(Clone, Debug)]
pub struct DiscoveredProduct {
    /// The institution's own key.
    pub legacy_id: LegacyId,
    /// How the customer knows it, a JSON array of `{key, value}` to be shown.
    pub name: Box<RawValue>,
    /// The people who must agree before it may be read; the customer may be among them (C60).
    pub approvers: Vec<Approver>,
    /// What is on it, to be shown to the customer who chooses; nobody keeps it.
    pub balance: Option<Balance>,
    /// Whether it is chosen until the customer says otherwise, where the institution says so.
    pub default_selected: Option<bool>,
}

/// A balance as the customer sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Balance {
    /// ISO 4217, three letters.
    pub currency: String,
    /// A decimal number in 20 characters at most: `1520.75`.
    pub amount: String,
}

/// A product that no customer chooses, as the institution lists it under a consent.
#[derive(Clone, Debug)]
pub struct ListedResource {
    /// The institution's own key.
    pub legacy_id: LegacyId,
    /// Its status (C60).
    pub status: ResourceStatus,
    /// Until when the institution stands by that.
    pub valid_until: Moment,
}

/// A question for the products of a kind that no customer chooses.
#[derive(Clone, Copy, Debug)]
pub struct ResourcesRequest<'a> {
    /// The kind.
    pub kind: ResourceKind,
    /// The call's correlation id.
    pub correlation: InteractionId,
    /// The consent the answer is given under.
    pub consent: &'a Consent,
    /// How long the answer may take.
    pub budget: Duration,
    /// How long the call that asks has left.
    pub left: Duration,
}

/// A request to the integration layer.
#[derive(Clone, Copy, Debug)]
pub struct RecordsRequest<'a> {
    /// Path below the base URL, for instance `/accounts/balances`.
    pub operation: &'static str,
    /// The call's correlation id.
    pub correlation: InteractionId,
    /// The consent the answer is given under.
    pub consent: &'a Consent,
    /// The one product of the operation; `None` if it is about all of them, or about none.
    pub resource: Option<&'a Resource>,
    /// The products that may be read now and that the answer may be about.
    pub shared: &'a [&'a Resource],
    /// Other ids in the path of the call, as they came, wire names.
    pub ids: &'a [(&'static str, &'a str)],
    /// Page, where the operation has pages.
    pub page: Option<Page>,
    /// Filters as they came, wire names.
    pub filters: &'a [(&'static str, String)],
    /// How long the answer may take.
    pub budget: Duration,
    /// How long the call that asks has left.
    pub left: Duration,
}

/// The answer of the integration layer.
#[derive(Debug)]
pub struct Records {
    /// `{"data": .., "meta": {"totalRecords": ..}}` as it came, unread: the gate reads it once.
    pub body: Vec<u8>,
}

/// The institution's systems.
#[async_trait]
pub trait Institution: Send + Sync {
    /// The products of this kind that the customer named in the consent has, for a call that has `left` to answer (6 s
    /// budget within it).
    async fn discover(
        &self,
        kind: ResourceKind,
        consent: &Consent,
        correlation: InteractionId,
        left: Duration,
    ) -> Result<Vec<DiscoveredProduct>, InstitutionFault>;
    /// The products of a kind that no customer chooses, within the budget of the request and what its call has left. An institution
    /// that is still collecting them is [`InstitutionFault::NotReady`].
    async fn resources(&self, request: ResourcesRequest<'_>)
    -> Result<Vec<ListedResource>, InstitutionFault>;
    /// Records of a data API, within the budget of the request and what its call has left.
    async fn records(&self, request: RecordsRequest<'_>) -> Result<Records, InstitutionFault>;
    /// Whether the customer named in the consent is one here and can decide (M38, 3 s budget). A refusal is about the
    /// customer; everything else that is no answer says nothing of them.
    async fn check_account_holder(
        &self,
        consent: &Consent,
        correlation: InteractionId,
    ) -> Result<AccountHolderAnswer, InstitutionFault>;
}
