//! Clock, ids and random bytes of the sandbox: no other file reads them.

use std::time::Duration;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use ponte_values::Moment;
use uuid::Uuid;

/// Now, by the machine's clock.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the sandbox is a world of its own and needs a clock; this is the only reading"
)]
pub fn now() -> Moment {
    Moment::from_system(std::time::SystemTime::now())
}

/// A new random identifier.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the only maker of ids in the sandbox")]
pub fn new_id() -> String {
    Uuid::new_v4().to_string()
}

/// `N` random bytes of the operating system.
///
/// # Panics
/// Never in practice: only when the operating system has no randomness left to give.
#[must_use]
#[expect(clippy::expect_used, reason = "without randomness nothing of the sandbox can be right")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// Random bytes as base64url text.
#[must_use]
pub fn random_text<const N: usize>() -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random::<N>())
}

/// Measures one call.
#[derive(Clone, Copy)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the only stopwatch of the sandbox")]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// Time since the start.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    /// Whole milliseconds since the start, at least 1 (M10: `processTimespan` is above zero).
    #[must_use]
    pub fn millis(self) -> u64 {
        u64::try_from(self.elapsed().as_millis()).unwrap_or(u64::MAX).max(1)
    }
}
