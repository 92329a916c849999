//! Why a command was not done, for the operator who sent it.

use ponte_ports::PortError;

/// Why a command was not done.
#[derive(Debug)]
pub(super) enum CommandFault {
    /// The command or one of its members is not understood.
    Unreadable(String),
    /// This text is no day.
    Day,
    /// It changes something, and does not say who orders it or why.
    Unnamed,
    /// There is nothing of the kind.
    Unknown,
    /// The archive of the day is gone, or going.
    Old,
    /// The facts given cannot be reported.
    Refused(String),
    /// Something behind a port did not work.
    Port(PortError),
}

impl From<PortError> for CommandFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

impl std::fmt::Display for CommandFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(what) => write!(f, "not understood: {what}"),
            Self::Day => f.write_str("day must be a date, YYYY-MM-DD"),
            Self::Unnamed => f.write_str("by.name and by.reason: who orders this, and why"),
            Self::Unknown => f.write_str("no such report in the archive of that day"),
            Self::Old => f.write_str("the archive of that day is not whole any more: it is kept for 9 days"),
            Self::Refused(reason) => write!(f, "the platform would refuse it: {reason}"),
            Self::Port(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CommandFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Port(error) => Some(error),
            _ => None,
        }
    }
}
