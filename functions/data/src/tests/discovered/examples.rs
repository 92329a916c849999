//! Consents and products of these tests.

use std::time::Duration;

use ponte_data_consent::consent::ResourceStatus as Status;
use ponte_data_consent::ports::ListedResource;
use ponte_values::{Moment, Permission, ResourceKind};
use serde_json::{Value, json};

use super::super::world::{World, bound, legacy_id};

pub(super) const LOAN: ResourceKind = ResourceKind::Loan;
pub(super) const FUND: ResourceKind = ResourceKind::Fund;
/// The kinds of [`credit`].
pub(super) const CREDIT: [ResourceKind; 5] = [
    LOAN,
    ResourceKind::Financing,
    ResourceKind::UnarrangedAccountOverdraft,
    ResourceKind::InvoiceFinancing,
    FUND,
];

pub(super) const LOANS: &str = "/open-banking/loans/v2/contracts";

/// The path of the note `note-1` of a product.
pub(super) fn note(product: &str) -> String {
    format!("/open-banking/variable-incomes/v1/broker-notes/{}", bound(product, "brokerNoteId", "note-1"))
}

/// A consent with these permissions and accounts `public-1` and on.
pub(super) fn of(permissions: &[Permission], accounts: &[Status]) -> World {
    World::permitting(permissions, accounts)
}

/// A consent for accounts, credit and funds.
pub(super) fn credit(accounts: &[Status]) -> World {
    let permissions = [
        Permission::AccountsRead,
        Permission::LoansRead,
        Permission::LoansPaymentsRead,
        Permission::FinancingsRead,
        Permission::UnarrangedAccountsOverdraftRead,
        Permission::InvoiceFinancingsRead,
        Permission::FundsRead,
        Permission::ResourcesRead,
    ];
    of(&permissions, accounts)
}

/// A product that counts for an hour.
pub(super) fn listed(number: u32, status: Status, now: Moment) -> ListedResource {
    ListedResource { legacy_id: legacy_id(number), status, valid_until: now.plus(Duration::from_hours(1)) }
}

/// A product that may be read.
pub(in super::super) fn loan(number: u32, now: Moment) -> ListedResource {
    listed(number, Status::Available, now)
}

/// A product as the Resources API shows it.
pub(super) fn resource(number: u32, kind: &str, status: &str) -> Value {
    json!({"resourceId": format!("public-{number}"), "type": kind, "status": status})
}

/// A contract as the layer lists it.
pub(super) fn contract(number: u32) -> Value {
    json!({"resourceLegacyId": [{"key": "account", "value": number.to_string()}], "ipocCode": number.to_string()})
}
