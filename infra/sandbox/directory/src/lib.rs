//! The directory of participants: keystore, list of participants, software statement assertions.

mod assertion;
mod site;
mod statement;
#[cfg(test)]
mod tests;

pub(crate) use site::Directory;
pub use statement::{StatementRequest, StatementSignature};
