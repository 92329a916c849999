//! What the tokens of the profile must say. Each wire struct is read by [`crate::jose::jws::Compact::verify`] and turned
//! into the validated one by its `check`; the fields of the wire struct cannot be reached before.

mod access_token;
mod authentication;
mod client_assertion;
mod id_token;
mod message;
mod request_object;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Deserializer, Serialize};

pub use access_token::{AccessToken, ConfirmationClaim, TokenFault};
pub use authentication::{Authenticated, Authentication};
pub use client_assertion::{Assertion, ClientAssertion};
pub use id_token::{Acr, IdToken, IdTokenExpected, half_hash};
pub use message::{Envelope, Message, MessageFault, SignedMessage};
pub use request_object::{AuthorizationRequest, RequestObject};

use crate::profile::scope::ScopeFault;

/// Last second of the year 9999: what a larger number means nobody knows.
const NUMERIC_DATE_MAX: u64 = 253_402_300_799;
/// Most audiences read of one token.
const AUDIENCES_MAX: usize = 10;

/// Why claims are not accepted. The name is that of the claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimFault {
    /// The claim is required.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// The claim has another value than the one expected here.
    #[error("{0} has another value than expected")]
    Mismatch(&'static str),
    /// The claim is longer than accepted or has characters it cannot have.
    #[error("{0} is not well formed")]
    Malformed(&'static str),
    /// The claim asks for something this server does not do (S07).
    #[error("{0} is not supported")]
    Unsupported(&'static str),
    /// `exp` has passed.
    #[error("the token has expired")]
    Expired,
    /// `nbf` or `iat` lies in the future.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// `nbf` or `iat` lies too far in the past, or `exp` too far ahead.
    #[error("the token is valid for too long or was made too long ago")]
    Lifetime,
    /// The scope is not acceptable.
    #[error("{0}")]
    Scope(ScopeFault),
}

/// Seconds since 1970 as a JSON integer. A string, a fraction, a negative number or one beyond the year 9999 is an
/// error of the whole token, never an absent claim (T36, CVE-2026-25537).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NumericDate(u64);

impl NumericDate {
    /// From a reading of the clock; readings beyond the year 9999 become its last second.
    #[must_use]
    pub fn at(seconds: u64) -> Self {
        Self(seconds.min(NUMERIC_DATE_MAX))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn seconds(self) -> u64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = u64::deserialize(deserializer)?;
        if seconds > NUMERIC_DATE_MAX {
            return Err(serde::de::Error::custom("date beyond the year 9999"));
        }
        Ok(Self(seconds))
    }
}

/// A reading of the clock, with the difference granted to the clock of the signer.
#[derive(Debug, Clone, Copy)]
pub struct VerificationTime {
    /// Seconds since 1970.
    pub now: u64,
    /// Seconds of difference granted in both directions.
    pub skew: u64,
}

impl VerificationTime {
    fn expired(self, exp: NumericDate) -> bool {
        exp.0.saturating_add(self.skew) <= self.now
    }

    fn ahead(self, date: NumericDate) -> bool {
        date.0 > self.now.saturating_add(self.skew)
    }

    fn older_than(self, date: NumericDate, seconds: u64) -> bool {
        date.0.saturating_add(seconds).saturating_add(self.skew) < self.now
    }
}

/// `aud`: one text or a list of them (RFC 7519 section 4.1.3).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Audience(Vec<String>);

impl Audience {
    fn contains(&self, expected: &str) -> bool {
        self.0.iter().any(|audience| audience == expected)
    }
}

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum OneOrMany {
            One(String),
            Many(Vec<String>),
        }
        let audiences = match OneOrMany::deserialize(deserializer)? {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        };
        if audiences.is_empty() || audiences.len() > AUDIENCES_MAX {
            return Err(serde::de::Error::custom("number of audiences"));
        }
        Ok(Self(audiences))
    }
}

/// The value of a required claim.
fn required<T>(value: Option<T>, name: &'static str) -> Result<T, ClaimFault> {
    value.ok_or(ClaimFault::Missing(name))
}

/// A required claim with exactly one acceptable value.
fn expect(value: Option<&str>, expected: &str, name: &'static str) -> Result<(), ClaimFault> {
    match value {
        None => Err(ClaimFault::Missing(name)),
        Some(value) if value == expected => Ok(()),
        Some(_) => Err(ClaimFault::Mismatch(name)),
    }
}

/// A text of 1 to `max` printable ASCII characters, blanks excepted.
fn bounded(value: &str, max: usize, name: &'static str) -> Result<(), ClaimFault> {
    let fits = (1..=max).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(()) } else { Err(ClaimFault::Malformed(name)) }
}
