//! Errors of ports: opaque to the rules, logged once at the edge.

use std::error::Error;
use std::fmt::{self, Write as _};

/// Error of a port. Outside it is 504 after a timeout, else 500; its causes are logged once at the edge.
#[derive(Debug)]
pub struct PortError {
    what: &'static str,
    timeout: bool,
    source: Box<dyn Error + Send + Sync>,
}

impl PortError {
    /// A failure of `what`, the system behind the port: "consents table".
    pub fn new(what: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { what, timeout: false, source: source.into() }
    }

    /// A timeout of `what`, the system behind the port.
    pub fn timeout(what: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { what, timeout: true, source: source.into() }
    }

    /// Whether the error is a timeout.
    #[must_use]
    pub const fn is_timeout(&self) -> bool {
        self.timeout
    }
}

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.what, if self.timeout { "did not answer in time" } else { "failed" })
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
