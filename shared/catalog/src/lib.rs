//! What the OpenAPI files say: one row per endpoint, one file of rows and wire types per API.
//!
//! To add an API: a file with its [`Api`], a `static` per endpoint and its `ROWS`, a line in the `mod` list, a line in
//! [`ALL`]. A test compares every row with the official file.

pub mod accounts;
pub mod consents;
pub mod pcm;
pub mod resources;
mod row;
mod wire;

pub use row::{Access, Api, CustomerAccess, Filter, FilterKind, Frequency, Meta, Method, Reach, Row, Shape};

/// The rows of every API.
pub static ALL: &[&[&Row]] = &[accounts::ROWS, consents::ROWS, resources::ROWS];

#[cfg(test)]
mod tests;
