//! Backoff: how long the platform is left alone, from one second on, doubled up to a minute, full jitter (M03, T50).

use std::time::Duration;

use ponte_ports::Ids;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_mins(1);

/// The pause after failure number `failures` (0 is the first) by `chance` of 255; never shorter than what the platform
/// asked for.
pub(crate) fn pause(failures: u32, chance: u8, asked: Option<Duration>) -> Duration {
    let ceiling = FIRST.saturating_mul(1 << failures.min(10)).min(LONGEST);
    (ceiling * u32::from(chance) / 255).max(asked.unwrap_or_default())
}

/// A share of one, from 0 to 255 of 255, by chance.
pub(crate) fn chance(ids: &dyn Ids) -> u8 {
    ids.uuid().get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t50_the_ceiling_doubles_to_a_minute_and_chance_takes_a_share() {
        let full = (0..8).map(|failures| pause(failures, 255, None).as_secs()).collect::<Vec<_>>();
        assert_eq!(full, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(pause(3, 0, None), Duration::ZERO);
        assert!(pause(3, 127, None) < Duration::from_secs(4));
        assert_eq!(pause(1_000, 255, None), LONGEST);
    }

    #[test]
    fn t50_retry_after_is_honoured_whatever_chance_says() {
        let asked = Some(Duration::from_secs(30));
        assert_eq!(pause(0, 0, asked), Duration::from_secs(30));
        assert_eq!(pause(6, 255, asked), LONGEST);
    }
}
