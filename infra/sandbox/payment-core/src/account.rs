//! Accounts as the payment system names them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An account at an institution. Two are the same account if all four members are equal, letter by letter.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// The institution, eight characters.
    pub ispb: String,
    /// Branch; payment accounts have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Number with its check digit.
    pub number: String,
    /// CACC, SVGS or TRAN.
    pub account_type: String,
}

impl Account {
    /// An account by its members.
    #[must_use]
    pub fn new(ispb: &str, issuer: Option<&str>, number: &str, account_type: &str) -> Self {
        Self {
            ispb: ispb.to_owned(),
            issuer: issuer.map(str::to_owned),
            number: number.to_owned(),
            account_type: account_type.to_owned(),
        }
    }
}

/// `ispb/issuer/number`.
impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.ispb, self.issuer.as_deref().unwrap_or("-"), self.number)
    }
}
