//! Lambda on one machine: every function is a process of its own that works through the Lambda Runtime API.
//!
//! [`Function::invoke`] takes an idle execution environment or starts one, up to those of its [`Launcher`]; one
//! environment is one process with a Runtime API of its own and works on one invocation at a time. A process that
//! ends or overruns its time is replaced; its invocation ends as [`Outcome::Failed`].

mod api;
mod environment;
mod function;
mod invocation;
mod launcher;
mod outcome;
mod settings;
#[cfg(test)]
pub(crate) mod tests;
mod variables;

pub(crate) use api::MAX_PAYLOAD;
pub use function::{Function, Functions, Tally};
pub use invocation::Invocation;
pub use launcher::{ENVIRONMENTS, Launcher};
pub use outcome::Outcome;
pub use settings::Settings;
