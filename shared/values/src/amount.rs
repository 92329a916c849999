//! Amounts of payments: whole cents, never a binary fraction.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::invalid::Invalid;

/// An amount in Brazilian reais, in cents. On the wire `^\d{1,16}\.\d{2}$` (P54), in the store as well.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Amount(u64);

impl Amount {
    /// Reads 1 to 16 digits, a point, and 2 digits; leading zeros count for nothing.
    ///
    /// # Errors
    /// Any other text: `1e2`, `10`, `10.0`, `1,00`, `+1.00` (P54).
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fault = Invalid("amount");
        let (whole, cents) = text.split_once('.').ok_or(fault)?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !(1..=16).contains(&whole.len()) || cents.len() != 2 || !digits(whole) || !digits(cents) {
            return Err(fault);
        }
        // Sixteen digits and two fit in 64 bits.
        let whole: u64 = whole.parse().map_err(|_| fault)?;
        let cents: u64 = cents.parse().map_err(|_| fault)?;
        Ok(Self(whole * 100 + cents))
    }

    /// From whole cents.
    #[must_use]
    pub const fn from_cents(cents: u64) -> Self {
        Self(cents)
    }

    /// Whole cents.
    #[must_use]
    pub const fn cents(self) -> u64 {
        self.0
    }

    /// Both together; `None` beyond what 64 bits hold.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
}

/// `1234.50`: without needless zeros in front, and two digits after the point.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl TryFrom<String> for Amount {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> Self {
        amount.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p54_an_amount_has_a_point_and_two_digits_and_no_fraction_of_a_cent_is_lost() {
        for text in ["0.07", "1.15", "19.99", "543.93", "9999999999999999.99"] {
            assert_eq!(Amount::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Amount::parse("0019.99").unwrap(), Amount::from_cents(1_999));
        for wrong in [
            "1e2",
            "10",
            "10.0",
            "10.000",
            "1,00",
            "1.000,00",
            "+1.00",
            "-1.00",
            " 1.00",
            "1.00\n",
            ".64",
            "NaN",
            "",
            "10000000000000000.00",
            "1.0a",
            "١.00",
        ] {
            assert_eq!(Amount::parse(wrong), Err(Invalid("amount")), "{wrong:?}");
        }
    }

    #[test]
    fn amounts_add_up_or_say_that_they_do_not() {
        let sum = Amount::from_cents(1).plus(Amount::from_cents(2));
        assert_eq!(sum.map(Amount::cents), Some(3));
        assert_eq!(Amount::from_cents(u64::MAX).plus(Amount::from_cents(1)), None);
        assert_eq!(serde_json::to_string(&Amount::from_cents(5)).unwrap(), "\"0.05\"");
        assert!(serde_json::from_str::<Amount>("10.00").is_err(), "a number is no amount");
    }
}
