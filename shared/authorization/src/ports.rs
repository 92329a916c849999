//! What the authorization server keeps, and whom it knows.

mod api_keys;
mod grants;
mod handoffs;
mod interactions;

pub use api_keys::ApiKeys;
pub use grants::{Clients, Directory, Grants, Targets};
pub use handoffs::Handoffs;
pub use interactions::Interactions;
