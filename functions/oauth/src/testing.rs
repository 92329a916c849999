//! One institution, one client and one customer for the tests of this function: ports in memory, real keys.

mod calls;
pub(crate) mod forge;
mod http;
mod journey;
mod keys;
mod memory;
mod names;
mod revocation;
mod world;

pub(crate) use calls::*;
pub(crate) use http::{Gateway, INTERACTION, Reply};
pub(crate) use journey::{arrival_of, arrived, arriving, cookie_of, fragment};
pub(crate) use keys::*;
pub(crate) use memory::{Memory, StoreFault};
pub(crate) use names::*;
pub(crate) use world::{World, claims_of, id_token_claims, request_claims, site_with};
