//! Every GET data API: serves the rows of the catalog and knows no API by name.
//!
//! A row that the consent itself answers goes to `consented`; every other one to `records`, which asks the
//! institution's layer; `routes` decides which. `products` and `own_ids` put public ids where the layer wrote its
//! own, `record` leaves out what else it wrote of them.
//!
//! To add an API: nothing here. Its rows in the catalog are served as soon as they are there; each says which operation
//! of the layer answers it, and what of its path the layer is told.

mod consented;
mod own_ids;
mod ports;
mod products;
mod record;
mod records;
mod routes;

pub use ports::Ports;
pub use routes::router;

#[cfg(test)]
mod tests;
