//! The ports of `ponte_ports` and of the nouns made real, one adapter per port, and what they are built from.
//!
//! | module | what it holds |
//! |---|---|
//! | [`mod@env`] | typed environment variables, named as in `infra/template.yaml` |
//! | [`aws`] | SDK clients: static credentials, one HTTP client, pinned roots |
//! | [`dynamo`] | consents, interactions, grants, clients, outbox |
//! | [`sqs`], [`secrets`], [`alarms`] | the queue of tickets; the secrets and their versions; who is told of a bad one |
//! | [`environment`], [`pseudonyms`] | clock, ids, keyed pseudonyms |
//! | [`http`] | the outgoing HTTP client: trust, client certificate, limits |
//! | [`directory`], [`institution`], [`platform`] | keystore, integration layer, metrics platform |
//! | [`participants`] | other institutions: calls that are made, and reported |
//!
//! To add one: the trait goes into `ponte_ports` and of the nouns, the adapter into a file of its own here, its variables into
//! [`mod@env`], and its tests beside it against the real protocol (an embedded DynamoDB, or a stub server for HTTP). An
//! adapter translates and bounds; a rule belongs to its noun.

pub mod alarms;
pub mod aws;
pub mod directory;
pub mod dynamo;
pub mod env;
pub mod environment;
mod failure;
pub mod http;
pub mod institution;
pub mod participants;
pub mod platform;
pub mod pseudonyms;
pub mod secrets;
pub mod sqs;

#[cfg(test)]
mod testing;
