//! Outgoing calls: the HTTP client, and an adapter for each system that is called with it.
//!
//! | module | what it holds |
//! |---|---|
//! | [`http`] | the outgoing HTTP client: trust, client certificate, limits |
//! | [`directory`], [`institution`], [`platform`] | keystore, integration layer, metrics platform |
//! | [`connector`] | payment connector: the core that moves the money |
//! | [`revocation`] | responders and revocation lists of authorities |
//! | [`participants`] | other institutions: calls that are made, and reported |
//!
//! To add one: the trait goes beside its noun, the adapter into a file of its own here, and its tests beside it against a
//! stub server. An adapter translates and bounds; a rule belongs to its noun.

pub mod connector;
pub mod directory;
mod failure;
pub mod http;
pub mod institution;
pub mod participants;
pub mod platform;
pub mod revocation;

#[cfg(test)]
mod testing;
