//! `ponte`, the binary: operator commands for a running stack, and the stack itself with its demo journey.
//!
//! One more command = a variant in `command.rs` and its arm. Operator commands find the stack by `endpoints.json` and
//! reach it through its control port; `keys`, `clients`, `pcm` and `audit` send the typed commands of the functions `oauth`,
//! `pcm` and `audit`.

mod ask;
mod audit;
mod clients;
mod command;
mod console;
mod export;
mod faults;
pub mod functions;
mod keys;
mod log;
mod operator;
mod pcm;
mod stack;

pub use command::run;
