//! Payments, with the rows that make a request count once.

use async_trait::async_trait;
use ponte_ports::{CommitFault, IndexFault, PortError, Trail};
use ponte_values::{Amount, Date, Moment, PaymentId};

use crate::consent::PaymentConsent;
use crate::idempotency::{IdempotencyRecord, IdempotencyScope};
use crate::payment::Payment;

/// A new consent with the row of its idempotency key (P40).
#[derive(Clone, Debug)]
pub struct ConsentCreation {
    /// The consent, version 1.
    pub consent: PaymentConsent,
    /// The key and what it led to.
    pub idempotency: (IdempotencyScope, IdempotencyRecord),
    /// Audit rows, reports and notices.
    pub trail: Trail,
}

/// An accepted request, or one that was refused and uses its consent up all the same: then without payments (P08).
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// The consent, CONSUMED.
    pub consent: PaymentConsent,
    /// The new payments, version 1, at most 60. A second row under an id that is there is refused: one endToEndId, one payment.
    pub payments: Vec<Payment>,
    /// The key and what it led to.
    pub idempotency: (IdempotencyScope, IdempotencyRecord),
    /// What it counts against the customer's limit of a day, where the institution has one.
    pub spending: Option<Spending>,
    /// Audit rows, reports and notices.
    pub trail: Trail,
}

/// An amount that counts against the limit of a customer on a day in Brasília.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spending {
    /// Pseudonym of the customer.
    pub customer: String,
    /// The day.
    pub day: Date,
    /// The amount.
    pub amount: Amount,
    /// The most of the day.
    pub most: Amount,
}

/// A change of payments of one consent, at most 60, with the row of an idempotency key if the request had one.
#[derive(Clone, Debug)]
pub struct PaymentsCommit {
    /// The payments after the change; the version of each is a condition.
    pub payments: Vec<Payment>,
    /// The key and what it led to.
    pub idempotency: Option<(IdempotencyScope, IdempotencyRecord)>,
    /// What it counts against the customer's limit of the day, where the institution has one.
    pub spending: Option<Spending>,
    /// Amounts that count no more.
    pub given_back: Vec<Spending>,
    /// Audit rows, reports and notices.
    pub trail: Trail,
}

/// The reason why nothing was written.
#[derive(Debug)]
pub enum PaymentWriteFault {
    /// The consent or a payment changed since it was read.
    Conflict,
    /// The key was used meanwhile: read its record and answer by it (P42, P43).
    KeyUsed,
    /// There is a payment of this endToEndId.
    EndToEndIdUsed(PaymentId),
    /// The customer's limit of the day.
    LimitOfDay,
    /// The store failed.
    Port(PortError),
}

impl From<PortError> for PaymentWriteFault {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

impl From<CommitFault> for PaymentWriteFault {
    fn from(fault: CommitFault) -> Self {
        match fault {
            CommitFault::Conflict => Self::Conflict,
            CommitFault::Port(error) => Self::Port(error),
        }
    }
}

/// Ids of payments that were created in a period, in order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CreatedPage {
    /// The ids.
    pub payments: Vec<PaymentId>,
    /// Cursor of the next page; `None` at the end.
    pub next: Option<String>,
}

/// The payments of this institution.
#[async_trait]
pub trait Payments: Send + Sync {
    /// Reads one, strongly consistent.
    async fn find(&self, id: &PaymentId) -> Result<Option<Payment>, PortError>;
    /// Reads several, strongly consistent, in the order of the ids, at most 60; those that are not there are left out.
    async fn find_all(&self, ids: &[PaymentId]) -> Result<Vec<Payment>, PortError>;
    /// What a key led to, strongly consistent; `None` if nothing, or not any more at `now`.
    async fn replayed(
        &self,
        scope: &IdempotencyScope,
        now: Moment,
    ) -> Result<Option<IdempotencyRecord>, PortError>;
    /// Writes a new consent and the row of its key, in one `TransactWriteItems`.
    async fn create_consent(&self, creation: ConsentCreation) -> Result<(), PaymentWriteFault>;
    /// Writes an accepted or refused request, in one `TransactWriteItems` of at most 100 items.
    async fn accept(&self, acceptance: Acceptance) -> Result<(), PaymentWriteFault>;
    /// Writes a change, in one `TransactWriteItems`.
    async fn change(&self, commit: PaymentsCommit) -> Result<(), PaymentWriteFault>;
    /// Ids of at most `limit` payments of one shard whose [`Payment::next_due`] is `now` or earlier, longest overdue first.
    async fn due(&self, shard: u8, now: Moment, limit: u16) -> Result<Vec<PaymentId>, PortError>;
    /// The payment that has the core's key; `None` if none was told it.
    async fn of_core(&self, core_id: &ponte_ports::LegacyId) -> Result<Option<PaymentId>, PortError>;
    /// A page of the payments created on a day (UTC), oldest first; of one shard.
    async fn created_on(
        &self,
        day: Date,
        shard: u8,
        after: Option<&str>,
        limit: u16,
    ) -> Result<CreatedPage, IndexFault>;
    /// A page of the payments whose settlement day in Brasília is this one (of an immediate payment the day of its creation), for the
    /// reconciliation; of one shard.
    async fn of_day(
        &self,
        day: Date,
        shard: u8,
        after: Option<&str>,
        limit: u16,
    ) -> Result<CreatedPage, IndexFault>;
}
