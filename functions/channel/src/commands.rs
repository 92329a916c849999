//! The command loop of apps and web pages: each answer carries the next command (product contract, section 1.3).
//!
//! The id in the path is that of the interaction API, so both may take turns; what a caller must show besides is in `proof`. The
//! institution's back end names the customer in a JWT signed with a key of its registered key set. The steps are in `steps`; here
//! calls are read and commands written. An error command with a redirect ends the loop; one without
//! leaves the interaction as it was, and GET shows the step it waits for. How apps use it is in docs/command-loop.md.

mod authentication;
mod command;
mod consent;
mod guess;
mod handoff;
mod next;
mod show;

pub(crate) use authentication::authentication;
pub(crate) use consent::consent;
pub(crate) use handoff::handoff;
pub(crate) use show::show;
