//! Steps of an interaction, shared by every style of channel: login, yes, no, handoff, return to the client.
//!
//! Each step changes the store once, in one commit with its audit rows and funnel reports. `interactions` (interaction API)
//! and `commands` (command loop) only read calls and write answers; an interaction begun in one may go on in the other.
//! `handoff` is the browser's side of an interaction that a phone decides.

mod agree;
mod completion;
mod decline;
mod funnel;
mod handoff;
mod login;

pub(crate) use agree::agree;
pub(crate) use completion::Completion;
pub(crate) use decline::decline;
pub(crate) use handoff::{abort, finish, take_over};
pub(crate) use login::{LoginOutcome, log_in};
