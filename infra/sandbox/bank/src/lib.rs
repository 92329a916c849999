//! The institution around Ponte: a bank with its integration layer as `docs/integration-layer.md` describes it, its
//! channel, its app and the systems that call the management host.

mod account_holders;
mod accounts;
pub mod app;
mod bank;
mod calendar;
mod call;
mod cards;
pub mod channel;
pub mod contract;
mod credit;
pub mod customers;
mod daily;
mod described;
pub mod dice;
mod exchanges;
pub mod faulty;
mod function;
mod holdings;
mod institution;
mod investments;
mod layer;
mod ledger;
mod orders;
mod page;
mod records;
mod refusal;
mod registration;
mod sessions;
mod site;
mod statuses;
pub mod system;
#[cfg(test)]
mod tests;
mod tokens;

pub use bank::Bank;
pub use tokens::{Login, TokenBox};
