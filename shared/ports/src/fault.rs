//! Faults that several nouns share: of commits, of lists, and of the institution.

use crate::PortError;

/// Fault of a commit.
#[derive(Debug)]
pub enum CommitFault {
    /// Another commit came first: the caller reads and decides again.
    Conflict,
    /// The store failed; whether the commit happened is unknown until read.
    Port(PortError),
}

impl From<PortError> for CommitFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

/// Fault of a list.
#[derive(Debug)]
pub enum IndexFault {
    /// The cursor was not issued for this list.
    Cursor,
    /// The store failed.
    Port(PortError),
}

impl From<PortError> for IndexFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

/// Fault of a call to the institution.
#[derive(Debug)]
pub enum InstitutionFault {
    /// The institution does not know the token, the product or the operation.
    NotFound,
    /// The institution refused by a rule of its own, with this code.
    Refused(String),
    /// The institution failed or did not answer in time.
    Port(PortError),
}

impl From<PortError> for InstitutionFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}
