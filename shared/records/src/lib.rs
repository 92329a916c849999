//! Answers of the institution's systems: the fields that each may have, and the gate that lets out nothing else.
//!
//! | file | what it holds |
//! |---|---|
//! | `field` | what a table of fields is made of |
//! | `pattern`, `calendar` | forms of texts |
//! | `accounts` | the tables of an OpenAPI file, one each |
//!
//! To add an API: a file with a `static` per endpoint and its `TABLES`, a line in the `mod` list here and one in [`ALL`]
//! (`all.rs`). Tests compare every table with the official file.

pub mod accounts;
mod all;
mod calendar;
pub mod field;
mod pattern;
mod tables;

pub use all::ALL;
pub use field::Schema;
pub use pattern::{Decimal, Pattern};
pub use tables::Tables;

#[cfg(test)]
mod tests;
