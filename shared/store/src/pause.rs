//! The wait between two tries of our own: exponential with full jitter, so that racers come apart.

use std::time::Duration;

use ponte_cloud::environment::random;
use ponte_ports::PortError;

/// Tries of a write that meets others, the first one included.
pub(crate) const TRIES: u32 = 8;

const FIRST: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_millis(500);

/// Waits before try number `next` (2 is the first repetition).
pub(crate) async fn before(next: u32) {
    let mut byte = [0_u8; 1];
    random(&mut byte);
    tokio::time::sleep(span(next, byte[0])).await;
}

/// The fault of a change that met others at every try: nothing was written, and nobody is known to have been faster.
pub(crate) fn contended(what: &'static str) -> PortError {
    PortError::overloaded(what, "others were writing the same items at every try")
}

/// A share of the ceiling by `chance` of 256.
fn span(next: u32, chance: u8) -> Duration {
    let doublings = next.saturating_sub(2).min(10);
    let ceiling = FIRST.saturating_mul(1 << doublings).min(LONGEST);
    ceiling * (u32::from(chance) + 1) / 256
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_doubles_and_stops() {
        assert_eq!(span(2, 255), FIRST);
        assert_eq!(span(3, 255), FIRST * 2);
        assert_eq!(span(3, 127), FIRST);
        assert_eq!(span(TRIES, 255), LONGEST);
        assert_eq!(span(1000, 255), LONGEST);
    }
}
