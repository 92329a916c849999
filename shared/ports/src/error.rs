//! Errors of ports: opaque to the rules, logged once at the edge.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::time::Duration;

/// What sets an error apart for those who go on without the answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Failed,
    Timeout,
    Overloaded,
    Unreadable,
    Unusable,
}

/// Error of a port. Outside it is 504 after a timeout, 529 from a system that is overloaded, else 500; its causes are
/// logged once at the edge.
#[derive(Debug)]
pub struct PortError {
    what: &'static str,
    kind: Kind,
    retry_after: Option<Duration>,
    unasked: bool,
    source: Box<dyn Error + Send + Sync>,
}

impl PortError {
    /// A failure of `what`, the system behind the port: "consents table".
    pub fn new(what: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { what, kind: Kind::Failed, retry_after: None, unasked: false, source: source.into() }
    }

    /// A timeout of `what`, the system behind the port.
    pub fn timeout(what: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: Kind::Timeout, ..Self::new(what, source) }
    }

    /// What `what` has stored cannot be read by this release, and will not be at the next try either.
    pub fn unreadable(what: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: Kind::Unreadable, ..Self::new(what, source) }
    }

    /// `what`, the system behind the port, took nothing because it has too much to do: it throttles, or others were
    /// writing the same item at every try. Nothing was changed.
    pub fn overloaded(what: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: Kind::Overloaded, ..Self::new(what, source) }
    }

    /// `what` answered, and what was asked for is not there, or is not what it should be: another try gets the same.
    pub fn unusable(what: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: Kind::Unusable, ..Self::new(what, source) }
    }

    /// The error with the wait after which another try makes sense (`Retry-After`).
    #[must_use]
    pub fn after(self, wait: Option<Duration>) -> Self {
        Self { retry_after: wait, ..self }
    }

    /// The error where nobody was asked: this side turned the question away, so that it says nothing new of the system.
    #[must_use]
    pub fn unasked(self) -> Self {
        Self { unasked: true, ..self }
    }

    /// Whether nobody was asked.
    #[must_use]
    pub const fn is_unasked(&self) -> bool {
        self.unasked
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

    /// Whether the system answered with nothing of use, and will again.
    #[must_use]
    pub const fn is_unusable(&self) -> bool {
        matches!(self.kind, Kind::Unusable)
    }

    /// Whether the system is overloaded.
    #[must_use]
    pub const fn is_overloaded(&self) -> bool {
        matches!(self.kind, Kind::Overloaded)
    }

    /// The wait after which another try makes sense, if it is known.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match self.kind {
            Kind::Failed => "failed",
            Kind::Timeout => "did not answer in time",
            Kind::Overloaded => "is overloaded",
            Kind::Unreadable => "has a row that this release cannot read",
            Kind::Unusable => "has nothing of use there",
        };
        write!(f, "{} {outcome}", self.what)
    }
}

impl Error for PortError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}

/// An error and all its causes in one line, for a log or an alarm; what an error already says of its cause is not said again.
#[must_use]
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let told = error.to_string();
        if !text.contains(&told) {
            let _ = write!(text, ": {told}");
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s82_an_answer_of_no_use_is_told_from_no_answer() {
        let error = PortError::unusable("directory", "status 404");
        assert_eq!((error.is_unusable(), error.is_timeout(), error.is_unreadable()), (true, false, false));
        assert_eq!(chain(&error), "directory has nothing of use there: status 404");
        assert!(!PortError::new("directory", "down").is_unusable());
    }

    #[test]
    fn t63_d8_each_kind_of_error_is_told_from_the_others_and_says_what_failed() {
        for (error, (timeout, overloaded, unreadable), text) in [
            (PortError::new("store", "down"), (false, false, false), "store failed"),
            (PortError::timeout("layer", "8 s"), (true, false, false), "layer did not answer in time"),
            (PortError::overloaded("store", "throttled"), (false, true, false), "store is overloaded"),
            (
                PortError::unreadable("store", "body"),
                (false, false, true),
                "store has a row that this release cannot read",
            ),
        ] {
            let kinds = (error.is_timeout(), error.is_overloaded(), error.is_unreadable());
            assert_eq!((kinds, error.to_string().as_str()), ((timeout, overloaded, unreadable), text));
            assert_eq!(error.retry_after(), None);
            let wait = Some(Duration::from_secs(30));
            let later = error.after(wait);
            assert_eq!((later.is_timeout(), later.retry_after()), (timeout, wait), "the kind stays");
        }
    }

    #[test]
    fn an_error_is_logged_with_all_its_causes_in_one_line() {
        let inner = PortError::new("socket", "connection refused");
        let text = chain(&PortError::timeout("layer", inner));
        assert_eq!(text, "layer did not answer in time: socket failed: connection refused");
    }
}
