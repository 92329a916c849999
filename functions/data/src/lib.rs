//! Every GET data API: serves the rows of the catalog and knows no API by name.
//!
//! A row that the consent itself answers goes to `consented`; every other one to `records`, which asks the
//! institution's layer. `products` puts public ids where the layer wrote its own.
//!
//! To add an API: nothing here. Its rows in the catalog are served as soon as they are there; each says which operation
//! of the layer answers it, and what of its path the layer is told.

mod consented;
mod products;
mod records;

use std::sync::Arc;

use ponte_catalog::{Row, Shape};
use ponte_data_consent::authority::ConsentAuthority;
use ponte_data_consent::ports::Institution;
use ponte_edge::{Context, Guard, Router};

/// What the operations need from outside.
pub struct Ports {
    /// The institution's systems.
    pub institution: Arc<dyn Institution>,
}

/// The operations of this function: those of `rows`, an API each, that the consent itself or the layer answers.
#[must_use]
pub fn router(
    context: Context,
    guard: Guard,
    authority: &Arc<ConsentAuthority>,
    ports: Ports,
    rows: &[&[&'static Row]],
) -> Router<Ports> {
    let router = Router::new(context, Some(guard), ports);
    rows.iter().flat_map(|rows| rows.iter().copied()).fold(router, |router, row| {
        match (row.shape, row.layer) {
            (Shape::Shared, _) => router.customer(row, authority, consented::list),
            (_, Some(_)) => router.customer(row, authority, records::records),
            // The row of another function.
            (_, None) => router,
        }
    })
}

#[cfg(test)]
mod tests;
