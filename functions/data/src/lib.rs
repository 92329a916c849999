//! Every GET data API: serves the rows of the catalog and knows no API by name.
//!
//! The list of resources is answered by `resources`; every other row by `records`, which asks the institution's layer; `routes`
//! decides which. `shared_products` says which products a call is about, `discovery` has those discovered that no customer
//! chooses. What the layer answers passes the gate of `ponte_records` by the table of its row: `own_ids` gives the gate the public
//! ids that stand where the layer wrote its own, `findings` counts what was wrong and decides whether the answer leaves.
//!
//! To add an API: nothing here. Its rows in the catalog are served as soon as they are there; each says which operation
//! of the layer answers it, and what of its path the layer is told.

mod bound_ids;
mod discovery;
mod findings;
mod holders;
mod own_ids;
mod ports;
mod records;
mod resources;
mod routes;
mod shared_products;

pub use ports::Ports;
pub use routes::router;

#[cfg(test)]
mod tests;
