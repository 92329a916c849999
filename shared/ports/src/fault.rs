//! Faults that every store has: a change that met another, a cursor that was not given out.

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
