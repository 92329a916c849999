//! The OpenAPI files as tables: a file per API, a row per endpoint; and the bodies of the Consents API.
//!
//! Bodies of the data APIs are not here: answers of the institution's integration layer are passed on as they came. The
//! endpoints that the metrics platform takes reports of are in [`pcm`].
//!
//! To add a data API: a file with its [`Api`], a `static` [`Row`] per endpoint, made of a [`DataEndpoint`], and its
//! `ROWS`; a line in the `mod` list here, a line in [`ALL`] (`all.rs`); if its paths name products, a row in the table
//! of `ponte_values::ResourceKind`. Tests compare every row with the official file, and its operation in the
//! integration layer with `docs/integration-layer.md`.

pub mod accounts;
mod all;
pub mod consents;
mod data_endpoint;
pub mod pcm;
pub mod resources;
mod row;
mod wire;

pub use all::ALL;
pub use data_endpoint::DataEndpoint;
pub use row::{
    Access, Api, CustomerAccess, Filter, FilterKind, Frequency, Limits, Meta, Method, Reach, Row, Shape,
};

#[cfg(test)]
mod tests;
