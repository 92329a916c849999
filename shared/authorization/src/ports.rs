//! Ports of the authorization server: clients, grants, interactions, API keys and the customers behind them.

mod api_keys;
mod customers;
mod grants;
mod handoffs;
mod interactions;

pub use api_keys::ApiKeys;
pub use customers::{Customer, Customers};
pub use grants::{Clients, Directory, Grants, Targets};
pub use handoffs::Handoffs;
pub use interactions::{InteractionChanges, InteractionCommit, Interactions};
