//! The command loop of apps and web pages: each answer carries the next command (product contract, section 1.3).
//!
//! The id in the path is that of the interaction, so the interaction API and the loop may take turns. Who the customer is,
//! the institution's back end says in a JWT signed with a key of its registered key set. What a step does is in
//! `steps`; here calls are read and commands written. An error command with a redirect ends the loop; one without
//! leaves the interaction as it was, and GET tells what it waits for. How apps use it is in docs/command-loop.md.

mod authentication;
mod command;
mod consent;
mod handoff;
mod keys;
mod next;
mod show;

pub(crate) use authentication::authentication;
pub(crate) use consent::consent;
pub(crate) use handoff::handoff;
pub use keys::ChannelKeys;
pub(crate) use show::show;
