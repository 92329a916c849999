//! The routes: every row of the catalog that reads data of a customer.

use std::sync::Arc;

use ponte_catalog::{ALL, Access, Method, Row, Shape};
use ponte_data_consent::authority::ConsentAuthority;
use ponte_edge::{Context, Guard, Router};

use crate::ports::Ports;
use crate::{consented, records};

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
