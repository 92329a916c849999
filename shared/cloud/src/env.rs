//! Environment variables, typed and named as in `infra/template.yaml`; one error names everything that is wrong.
//!
//! A function lists what it needs by name, in one struct (see [`settings!`](crate::settings)):
//! `settings! { struct Env { aws: Aws = Aws::SETTING, outbox: String = env::OUTBOX_TABLE } }`.
//!
//! To add a variable: one constant in `env/variables.rs`, or beside the type it is read into where that type lives above
//! this crate; a test over the template compares the constants with it.

mod parse;
mod settings;
mod var;
mod variables;

pub(crate) use parse::text;
pub use settings::{Given, Group, Setting, Settings, given};
pub use var::{EnvError, Reader, Var};
pub use variables::*;

#[cfg(test)]
mod tests;
