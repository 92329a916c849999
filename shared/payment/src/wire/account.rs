//! Accounts of payers and creditors.

use std::fmt;

use ponte_values::{Invalid, Ispb};
use serde::{Deserialize, Serialize};

use super::present::present;

/// An account at an institution, as it is named to others (P54).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// The institution.
    pub ispb: Ispb,
    /// Branch; CACC and SVGS have one (P54).
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Issuer>,
    /// Number with its check digit.
    pub number: AccountNumber,
    /// Kind.
    pub account_type: AccountType,
}

/// Kind of account (P54).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum AccountType {
    /// Current account.
    Cacc,
    /// Savings account.
    Svgs,
    /// Payment account.
    Tran,
}

/// Branch: 1 to 4 digits, kept with its zeros (PB-E03).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Issuer(String);

/// Number of an account: 1 to 20 digits, kept with its zeros (PB-E03). No log shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct AccountNumber(String);

/// Whether a text is of `most` digits at most.
fn digits(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Issuer {
    /// Reads 1 to 4 digits.
    ///
    /// # Errors
    /// Any other text.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if digits(text, 4) { Ok(Self(text.to_owned())) } else { Err(Invalid("issuer")) }
    }

    /// The digits.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl AccountNumber {
    /// Reads 1 to 20 digits.
    ///
    /// # Errors
    /// Any other text.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if digits(text, 20) { Ok(Self(text.to_owned())) } else { Err(Invalid("number")) }
    }

    /// The digits. Only for the wire, the store and comparison; never for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Issuer {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl TryFrom<String> for AccountNumber {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("****")
    }
}

impl fmt::Debug for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("********")
    }
}
