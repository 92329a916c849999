//! The sandbox's use of its machine: the clock, random numbers, files, and their errors.

pub mod clock;
mod error;
pub mod files;

pub use error::SandboxError;
