//! A payment as stored.

use ponte_ports::{LegacyId, StoredForm};
use ponte_values::{Amount, ClientId, ConsentId, Date, Moment, OrganisationId, PaymentId};
use serde::{Deserialize, Serialize};

use super::end::{Cancellation, Rejection};
use super::execution::Execution;
use super::status::{PaymentStatus, State};
use crate::consent::Debtor;
use crate::wire::{ApiVersion, PaymentItem, Purpose};

/// A payment as stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// Its name here, and our key of it at the core. Made from the endToEndId ([`super::payment_id`]).
    pub id: PaymentId,
    /// What was asked for, as it was asked.
    pub item: PaymentItem,
    /// Its consent.
    pub consent: ConsentId,
    /// The client.
    pub client: ClientId,
    /// Its organisation.
    pub organisation: OrganisationId,
    /// Version of the API that created it.
    pub api: ApiVersion,
    /// What it is for, as its consent says.
    pub purpose: Purpose,
    /// The account to debit.
    pub debtor: Debtor,
    /// The day of its settlement in Brasília, if it is scheduled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// Its place in the request, from 0.
    pub place: u16,
    /// When it was created.
    pub created_at: Moment,
    /// When the status last changed.
    pub status_updated_at: Moment,
    /// The core's own key, once it told one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub core_id: Option<LegacyId>,
    /// Number of changes so far; the store's condition for the next one.
    pub version: u64,
    /// SHA-256 of the stored form this value was read from, hexadecimal; the store fills it in.
    #[serde(skip)]
    pub seal: Option<String>,
    /// The stored form this value was read from; the store fills it in (D8).
    #[serde(skip)]
    pub stored: StoredForm,
    /// What it counts among, where the institution limits what a customer pays on a day; until it ends without money having moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Counted>,
    /// Whether its status is yet to be reported to the metrics platform (M51): it changed with a whole list, whose transaction had no room.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) unreported: bool,
    pub(super) state: State,
    pub(super) execution: Execution,
}

/// What a payment counts among: the payments of a customer on a day in Brasília.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Counted {
    /// Pseudonym of the customer.
    pub customer: String,
    /// The day.
    pub day: Date,
}

impl Payment {
    /// Its status.
    #[must_use]
    pub const fn status(&self) -> PaymentStatus {
        self.state.status()
    }

    /// How far its execution is.
    #[must_use]
    pub const fn execution(&self) -> &Execution {
        &self.execution
    }

    /// Whether asking cannot decide, and a person or the core has to say what became of it.
    #[must_use]
    pub const fn is_parked(&self) -> bool {
        matches!(self.execution, Execution::Parked { .. })
    }

    /// Why it was rejected, if it was.
    #[must_use]
    pub const fn rejection(&self) -> Option<&Rejection> {
        match &self.state {
            State::Rjct(rejection) => Some(rejection),
            _ => None,
        }
    }

    /// How it was cancelled, if it was.
    #[must_use]
    pub const fn cancellation(&self) -> Option<&Cancellation> {
        match &self.state {
            State::Canc(cancellation) => Some(cancellation),
            _ => None,
        }
    }

    /// Its amount.
    #[must_use]
    pub const fn amount(&self) -> Amount {
        self.item.payment.amount
    }
}
