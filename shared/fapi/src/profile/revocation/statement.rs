//! What an authority says about a certificate, and from when to when.

use serde::{Deserialize, Serialize};

use super::fault::StatementFault;

/// How far the clock of a responder may be ahead of ours, in seconds.
const AHEAD_MAX: i64 = 300;
/// Oldest statement that counts, in seconds: a week, whatever end it names.
const AGE_MAX: i64 = 7 * 24 * 3_600;
/// The same about an authority, in seconds: roots are offline and write a list every few months.
const AUTHORITY_AGE_MAX: i64 = 100 * 24 * 3_600;
/// Oldest statement that counts where it names no end (RFC 6960 section 2.4: newer ones are there at any time).
const AGE_MAX_WITHOUT_END: i64 = 3_600;

/// Status of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CertificateStatus {
    /// Not revoked.
    Good,
    /// Revoked or on hold.
    Revoked,
}

/// A verified statement of an authority about one certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// The status.
    pub status: CertificateStatus,
    /// `thisUpdate`: the time at which it was true, in seconds since 1970.
    pub this_update: i64,
    /// `nextUpdate`: when there is a newer statement at the latest, in seconds since 1970; `None` if newer ones are there
    /// at any time.
    pub next_update: Option<i64>,
}

impl Statement {
    /// The statement, about an authority or a participant, if it is current at `now`, in seconds since 1970.
    pub(super) fn at(self, now: i64, is_authority: bool) -> Result<Self, StatementFault> {
        let oldest = match self.next_update {
            None => AGE_MAX_WITHOUT_END,
            Some(_) if is_authority => AUTHORITY_AGE_MAX,
            Some(_) => AGE_MAX,
        };
        let age = now.saturating_sub(self.this_update);
        let begun = (-AHEAD_MAX..=oldest).contains(&age);
        let over = self.next_update.is_some_and(|end| now >= end);
        if begun && !over { Ok(self) } else { Err(StatementFault::NotCurrent) }
    }
}
