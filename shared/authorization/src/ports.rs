//! Ports of the authorization server: clients, grants, interactions, API keys, the customers behind them,
//! and the revocation of certificates.

mod api_keys;
mod attempts;
mod blocks;
mod clients;
mod customers;
mod grants;
mod handoffs;
mod interactions;
mod key_sets;
mod pseudonyms;
mod revocation;

pub use api_keys::ApiKeys;
pub use attempts::Attempts;
pub use blocks::Blocks;
pub use clients::{Clients, RegisterFault};
pub use customers::{Customer, Customers};
pub use grants::{Directory, Grants, Targets};
pub use handoffs::Handoffs;
pub use interactions::{
    InteractionChanges, InteractionCommit, Interactions, ReportedArrivals, SignedCalls, Tickets,
};
pub use key_sets::KeySetUris;
pub use pseudonyms::Pseudonyms;
pub use revocation::{CertificateStatuses, Responders};
