//! When a breaker opens, for how long, and how many go on asking before that.

use std::time::Duration;

/// Calls of one environment without an answer, none answered between them, that hold their client back, or open the breaker
/// where they are of more than one client.
pub const FAILURES: u32 = 5;
/// Calls of one environment without an answer after which it needs a slot.
pub const SUSPECT: u32 = 2;
/// Environments that may go on asking although they get no answers.
pub const SLOTS: usize = 10;
/// Of these, those that may do so for one client: it takes two to fill them.
pub const SLOTS_OF_CLIENT: usize = SLOTS / 2;
/// Clients that a row has room for; beyond it the one whose pause ends first is forgotten.
pub const CLIENTS: usize = 32;
/// How long a slot counts after it was taken.
pub const SLOT: Duration = Duration::from_secs(10);
/// The first pause of an open breaker.
pub const PAUSE: Duration = Duration::from_secs(5);
/// The longest pause.
pub const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// How long the others wait for the probe.
pub const PROBE: Duration = Duration::from_secs(12);
/// How far the clocks of two environments may be apart.
pub const SKEW: Duration = Duration::from_mins(1);
