//! Operator commands: the API keys of the institution's own callers, and clients that are shut out.
//!
//! | command | members | answer |
//! |---|---|---|
//! | `api-key.issue` | `caller`, `scopes`, `expiresAt`? | the key, its text shown this once |
//! | `api-key.rotate` | `id`, `graceSeconds`? | the key with another secret, its text shown this once |
//! | `api-key.revoke` | `id` | the key, which counts for nothing from now on |
//! | `api-key.list` | | all keys, without texts |
//! | `client.block` | `id`, `reason` | the client, which gets no tokens and opens nothing; its consents stay. Of one that removed itself, what its software statement became |
//! | `client.unblock` | `id`, `reason` | the client, which is open again |
//! | `client.remove` | `id`, `reason` | the client, which is gone, and its consents with it; its software statement is taken |
//! | `client.reset` | `id`, `reason` | the client, whose software statement may register once more |
//!
//! A command is an event like `{"operator": "api-key.revoke", "id": ".."}`. IAM decides who may send one. All but the list change
//! something: their event also says who orders it and why, `"by": {"name": "..", "reason": ".."}`; the reason of a command about a
//! client is its own member, so that `by` needs the name alone.
//!
//! The types of commands and answers are in [`crate::commands`]; here they are run.
//!
//! **One more command:** a variant of [`Command`](crate::commands::Command) and its answer, a file here that runs it,
//! an arm in `run` and a line in `fault::COMMANDS`.

mod change;
mod fault;
mod form;
mod issue;
mod list;
mod ports;
mod remove;
mod reset;
mod revoke;
mod rotate;
mod run;
mod tries;
mod view;

pub use ports::OperatorPorts;

#[cfg(test)]
mod tests;
