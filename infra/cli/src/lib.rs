//! `ponte`, the binary: operator commands for a running stack, and the stack itself with its demo journey.
//!
//! One more command = a variant in `command.rs` and its arm. Operator commands find the stack (`target`) on this machine by
//! `endpoints.json`, or on AWS by its name; `keys`, `clients`, `consents`, `payments`, `pcm`, `quality`, `stock` and `audit` send the typed commands of the
//! functions, by invocation or by their operator queues (`order`), and `ops` reads what became of those.

mod ask;
mod audit;
mod clients;
mod command;
mod commands;
mod connector;
mod consents;
mod console;
mod export;
mod faults;
pub mod functions;
mod keys;
mod layer;
mod log;
mod operator;
mod ops;
mod order;
mod payments;
mod pcm;
mod quality;
mod stack;
mod stock;
mod table;
mod target;

pub use command::run;
