//! The connector: the port to the core of the institution that holds the accounts and moves the money (product contract, section 1.6).
//!
//! The faults say whether money may have moved, and everything about exactly once hangs on that: what surely did not arrive may be sent
//! again, what may have arrived is asked for by our key.

use std::time::Duration;

use async_trait::async_trait;
use ponte_authorization::approval::Approver;
use ponte_ports::{LegacyId, PortError};
use ponte_values::{Amount, Date, EndToEndId, InteractionId, Moment, PaymentId};
use serde_json::value::RawValue;

use crate::consent::{ConsentRejectionCode, Debtor, PaymentConsent};
use crate::payment::{CoreReport, Payment, RejectionCode};
use crate::wire::PaymentItem;

/// How a core recognises what it has executed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dedupe {
    /// The same key twice is executed once.
    ByKey,
    /// It can be asked by key, and executes twice what comes twice.
    QueryOnly,
    /// Neither.
    None,
}

/// What a core can do, as the institution declares it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Capability {
    /// How it recognises what it has executed.
    pub dedupe: Dedupe,
    /// How long it may take after a call until a question finds what the call executed.
    pub settle: Duration,
}

/// An account that may be debited.
#[derive(Clone, Debug)]
pub struct DebtorAccount {
    /// The account and its key.
    pub debtor: Debtor,
    /// How the customer knows it, a JSON array of `{key, value}` to be shown.
    pub name: Box<RawValue>,
    /// What is on it, to be shown; nobody keeps it.
    pub balance: Option<Amount>,
    /// Whether it is chosen until the customer says otherwise.
    pub default_selected: Option<bool>,
    /// The people who must agree; the customer may be among them.
    pub approvers: Vec<Approver>,
}

/// The stage of a payment that is to be sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PaymentStage {
    /// Before it is accepted, or its list scheduled.
    PostPayment,
    /// On the day of a scheduled payment, before it is sent (P23).
    Settlement,
}

/// A core that says no to a payment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PaymentRefused {
    /// Why.
    pub code: RejectionCode,
    /// In words; without personal data.
    pub detail: String,
}

/// A core that says no to a consent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConsentRefused {
    /// Why.
    pub code: ConsentRejectionCode,
    /// In words; without personal data.
    pub detail: Option<String>,
}

/// The reason why there is no answer.
#[derive(Debug)]
pub enum ConnectorFault {
    /// Nothing left, or surely nothing arrived: it may be tried again.
    NotSent(PortError),
    /// Something may have arrived, and what it did nobody knows. Of a question: no answer that can be read.
    Unknown(PortError),
}

/// The outcome of [`PaymentConnector::find`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// The core has it.
    Known(CoreReport),
    /// It does not know our key.
    Unknown,
    /// It cannot be asked by our key.
    CannotAsk,
}

/// The outcome of [`PaymentConnector::cancel`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CoreCancellation {
    /// It is cancelled, or whatever the core says it is.
    Reported(CoreReport),
    /// It cannot be cancelled any more.
    Refused,
}

/// One payment in the books of the core.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BookEntry {
    /// Our key.
    pub key: String,
    /// Its name in the payment system.
    pub end_to_end_id: EndToEndId,
    /// Amount.
    pub amount: Amount,
    /// Its status.
    pub report: CoreReport,
}

/// A page of the books of a day.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BookPage {
    /// Its payments.
    pub entries: Vec<BookEntry>,
    /// Cursor of the next page; `None` at the end.
    pub next: Option<String>,
}

/// Who asks, and how long it may take.
#[derive(Clone, Copy, Debug)]
pub struct CallContext {
    /// Correlation id.
    pub correlation: InteractionId,
    /// How long the call that asks has left.
    pub left: Duration,
}

/// What the channel may ask the core: nothing that moves money.
#[async_trait]
pub trait ConsentConnector: Send + Sync {
    /// The accounts that the customer of the consent may debit.
    async fn discover(
        &self,
        consent: &PaymentConsent,
        context: CallContext,
    ) -> Result<Vec<DebtorAccount>, ConnectorFault>;
    /// Judges a consent whose customer says yes, with the account chosen (stage POST_CONSENT).
    async fn validate_consent(
        &self,
        consent: &PaymentConsent,
        debtor: &Debtor,
        context: CallContext,
    ) -> Result<Result<(), ConsentRefused>, ConnectorFault>;
}

/// The core as payments use it.
#[async_trait]
pub trait PaymentConnector: Send + Sync {
    /// What the core can do.
    fn capability(&self) -> Capability;
    /// Judges a payment that is about to be accepted, scheduled or sent. Nothing moves.
    async fn validate_payment(
        &self,
        stage: PaymentStage,
        consent: &PaymentConsent,
        debtor: &Debtor,
        item: &PaymentItem,
        context: CallContext,
    ) -> Result<Result<(), PaymentRefused>, ConnectorFault>;
    /// Executes a payment under our key, its id. The core executes nothing after `not_after`. A refusal of the core is a report RJCT.
    async fn pay(
        &self,
        consent: &PaymentConsent,
        payment: &Payment,
        not_after: Moment,
        context: CallContext,
    ) -> Result<CoreReport, ConnectorFault>;
    /// What the core has under our key.
    async fn find(
        &self,
        consent: &PaymentConsent,
        payment: &Payment,
        context: CallContext,
    ) -> Result<Found, ConnectorFault>;
    /// Cancels what the core holds.
    async fn cancel(
        &self,
        consent: &PaymentConsent,
        payment: &Payment,
        by: &ponte_values::Cpf,
        context: CallContext,
    ) -> Result<CoreCancellation, ConnectorFault>;
    /// The books of a day in Brasília, for the reconciliation.
    async fn books(
        &self,
        day: Date,
        cursor: Option<&str>,
        context: CallContext,
    ) -> Result<BookPage, ConnectorFault>;
}

/// The payments that came by the core's own notification name it by the core's key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CorePaymentKey {
    /// Our key.
    Ours(PaymentId),
    /// The core's own.
    Core(LegacyId),
}
