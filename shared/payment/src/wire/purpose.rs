//! purpose: what a payment of v5 is for (P57).

use serde::{Deserialize, Serialize};

/// What a payment is for; it must agree with its date or schedule (P57).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Purpose {
    /// One payment now.
    Immediate,
    /// One payment on a later day.
    SingleScheduled,
    /// Several payments.
    RecurrentScheduled,
    /// Pix Saque: cash.
    Withdraw,
    /// Pix Troco: a purchase and cash.
    Change,
}
