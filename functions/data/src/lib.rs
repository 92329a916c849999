//! Every GET data API: serves the rows of the catalog and knows no API by name.
//!
//! A row that the consent itself answers goes to `consented`; every other one to `records`, which asks the
//! institution's layer; `routes` decides which. What it answers passes the gate of `ponte_records` by the table of
//! its row: `own_ids` gives the gate the public ids that stand where the layer wrote its own, `findings` tells what was
//! wrong.
//!
//! To add an API: nothing here. Its rows in the catalog are served as soon as they are there; each says which operation
//! of the layer answers it, and what of its path the layer is told.

mod consented;
mod findings;
mod own_ids;
mod ports;
mod records;
mod routes;

pub use ports::Ports;
pub use routes::router;

#[cfg(test)]
mod tests;
