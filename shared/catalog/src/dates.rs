//! Date filters that several files have.

use crate::row::{Filter, FilterKind};

/// Start of a range of days of transactions.
pub(crate) const FROM_TRANSACTION: Filter =
    Filter { name: "fromTransactionDate", kind: FilterKind::From("toTransactionDate") };

/// Its end.
pub(crate) const TO_TRANSACTION: Filter =
    Filter { name: "toTransactionDate", kind: FilterKind::To("fromTransactionDate") };

/// Both.
pub(crate) const TRANSACTION_DATES: &[Filter] = &[FROM_TRANSACTION, TO_TRANSACTION];
