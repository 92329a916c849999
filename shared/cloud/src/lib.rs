//! AWS besides its tables: environment, SDK clients, queues, secrets, alarms, clock and ids.
//!
//! | module | what it holds |
//! |---|---|
//! | [`mod@env`] | typed environment variables, named as in `infra/template.yaml` |
//! | [`aws`] | SDK clients: static credentials, one HTTP client, pinned roots |
//! | [`sqs`], [`secrets`], [`alarms`] | queues; the secrets and their versions; alarms about a bad one |
//! | [`environment`], [`pseudonyms`] | clock, ids, keyed pseudonyms |
//! | [`failure`] | from the errors of SDKs and decoders to `PortError` |
//!
//! To add an adapter: a file of its own, its variables in [`mod@env`], and its tests beside it against the real protocol
//! over a stub server. An adapter translates and bounds; a rule belongs to its noun.

pub mod alarms;
pub mod aws;
pub mod env;
pub mod environment;
pub mod failure;
pub mod pseudonyms;
pub mod secrets;
pub mod sqs;
pub mod tickets;

#[cfg(test)]
mod testing;
