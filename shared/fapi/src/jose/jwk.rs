//! JSON Web Keys (RFC 7517): key sets of clients and of the institution itself.

mod fault;
mod key_set;
mod public_jwk;

#[cfg(test)]
mod tests;

pub use fault::JwkFault;
pub use key_set::KeySet;
pub use public_jwk::{PublicJwk, key_set_json};
