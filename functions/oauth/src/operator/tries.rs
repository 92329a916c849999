//! How often a command decides again. A client that changes all the time keeps no operator from changing it: the tries lie some
//! seconds apart by chance, and a client may change so often in an hour alone (T60).

use std::time::Duration;

use ponte_ports::{CommitFault, PortError};

use super::fault::CommandFault;
use super::ports::OperatorPorts;

const MOST: u32 = 8;
const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(1);

/// The tries of a command whose commit may meet those of others.
pub(super) struct Tries<'a> {
    ports: &'a OperatorPorts,
    made: u32,
    last: Option<PortError>,
}

impl<'a> Tries<'a> {
    pub(super) const fn new(ports: &'a OperatorPorts) -> Self {
        Self { ports, made: 0, last: None }
    }

    /// Whether there is a try left, once the pause before it is over; the first one has none.
    pub(super) async fn next(&mut self) -> bool {
        if self.made >= MOST {
            return false;
        }
        if self.made > 0 {
            self.ports.pauses.pause(span(self.made, self.chance())).await;
        }
        self.made += 1;
        true
    }

    /// Whether a commit is done; false if others changed it meanwhile, or wrote the same rows all the time.
    pub(super) fn done(&mut self, outcome: Result<(), CommitFault>) -> Result<bool, CommandFault> {
        match outcome {
            Ok(()) => Ok(true),
            Err(CommitFault::Conflict) => {
                self.last = None;
                Ok(false)
            }
            Err(CommitFault::Port(error)) if error.is_overloaded() => {
                self.last = Some(error);
                Ok(false)
            }
            Err(CommitFault::Port(error)) => Err(error.into()),
        }
    }

    /// Why the command was not done when no try is left.
    pub(super) fn over(self) -> CommandFault {
        self.last.map_or(CommandFault::Conflict, CommandFault::Port)
    }

    /// A share of 256, from 1 on.
    fn chance(&self) -> u32 {
        let id = self.ports.ids.uuid();
        id.get(..2).and_then(|hex| u32::from_str_radix(hex, 16).ok()).map_or(256, |byte| byte + 1)
    }
}

/// The pause after so many tries: exponential with full jitter.
fn span(made: u32, chance: u32) -> Duration {
    let ceiling = FIRST.saturating_mul(1 << made.saturating_sub(1).min(10)).min(LONGEST);
    ceiling * chance / 256
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t60_the_pauses_of_a_command_double_and_end_with_the_function() {
        let full: Vec<_> = (1..MOST).map(|made| span(made, 256).as_millis()).collect();
        assert_eq!(full, [100, 200, 400, 800, 1_000, 1_000, 1_000]);
        assert_eq!(span(1, 1), FIRST / 256);
    }
}
