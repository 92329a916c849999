//! Test doubles that several crates need: one fake per port, servers that misbehave on demand, example consents.
//!
//! A development dependency only. It never imports `cloud`, `store`, `outbound` or `edge`: their own tests use it, and a
//! crate that comes twice into one test is two crates with types that do not fit. A helper that needs a type of theirs
//! stays with them.
//!
//! Nobody writes a second fake of a port that is here: what a test wants of it becomes a switch of the one, and to break
//! a single call, wrap it. Each is held by `contract` to what the adapter does; `store` and `cloud` run the same suite.
//! The unit tests of `ports`, `authorization`, `data-consent` and `metrics` have fakes of their own, because the kit
//! imports these crates and would come into their tests with second copies of their types.
//!
//! To add a double: a module named after what it stands for, and its promises in `contract`. What one crate alone needs
//! stays in its own tests.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot be set up fails by panic"
)]

pub mod api_keys;
pub mod audit_chain;
pub mod authority;
pub mod aws;
pub mod blocks;
pub mod breakers;
pub mod call_counts;
pub mod certificates;
pub mod clock;
pub mod connector;
pub mod contract;
pub mod directory;
pub mod discovered;
pub mod examples;
pub mod gateway;
pub mod identity;
pub mod institution;
pub mod intermediary;
pub mod key_set_uris;
pub mod lines;
mod message;
pub mod message_ids;
pub mod ocsp_question;
pub mod operations;
pub mod outbox;
pub mod payment_core;
pub mod payment_examples;
pub mod payments;
pub mod people;
pub mod port_failures;
pub mod proxy;
pub mod pseudonyms;
pub mod quality;
pub mod revocation;
pub mod secrets;
pub mod shared_tokens;
pub mod store;
pub mod stub;
