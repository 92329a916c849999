//! The institution around Ponte: a bank with its integration layer as `docs/integration-layer.md` describes it, its
//! channel, its app and the systems that call the management host.

mod account_holders;
pub mod app;
mod bank;
pub mod channel;
pub mod contract;
pub mod customers;
mod described;
mod layer;
mod ledger;
mod page;
mod sessions;
mod site;
pub mod system;
#[cfg(test)]
mod tests;
mod tokens;

pub use bank::Bank;
pub use tokens::{Login, TokenBox};
