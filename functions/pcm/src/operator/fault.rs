//! Why a command was not done, for the operator who sent it.

use ponte_ports::PortError;
use ponte_ports::audit::Unsigned;

use crate::quality::QuestionFault;

/// Why a command was not done.
#[derive(Debug)]
pub(super) enum CommandFault {
    /// The command or one of its members is not understood.
    Unreadable(String),
    /// This text is no day.
    Day,
    /// It changes something, and does not say who orders it or why.
    Unsigned(Unsigned),
    /// There is no such list of findings.
    Question(QuestionFault),
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

impl From<Unsigned> for CommandFault {
    fn from(unsigned: Unsigned) -> Self {
        Self::Unsigned(unsigned)
    }
}

impl std::fmt::Display for CommandFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(what) => write!(f, "not understood: {what}"),
            Self::Day => f.write_str("day must be a date, YYYY-MM-DD"),
            Self::Unsigned(unsigned) => unsigned.fmt(f),
            Self::Question(QuestionFault::Day(name)) => write!(f, "{name} must be a date, YYYY-MM-DD"),
            Self::Question(QuestionFault::Reversed) => f.write_str("the period ends before it begins"),
            Self::Question(QuestionFault::TooLong) => f.write_str("a period has 31 days at most"),
            Self::Question(QuestionFault::Api) => f.write_str("no API has this name"),
            Self::Question(QuestionFault::Place) => {
                f.write_str("after must be next of an answer about the same days")
            }
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
