//! What the sandbox takes from the machine it runs on: the clock, random numbers, files, and what goes wrong with them.

pub mod clock;
mod error;
pub mod files;

pub use error::SandboxError;
