//! JSON Object Signing and Encryption: the parts of RFC 7515 to 7518 that the profile uses, and no others.

pub mod base64url;
mod header;
pub(crate) mod json;
pub mod jwe;
pub mod jwk;
pub mod jws;
pub mod key;
