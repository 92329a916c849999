//! Refusals: the only crate that names status codes, Open Finance codes and Portuguese texts of faults.
//!
//! To add a fault: an arm in the file of its noun, and its line in the table of `docs/errors.md`, which a test compares
//! with the code.

mod callers;
mod consents;
mod interactions;
mod limits;
mod malformed;
mod management;
mod messages;
mod parameters;
mod payments;
mod ports;
mod refusal;
mod told_before;

pub use malformed::{MalformedRequest, MemberFault};
pub use management::ManagementFault;
pub use messages::DataFault;
pub use parameters::ParameterFault;
pub use refusal::Refusal;

#[cfg(test)]
mod tests;
