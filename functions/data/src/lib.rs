//! Every GET data API: serves the rows of the catalog and knows no API by name.
//!
//! A row that the consent itself answers goes to `consented`; every other one to `records`, which asks the
//! institution's layer. `products` puts public ids where the layer wrote its own.
//!
//! To add an API: nothing here. Its rows in the catalog are served as soon as they are there, and the layer's
//! operation of each follows from its path.

mod consented;
mod operation;
mod products;
mod records;

use std::sync::Arc;

use ponte_catalog::{ALL, Access, Method, Row, Shape};
use ponte_data_consent::authority::ConsentAuthority;
use ponte_data_consent::ports::Institution;
use ponte_edge::{Context, Guard, Router};

/// What the operations need from outside.
pub struct Ports {
    /// The institution's systems.
    pub institution: Arc<dyn Institution>,
}

/// The operations of this function.
#[must_use]
pub fn router(
    context: Context,
    guard: Guard,
    authority: &Arc<ConsentAuthority>,
    ports: Ports,
) -> Router<Ports> {
    let rows = ALL.iter().flat_map(|rows| rows.iter().copied()).filter(|row| is_data(row));
    rows.fold(Router::new(context, Some(guard), ports), |router, row| match row.shape {
        Shape::Shared => router.customer(row, authority, consented::list),
        Shape::Object | Shape::Products(_) | Shape::Records | Shape::Nothing => {
            router.customer(row, authority, records::records)
        }
    })
}

/// Whether a row reads data of a customer.
fn is_data(row: &Row) -> bool {
    row.method == Method::Get && matches!(row.access, Access::Customer(..))
}

#[cfg(test)]
mod tests;
