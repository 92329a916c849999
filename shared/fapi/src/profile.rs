//! The rules of FAPI-BR and of the certificate standard: claims, scopes, certificates, registration of clients.

pub mod binding;
pub mod certificate;
pub mod claims;
pub mod dcr;
pub mod dn;
pub mod pkce;
pub mod revocation;
pub mod scope;
pub mod secret;
pub mod token_id;
