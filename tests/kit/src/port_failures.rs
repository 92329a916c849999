//! Failures behind a port, as a queue tells them from refusals.

use std::error::Error;

use ponte_ports::PortError;

/// Whether a failed port is among the causes of an error, by which its queue tries the message again.
#[must_use]
pub fn is_of_a_port(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<PortError>() {
            return true;
        }
        cause = error.source();
    }
    false
}
