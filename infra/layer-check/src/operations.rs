//! What there is to ask: the rows of the catalog that the layer answers, the discovery of each kind of product, who logged in
//! and who is a customer.

use std::time::Duration;

use ponte_catalog::{ALL, Access, Frequency, Row};
use ponte_values::{LayerTimes, Permission, ResourceKind};

/// The times of operations that answer no endpoint.
const TIMES: LayerTimes = LayerTimes::CONTRACT;
/// The time of a discovery that a receiver waits for.
const DISCOVERY: Duration = Frequency::High.time_limit();

/// An operation of the layer.
#[derive(Clone, Copy)]
pub(crate) struct Operation {
    /// Its path: `/accounts/find`.
    pub(crate) path: &'static str,
    /// What it is for.
    pub(crate) asks: Asks,
    /// How long its answer may take.
    pub(crate) budget: Duration,
}

impl Operation {
    /// Whether its calls name ids that answers of others gave out.
    pub(crate) fn has_ids(&self) -> bool {
        matches!(self.asks, Asks::Row(row) if !row.ids.is_empty())
    }

    /// The API that it belongs to.
    pub(crate) fn api(&self) -> Option<&'static str> {
        match self.asks {
            Asks::Decrypt | Asks::AccountHolder => None,
            Asks::Discovery(kind) => Some(kind.api()),
            Asks::Row(row) => Some(row.api.name),
        }
    }
}

/// What an operation is for.
#[derive(Clone, Copy)]
pub(crate) enum Asks {
    /// Whose token that is.
    Decrypt,
    /// Whether somebody is a customer.
    AccountHolder,
    /// A customer's products of a kind.
    Discovery(ResourceKind),
    /// The data of an endpoint.
    Row(&'static Row),
}

/// The operations in the order in which they are asked: what later ones need comes first.
pub(crate) fn all() -> Vec<Operation> {
    let mut operations = vec![
        Operation { path: "/authentication/decrypt", asks: Asks::Decrypt, budget: TIMES.identify },
        Operation { path: "/check-account-holder", asks: Asks::AccountHolder, budget: TIMES.check },
    ];
    for rows in ALL {
        let answered: Vec<&'static Row> = rows.iter().copied().filter(|row| row.layer.is_some()).collect();
        let Some(first) = answered.first() else { continue };
        operations.extend(ResourceKind::of_api(first.api.name).map(|kind| Operation {
            path: kind.discovery(),
            asks: Asks::Discovery(kind),
            budget: if kind.selectable() { TIMES.discover } else { DISCOVERY },
        }));
        // Ids inside of a path are found in answers of the others.
        let (plain, with_ids): (Vec<_>, Vec<_>) = answered.into_iter().partition(|row| row.ids.is_empty());
        operations.extend(plain.into_iter().chain(with_ids).filter_map(|row| {
            Some(Operation { path: row.layer?, asks: Asks::Row(row), budget: row.frequency.time_limit() })
        }));
    }
    operations
}

/// The permission that an endpoint needs, by its name.
pub(crate) fn permission(row: &Row) -> Option<&'static str> {
    match row.access {
        Access::Customer(access) => access.permission.map(Permission::as_str),
        Access::Client(_) => None,
    }
}

/// Whether the endpoint is about companies alone, or about people alone: the customers API has paths for each.
pub(crate) fn is_for(row: &Row, company: bool) -> bool {
    match row.path() {
        path if path.starts_with("/business/") => company,
        path if path.starts_with("/personal/") => !company,
        _ => true,
    }
}
