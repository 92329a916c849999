//! The institution's bank core: its customers, its channel's login page, and the integration layer that Ponte calls.
//!
//! One more product = its operations in a file beside `layer.rs`, its paths in `Bank::answer`, its section in
//! `docs/integration-layer.md`.

mod bank;
pub mod contract;
pub mod customers;
mod holders;
mod layer;
mod ledger;
mod page;
mod site;
#[cfg(test)]
mod tests;
mod tokens;

pub(crate) use bank::Bank;
pub(crate) use tokens::{Login, TokenBox};
