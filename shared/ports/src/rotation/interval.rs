//! How often a function reads its secrets again.

use std::time::Duration;

/// Longest time between two reads of the secret while calls come in.
pub const INTERVAL: Duration = Duration::from_secs(45);
/// Shortest time between two reads, also when a call shows a sign of a newer version.
pub const COOLDOWN: Duration = Duration::from_secs(30);
