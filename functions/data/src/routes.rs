//! Routes of this function: the resources of a consent, and the rows that the integration layer answers.

use std::sync::Arc;

use ponte_catalog::{Row, Shape};
use ponte_data_consent::authority::ConsentAuthority;
use ponte_edge::{Context, Guard, Router};

use crate::ports::Ports;
use crate::{records, resources};

/// The operations of this function: those of `rows`, an API each, that are its own.
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
            (Shape::Resources, _) => router.customer(row, authority, resources::list),
            (_, Some(_)) => router.customer(row, authority, records::records),
            // The row of another function.
            (_, None) => router,
        }
    })
}
