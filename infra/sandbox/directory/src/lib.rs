//! The directory of participants: keystore, list of participants, software statement assertions.

mod assertion;
mod organisation;
mod site;
mod statement;
#[cfg(test)]
mod tests;

pub use organisation::{EncryptionKey, Organisation};
pub use site::Directory;
pub use statement::{StatementRequest, StatementSignature};
