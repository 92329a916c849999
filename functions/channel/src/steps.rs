//! Steps of an interaction, shared by every style of channel: login, yes, no, handoff, return to the client.
//!
//! Each step is one commit, with the audit rows and funnel reports that it causes, if any. `interactions` (interaction API)
//! and `commands` (command loop) only parse requests and build answers; an interaction begun in one may go on in the
//! other. `crate::handoff` serves the browser's page of an interaction that a phone decides; its steps are in `handoff`.

mod agree;
mod completion;
mod decline;
mod funnel;
mod handoff;
mod login;
mod repeat;

pub(crate) use agree::{AgreeFault, agree};
pub(crate) use completion::Completion;
pub(crate) use decline::decline;
pub(crate) use handoff::{abort, finish, take_over};
pub(crate) use login::{LoginOutcome, log_in};
pub(crate) use repeat::repeated;
