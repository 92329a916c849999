//! A core that moves money, behind its connector: what the next calls meet is told beforehand, and its books add up.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use ponte_payment::connector::{
    BookEntry, BookPage, CallContext, Capability, ConnectorFault, CoreCancellation, Dedupe, Found,
    PaymentConnector, PaymentRefused, PaymentStage,
};
use ponte_payment::consent::{Debtor, PaymentConsent};
use ponte_payment::payment::{CoreReport, CoreStatus, Payment, Rejection, RejectionCode};
use ponte_payment::ports::{PaymentMessage, PaymentQueue};
use ponte_payment::wire::PaymentItem;
use ponte_ports::{Clock as _, LettersToRedrive, PortError, TakenLetter};
use ponte_values::{Amount, Cpf, Date, EndToEndId, Moment};

use crate::clock::ManualClock;
use crate::payment_examples::core_key;

/// What a call that moves money meets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Met {
    /// It is executed and settled.
    Settles,
    /// It is executed and held.
    Holds,
    /// It is executed, and no answer comes.
    ExecutesAndHangs,
    /// Nothing is executed, and no answer comes.
    Hangs,
    /// Nothing arrives, and the caller knows it.
    Unreachable,
    /// The core says no.
    Refuses,
}

/// A payment in its books.
#[derive(Clone, Debug)]
struct Entry {
    key: String,
    end_to_end_id: EndToEndId,
    amount: Amount,
    status: CoreStatus,
    found_from: Moment,
}

/// The core.
pub struct PaymentCore {
    /// How it recognises what it has executed.
    pub dedupe: Dedupe,
    /// How long after its execution a payment is found.
    pub lag: Duration,
    /// What the next calls meet, first one first; afterwards they settle.
    pub next: Mutex<VecDeque<Met>>,
    /// Keys of all calls that move money, oldest first.
    pub calls: Mutex<Vec<String>>,
    /// Whether it answers no question.
    pub silent: Mutex<bool>,
    clock: Arc<ManualClock>,
    entries: Mutex<Vec<Entry>>,
}

impl PaymentCore {
    /// A core that settles whatever comes.
    #[must_use]
    pub fn new(clock: Arc<ManualClock>, dedupe: Dedupe, lag: Duration) -> Self {
        Self {
            dedupe,
            lag,
            next: Mutex::default(),
            calls: Mutex::default(),
            silent: Mutex::default(),
            clock,
            entries: Mutex::default(),
        }
    }

    /// What the next calls meet.
    pub fn meets(&self, met: impl IntoIterator<Item = Met>) {
        self.next.lock().unwrap().extend(met);
    }

    /// How often this key was debited and not given back.
    #[must_use]
    pub fn debits(&self, key: &str) -> usize {
        let entries = self.entries.lock().unwrap();
        let debited = |entry: &&Entry| entry.key == key && !matches!(entry.status, CoreStatus::Cancelled(_));
        entries.iter().filter(debited).count()
    }

    /// The sum of all that was debited.
    #[must_use]
    pub fn debited(&self) -> Amount {
        let entries = self.entries.lock().unwrap();
        let debited = entries.iter().filter(|entry| !matches!(entry.status, CoreStatus::Cancelled(_)));
        debited.fold(Amount::default(), |sum, entry| sum.plus(entry.amount).unwrap())
    }

    /// Settles what is held.
    pub fn settle(&self, key: &str) {
        for entry in self.entries.lock().unwrap().iter_mut().filter(|entry| entry.key == key) {
            entry.status = CoreStatus::Settled;
        }
    }

    /// Forgets a payment, as a core that lost its books.
    pub fn forget(&self, key: &str) {
        self.entries.lock().unwrap().retain(|entry| entry.key != key);
    }

    fn answers(&self) -> Result<(), ConnectorFault> {
        if *self.silent.lock().unwrap() {
            return Err(ConnectorFault::Unknown(PortError::timeout("core", "no answer")));
        }
        Ok(())
    }
}

fn report(entry: &Entry) -> CoreReport {
    CoreReport { status: entry.status.clone(), core_id: Some(core_key(&format!("core-{}", entry.key))) }
}

#[async_trait]
impl PaymentConnector for PaymentCore {
    fn capability(&self) -> Capability {
        Capability { dedupe: self.dedupe, settle: self.lag }
    }

    async fn validate_payment(
        &self,
        _stage: PaymentStage,
        _consent: &PaymentConsent,
        _debtor: &Debtor,
        _item: &PaymentItem,
        _context: CallContext,
    ) -> Result<Result<(), PaymentRefused>, ConnectorFault> {
        self.answers().map(Ok)
    }

    async fn pay(
        &self,
        _consent: &PaymentConsent,
        payment: &Payment,
        not_after: Moment,
        _context: CallContext,
    ) -> Result<CoreReport, ConnectorFault> {
        let key = payment.id.to_string();
        let met = self.next.lock().unwrap().pop_front().unwrap_or(Met::Settles);
        let lost = || ConnectorFault::Unknown(PortError::timeout("core", "no answer"));
        if met == Met::Unreachable {
            return Err(ConnectorFault::NotSent(PortError::new("core", "unreachable")));
        }
        self.calls.lock().unwrap().push(key.clone());
        let now = self.clock.now();
        if met == Met::Hangs || now > not_after {
            return Err(lost());
        }
        if met == Met::Refuses {
            let detail = "Saldo insuficiente".to_owned();
            let rejection = Rejection { code: RejectionCode::SaldoInsuficiente, detail };
            return Ok(CoreReport { status: CoreStatus::Rejected(rejection), core_id: None });
        }
        let mut entries = self.entries.lock().unwrap();
        let known = entries.iter().find(|entry| entry.key == key);
        if let Some(entry) = known.filter(|_| self.dedupe == Dedupe::ByKey) {
            return if met == Met::ExecutesAndHangs { Err(lost()) } else { Ok(report(entry)) };
        }
        let entry = Entry {
            key,
            end_to_end_id: payment.item.end_to_end_id.clone(),
            amount: payment.amount(),
            status: if met == Met::Holds { CoreStatus::Held } else { CoreStatus::Settled },
            found_from: now.plus(self.lag),
        };
        let answer = report(&entry);
        entries.push(entry);
        if met == Met::ExecutesAndHangs { Err(lost()) } else { Ok(answer) }
    }

    async fn find(
        &self,
        _consent: &PaymentConsent,
        payment: &Payment,
        _context: CallContext,
    ) -> Result<Found, ConnectorFault> {
        self.answers()?;
        if self.dedupe == Dedupe::None {
            return Ok(Found::CannotAsk);
        }
        let (entries, now) = (self.entries.lock().unwrap(), self.clock.now());
        let known = entries.iter().find(|entry| entry.key == payment.id.as_str() && entry.found_from <= now);
        Ok(known.map_or(Found::Unknown, |entry| Found::Known(report(entry))))
    }

    async fn cancel(
        &self,
        _consent: &PaymentConsent,
        payment: &Payment,
        by: &Cpf,
        _context: CallContext,
    ) -> Result<CoreCancellation, ConnectorFault> {
        self.answers()?;
        let mut entries = self.entries.lock().unwrap();
        match entries.iter_mut().find(|entry| entry.key == payment.id.as_str()) {
            Some(entry) if entry.status == CoreStatus::Held => {
                entry.status = CoreStatus::Cancelled(by.clone());
                Ok(CoreCancellation::Reported(report(entry)))
            }
            _ => Ok(CoreCancellation::Refused),
        }
    }

    async fn books(
        &self,
        _day: Date,
        _cursor: Option<&str>,
        _context: CallContext,
    ) -> Result<BookPage, ConnectorFault> {
        self.answers()?;
        let entries = self.entries.lock().unwrap();
        let of = |entry: &Entry| BookEntry {
            key: entry.key.clone(),
            end_to_end_id: entry.end_to_end_id.clone(),
            amount: entry.amount,
            report: report(entry),
        };
        Ok(BookPage { entries: entries.iter().map(of).collect(), next: None })
    }
}

/// The queue of payments in memory, and its dead letters.
#[derive(Default)]
pub struct PaymentMessages {
    /// Messages, oldest first.
    pub sent: Mutex<Vec<PaymentMessage>>,
    /// Dead letters that nobody has taken.
    pub letters: Mutex<Vec<TakenLetter>>,
    /// Dead letters that were removed.
    pub removed: Mutex<Vec<String>>,
}

#[async_trait]
impl PaymentQueue for PaymentMessages {
    async fn send(&self, messages: &[PaymentMessage], _delay: Duration) -> Result<(), PortError> {
        self.sent.lock().unwrap().extend_from_slice(messages);
        Ok(())
    }

    async fn waiting(&self) -> Result<u64, PortError> {
        Ok(u64::try_from(self.sent.lock().unwrap().len()).unwrap_or(u64::MAX))
    }
}

#[async_trait]
impl LettersToRedrive for PaymentMessages {
    async fn take(&self) -> Result<Vec<TakenLetter>, PortError> {
        let mut letters = self.letters.lock().unwrap();
        let most = letters.len().min(10);
        Ok(letters.drain(..most).collect())
    }

    async fn remove(&self, letter: &TakenLetter) -> Result<(), PortError> {
        self.removed.lock().unwrap().push(letter.id.clone());
        Ok(())
    }
}
