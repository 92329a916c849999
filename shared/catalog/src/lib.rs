//! The OpenAPI files as tables: a file per API, a row per endpoint; and the bodies of the Consents API.
//!
//! Bodies of the data APIs are not here: a row names the table of the fields that the institution's layer answers with,
//! which are in `ponte_records`; those of payments are in `ponte_payment`. The endpoints that the metrics platform takes reports of are in [`pcm`].
//!
//! To add a data API: the tables of its fields (`ponte_records`) and a file here with its [`Api`], a `static` [`Row`] per
//! endpoint, made of a [`DataEndpoint`], and its `ROWS`; a line in the `mod` list and one in `ALL` of either crate; if its
//! paths name products, a row in the table of `ponte_values::ResourceKind`. Tests compare every row with the official
//! file, and its operation in the integration layer with `docs/integration-layer.md`.

pub mod accounts;
mod all;
pub mod bank_fixed_incomes;
pub mod consents;
pub mod credit_cards_accounts;
pub mod credit_fixed_incomes;
pub mod customers;
mod data_endpoint;
mod dates;
pub mod exchanges;
pub mod financings;
pub mod funds;
pub mod invoice_financings;
pub mod loans;
pub mod payments;
pub mod pcm;
pub mod resources;
mod row;
pub mod treasure_titles;
pub mod unarranged_accounts_overdraft;
pub mod variable_incomes;
mod wire;

pub use all::ALL;
pub use data_endpoint::DataEndpoint;
pub use row::{
    Access, Api, CustomerAccess, Filter, FilterKind, Frequency, Holder, Limits, Meta, Method, Reach, Row,
    Shape,
};

#[cfg(test)]
mod tests;
