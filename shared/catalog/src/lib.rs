//! What the OpenAPI files say: one row per endpoint, one file of rows per API.
//!
//! To add an API: a file with its [`Api`] and a `const` per endpoint, a line in the `mod` list, a line in [`ALL`].
//! A test compares every row with the official file.

mod row;

pub use row::{Access, Api, Filter, FilterKind, Frequency, Meta, Method, Reach, Row, Shape};
