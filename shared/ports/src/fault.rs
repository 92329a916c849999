//! Faults that several nouns share: of commits, of lists, of the institution, and of what may be asked again.

use std::time::Duration;

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
    /// A limit of the institution is used up, and there is nothing until this much later.
    Limited(Limit, Option<Duration>),
    /// The institution is still looking for the answer, and there is nothing until about this much later: a discovery.
    NotReady(Option<Duration>),
    /// The institution failed or did not answer in time.
    Port(PortError),
}

/// Limits that the institution counts itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limit {
    /// Calls a month about one customer and product (423, L06).
    Operational,
    /// Calls a minute of one participant (429, L03).
    Traffic,
}

impl From<PortError> for InstitutionFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

/// Fault of a system that may be asked again after a while (LB-02).
#[derive(Debug)]
pub struct Unavailable {
    /// When asking again makes sense.
    pub after: Duration,
    /// Why it failed, or was not asked.
    pub cause: PortError,
}

impl Unavailable {
    /// `Retry-After`: whole seconds, at least one (RFC 9110 section 10.2.3).
    #[must_use]
    pub fn retry_after(&self) -> u64 {
        self.after.as_millis().div_ceil(1_000).max(1).try_into().unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lb02_the_wait_is_in_whole_seconds_and_never_shorter_than_it_is() {
        let wait = |after| Unavailable { after, cause: PortError::new("directory", "down") }.retry_after();
        for (millis, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (29_500, 30)] {
            assert_eq!(wait(Duration::from_millis(millis)), seconds, "{millis}");
        }
        assert_eq!(wait(Duration::MAX), u64::MAX);
    }
}
