//! Limits of calls: the counts that all environments share, the settings, and the limit that a call met (L03, L04, L06).
//!
//! A setting only raises what the regulation leaves a participant at least: lower numbers are no setting.

use async_trait::async_trait;
use ponte_values::{Invalid, Moment};

use crate::PortError;

/// Least number of calls a second of the whole institution (L04).
const LEAST_A_SECOND: u32 = 300;
/// Least number of calls a minute of one participant at one endpoint, by class from high to low (L03).
const LEAST_A_MINUTE: [u32; 4] = [2_500, 2_000, 1_500, 1_000];
/// Least numbers of first pages a month: low, medium, medium-high, high, and the balances of accounts (L06).
const LEAST_A_MONTH: [u32; 5] = [8, 30, 120, 240, 420];

/// Calls a second of the whole institution (L04).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CallsASecond(u32);

/// Calls a minute of one participant at one endpoint, by its class (L03).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CallsAMinute {
    /// High frequency.
    pub high: u32,
    /// Medium-high frequency.
    pub medium_high: u32,
    /// Medium frequency.
    pub medium: u32,
    /// Low frequency.
    pub low: u32,
}

/// First pages a month of one receiver, by what the regulation leaves it at least (L06).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CallsAMonth(Option<[u32; 5]>);

/// The settings of an institution.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CallLimitSettings {
    /// Of the whole institution.
    pub a_second: CallsASecond,
    /// Of a participant at an endpoint.
    pub a_minute: CallsAMinute,
    /// Of a receiver, for one object of one customer at an endpoint.
    pub a_month: CallsAMonth,
}

/// What the regulation leaves at least.
impl Default for CallLimitSettings {
    fn default() -> Self {
        Self {
            a_second: CallsASecond(LEAST_A_SECOND),
            a_minute: CallsAMinute::of(LEAST_A_MINUTE),
            a_month: CallsAMonth(Some(LEAST_A_MONTH)),
        }
    }
}

impl CallsASecond {
    /// Reads a number, 300 at least.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let [number] =
            numbers(text, [LEAST_A_SECOND]).ok_or(Invalid("number of calls a second, 300 at least"))?;
        Ok(Self(number))
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl CallsAMinute {
    /// Reads four numbers: high, medium-high, medium, low.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let what = Invalid("list of four numbers of calls a minute, 2500 2000 1500 1000 at least");
        numbers(text, LEAST_A_MINUTE).map(Self::of).ok_or(what)
    }

    const fn of([high, medium_high, medium, low]: [u32; 4]) -> Self {
        Self { high, medium_high, medium, low }
    }
}

impl CallsAMonth {
    /// Reads five numbers, or `off`: a transmitter need not have these limits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text == "off" {
            return Ok(Self(None));
        }
        let what = Invalid("list of five numbers of calls a month, 8 30 120 240 420 at least, or off");
        numbers(text, LEAST_A_MONTH).map(|numbers| Self(Some(numbers))).ok_or(what)
    }

    /// The limit of an endpoint at which the regulation leaves `least`; `None` if there are no such limits.
    #[must_use]
    pub fn of(self, least: u32) -> Option<u32> {
        let numbers = self.0?;
        let at = LEAST_A_MONTH.iter().position(|known| *known == least);
        Some(at.map_or(least, |at| numbers[at]))
    }
}

/// Numbers apart by single spaces, none of them below its least.
fn numbers<const N: usize>(text: &str, least: [u32; N]) -> Option<[u32; N]> {
    let mut words = text.split(' ');
    let mut numbers = least;
    for number in &mut numbers {
        let word = words.next().filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()))?;
        *number = word.parse().ok().filter(|given| *given >= *number)?;
    }
    words.next().is_none().then_some(numbers)
}

/// What is counted: whose calls, and in the window that ends when.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct CallCount {
    /// Whose calls of what: any text, of which a store shows nobody anything.
    pub of: String,
    /// End of the window; the count is forgotten some time after it.
    pub ends: Moment,
}

/// Counts of calls that all environments share. A write whose reply is lost is not repeated: nobody is counted twice for one
/// call.
#[async_trait]
pub trait CallCounts: Send + Sync {
    /// Adds calls to a count, and tells what it is then.
    async fn add(&self, count: &CallCount, calls: u32) -> Result<u64, PortError>;
    /// Counts one call more; false if there are `limit` already, and nothing is counted.
    async fn count(&self, count: &CallCount, limit: u32) -> Result<bool, PortError>;
}

/// A limit that a call met.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LimitReached {
    /// Calls a second of the whole institution (L04).
    Second(Reached),
    /// Calls a minute of the participant at the endpoint (L03).
    Minute(Reached),
    /// First pages a month of the receiver, for one object of one customer at the endpoint (L06).
    Month(Reached),
}

/// How much a limit is, and when it is as good as new.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reached {
    /// Calls that are served in a window.
    pub limit: u32,
    /// End of the window.
    pub resets_at: Moment,
    /// Time of the call.
    pub now: Moment,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l03_l04_l06_a_setting_is_never_below_the_regulation() {
        let least = CallLimitSettings::default();
        assert_eq!(CallsASecond::parse("300"), Ok(least.a_second));
        assert_eq!(CallsASecond::parse("450").unwrap().number(), 450);
        assert_eq!(CallsAMinute::parse("2500 2000 1500 1000"), Ok(least.a_minute));
        assert_eq!(CallsAMinute::parse("5000 2000 1500 1000").unwrap().high, 5_000);
        assert_eq!(CallsAMonth::parse("8 30 120 240 420"), Ok(least.a_month));
        for bad in ["299", "", "300 300", "+300", " 300", "300.0", "99999999999"] {
            assert!(CallsASecond::parse(bad).is_err(), "{bad}");
        }
        for bad in [
            "2499 2000 1500 1000",
            "2500 1999 1500 1000",
            "2500 2000 1499 1000",
            "2500 2000 1500 999",
            "2500 2000 1500",
            "2500 2000 1500 1000 1",
            "2500,2000,1500,1000",
            "off",
        ] {
            assert!(CallsAMinute::parse(bad).is_err(), "{bad}");
        }
        for bad in ["7 30 120 240 420", "8 30 120 240 419", "8 30 120 240", "OFF", "0"] {
            assert!(CallsAMonth::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn l06_an_endpoint_has_the_limit_of_its_class() {
        let raised = CallsAMonth::parse("100 30 120 240 500").unwrap();
        for (least, limit) in [(8, 100), (30, 30), (120, 120), (240, 240), (420, 500), (9, 9)] {
            assert_eq!(raised.of(least), Some(limit));
        }
        assert_eq!(CallsAMonth::parse("off").unwrap().of(8), None);
    }
}
