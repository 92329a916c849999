//! Test doubles that several crates need: servers that misbehave on demand, authorities, example consents.
//!
//! A development dependency only. It never imports `cloud`, `store`, `outbound` or `edge`: their own tests use it, and a
//! crate that comes twice into one test is two crates with types that do not fit. A helper that needs a type of theirs
//! stays with them.
//!
//! To add a double: a module named after what it stands for. What one crate alone needs stays in its own tests.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot be set up fails by panic"
)]

pub mod authority;
pub mod aws;
pub mod clock;
pub mod examples;
pub mod gateway;
pub mod identity;
pub mod institution;
pub mod lossy;
mod message;
pub mod people;
pub mod pseudonyms;
pub mod shared_tokens;
pub mod store;
pub mod stub;
