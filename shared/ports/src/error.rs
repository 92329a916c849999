//! Errors of ports: opaque to the rules, logged once at the edge.

use std::error::Error;
use std::fmt::{self, Write as _};

/// What sets an error apart for those who go on without the answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Failure,
    Timeout,
    Unreadable,
}

/// Error of a port. Outside it is 504 after a timeout, else 500; its causes are logged once at the edge.
#[derive(Debug)]
pub struct PortError {
    what: &'static str,
    kind: Kind,
    source: Box<dyn Error + Send + Sync>,
}

impl PortError {
    /// A failure of `what`, the system behind the port: "consents table".
    pub fn new(what: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { what, kind: Kind::Failure, source: source.into() }
    }

    /// A timeout of `what`, the system behind the port.
    pub fn timeout(what: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { what, kind: Kind::Timeout, source: source.into() }
    }

    /// What `what` has stored cannot be read by this release, and will not be at the next try either.
    pub fn unreadable(what: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { what, kind: Kind::Unreadable, source: source.into() }
    }

    /// Whether the error is a timeout.
    #[must_use]
    pub const fn is_timeout(&self) -> bool {
        matches!(self.kind, Kind::Timeout)
    }

    /// Whether something is stored that this release cannot read: a list or a sweep goes on without it (D8).
    #[must_use]
    pub const fn is_unreadable(&self) -> bool {
        matches!(self.kind, Kind::Unreadable)
    }
}

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match self.kind {
            Kind::Failure => "failed",
            Kind::Timeout => "did not answer in time",
            Kind::Unreadable => "has a row that this release cannot read",
        };
        write!(f, "{} {outcome}", self.what)
    }
}

impl Error for PortError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}

/// An error and all its causes in one line, for a log or an alarm.
#[must_use]
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}
