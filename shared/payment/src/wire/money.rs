//! An amount with its currency.

use ponte_values::{Amount, Invalid};
use serde::{Deserialize, Serialize};

/// `payment` of a payment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Money {
    /// Amount.
    pub amount: Amount,
    /// Currency.
    pub currency: Currency,
}

/// ISO 4217: three capital letters. A Pix is in BRL.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Currency(String);

impl Currency {
    /// Reads three capital letters.
    ///
    /// # Errors
    /// Any other text.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let known = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        if known { Ok(Self(text.to_owned())) } else { Err(Invalid("currency")) }
    }

    /// Whether it is the real.
    #[must_use]
    pub fn is_brl(&self) -> bool {
        self.0 == "BRL"
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Currency {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}
