//! The status of a payment (P20), with what each owns.

use serde::{Deserialize, Serialize};

use super::end::{Cancellation, Rejection};

/// Status on the wire (P20).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PaymentStatus {
    /// Received.
    Rcvd,
    /// Held for analysis.
    Pdng,
    /// Scheduled.
    Schd,
    /// All checks passed.
    Accp,
    /// Sent to settlement.
    Acpd,
    /// Settled; final.
    Acsc,
    /// Cancelled by the customer; final.
    Canc,
    /// Rejected; final.
    Rjct,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum State {
    Rcvd,
    Pdng,
    Schd,
    Accp,
    Acpd,
    Acsc,
    Canc(Cancellation),
    Rjct(Rejection),
}

impl State {
    pub(super) const fn status(&self) -> PaymentStatus {
        match self {
            Self::Rcvd => PaymentStatus::Rcvd,
            Self::Pdng => PaymentStatus::Pdng,
            Self::Schd => PaymentStatus::Schd,
            Self::Accp => PaymentStatus::Accp,
            Self::Acpd => PaymentStatus::Acpd,
            Self::Acsc => PaymentStatus::Acsc,
            Self::Canc(_) => PaymentStatus::Canc,
            Self::Rjct(_) => PaymentStatus::Rjct,
        }
    }
}

impl PaymentStatus {
    /// Whether nothing leads out of it.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Acsc | Self::Canc | Self::Rjct)
    }

    /// Whether others are notified of it (W08).
    #[must_use]
    pub const fn is_notified(self) -> bool {
        matches!(self, Self::Acsc | Self::Rjct | Self::Canc | Self::Pdng | Self::Schd)
    }

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rcvd => "RCVD",
            Self::Pdng => "PDNG",
            Self::Schd => "SCHD",
            Self::Accp => "ACCP",
            Self::Acpd => "ACPD",
            Self::Acsc => "ACSC",
            Self::Canc => "CANC",
            Self::Rjct => "RJCT",
        }
    }
}
