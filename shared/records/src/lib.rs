//! Answers of the institution's systems: the fields that each may have, and the gate that lets out nothing else.
//!
//! | file | what it holds |
//! |---|---|
//! | `field` | what a table of fields is made of |
//! | `pattern`, `calendar` | forms of texts |
//! | `accounts`, `bank_fixed_incomes` and so on | the tables of an OpenAPI file, one each |
//!
//! To add an API: a file with a `static` per endpoint and its `TABLES`, a line in the `mod` list here and one in [`ALL`]
//! (`all.rs`). Tests compare every table with the official file.

pub mod accounts;
mod all;
pub mod bank_fixed_incomes;
mod calendar;
pub mod credit_cards_accounts;
pub mod credit_fixed_incomes;
pub mod customers;
pub mod exchanges;
pub mod field;
pub mod financings;
pub mod funds;
pub mod invoice_financings;
pub mod loans;
mod pattern;
mod tables;
pub mod treasure_titles;
pub mod unarranged_accounts_overdraft;
pub mod variable_incomes;

pub use all::ALL;
pub use field::Schema;
pub use pattern::{Decimal, Pattern};
pub use tables::Tables;

#[cfg(test)]
mod tests;
