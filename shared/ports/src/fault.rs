//! Faults that several nouns meet: a change that met another, a cursor that was not given out, a no of the institution.

use crate::PortError;

/// Why a commit did not happen.
#[derive(Debug)]
pub enum CommitFault {
    /// Somebody else changed it first: read again and decide again.
    Conflict,
    /// The store failed; whether the commit happened is unknown until read.
    Port(PortError),
}

impl From<PortError> for CommitFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

/// Why a list cannot be read.
#[derive(Debug)]
pub enum IndexFault {
    /// The cursor is not one that was given out for this list.
    Cursor,
    /// The store failed.
    Port(PortError),
}

impl From<PortError> for IndexFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

/// Why the institution did not do what it was asked.
#[derive(Debug)]
pub enum InstitutionFault {
    /// It does not know the token, the product or the operation.
    NotFound,
    /// It refused for a business reason with this code.
    Refused(String),
    /// It failed or did not answer in time.
    Port(PortError),
}

impl From<PortError> for InstitutionFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}
