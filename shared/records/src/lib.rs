//! Answers of the institution's systems: the fields that each may have, and the gate that lets out nothing else.
//!
//! | file | what it holds |
//! |---|---|
//! | `field` | what a table of fields is made of |
//! | `pattern`, `calendar` | forms of texts |
//! | `accounts`, `bank_fixed_incomes` and so on | the tables of an OpenAPI file, one each |
//! | `credit` | what several of these files write alike |
//! | `answer`, `gate` | the one reading of an answer, by `scan` and `judge`; what leaves is written by `runs` |
//! | `ids` | what becomes of the institution's own ids |
//! | `finding`, `path`, `unreadable` | what is wrong with an answer |
//!
//! To add an API: a file with a `static` per endpoint and its `TABLES`, a line in the `mod` list here and one in [`ALL`]
//! (`all.rs`). Tests compare every table with the official file.

pub mod accounts;
mod all;
mod answer;
pub mod bank_fixed_incomes;
mod calendar;
mod credit;
pub mod credit_cards_accounts;
pub mod credit_fixed_incomes;
pub mod customers;
pub mod exchanges;
pub mod field;
pub mod financings;
mod finding;
pub mod funds;
mod gate;
mod ids;
pub mod invoice_financings;
mod judge;
pub mod loans;
mod path;
mod pattern;
mod runs;
mod scan;
mod tables;
pub mod treasure_titles;
pub mod unarranged_accounts_overdraft;
mod unreadable;
pub mod variable_incomes;

pub use all::ALL;
pub use answer::{Passed, pass, pass_about};
pub use field::Schema;
pub use finding::{Finding, Findings, MOST_KINDS, Rule};
pub use ids::{Ids, IsOwn, LEGACY_ID, NotAKey, Product, can_be_bound};
pub use pattern::{Decimal, Pattern};
pub use tables::Tables;
pub use unreadable::Unreadable;

#[cfg(test)]
mod tests;
