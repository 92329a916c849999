//! What the core knows: books, payments, keys, orders. Every call takes it whole, one after another.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ponte_bank::customers::CUSTOMERS;
use ponte_bank::dice::Dice;
use ponte_values::Moment;

use crate::account::Account;
use crate::holders::{Holding, holdings};
use crate::journal::{Journal, Line};
use crate::ledger::{Entry, Ledger, signed};
use crate::mode::{Flaw, Mode};
use crate::order::Orders;
use crate::payment::{Payment, Reason, Status, Step};
use crate::pix_keys::PixKeys;

/// Cents that one payment may have, and all of one account on one day.
const MOST_AT_ONCE: u64 = 5_000_000;
const MOST_A_DAY: u64 = 20_000_000;

/// Limits of the bank.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Cents that one payment may have.
    pub payment: u64,
    /// Cents that all payments of an account may have on one day in Brasília.
    pub day: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { payment: MOST_AT_ONCE, day: MOST_A_DAY }
    }
}

/// Everything.
pub(crate) struct State {
    pub(crate) ledger: Ledger,
    pub(crate) payments: Vec<Payment>,
    pub(crate) keys: PixKeys,
    pub(crate) orders: Orders,
    pub(crate) mode: Mode,
    pub(crate) limits: Limits,
    pub(crate) dice: Dice,
    /// Calls of `/payments` by key, whatever came of them.
    pub(crate) calls: BTreeMap<String, u32>,
    /// Requests that were taken, until they could not be taken any more.
    pub(crate) used: BTreeMap<String, i64>,
    /// Payments that are not over, by their place.
    open: BTreeSet<usize>,
    journal: Journal,
}

impl State {
    /// The bank as it opens.
    pub(crate) fn new(seed: &str) -> Self {
        let mut ledger = Ledger::default();
        for holding in CUSTOMERS.iter().flat_map(holdings) {
            ledger.open(holding.account, holding.opening);
        }
        Self {
            ledger,
            payments: Vec::new(),
            keys: PixKeys::default(),
            orders: Orders::default(),
            mode: Mode::default(),
            limits: Limits::default(),
            dice: Dice::of(seed),
            calls: BTreeMap::new(),
            used: BTreeMap::new(),
            open: BTreeSet::new(),
            journal: Journal::default(),
        }
    }

    /// The same after these changes, which go on into `journal`.
    pub(crate) fn replayed(mut self, journal: Journal, lines: Vec<Line>) -> Self {
        for Line { payment, entry } in lines {
            if let Some(payment) = payment {
                let place = usize::try_from(payment.number.saturating_sub(1)).unwrap_or(usize::MAX);
                if place < self.payments.len() {
                    self.payments[place] = payment;
                } else {
                    self.payments.push(payment);
                }
            }
            if let Some(entry) = entry {
                self.ledger.transfer(entry);
            }
        }
        let open = self.payments.iter().enumerate().filter(|(_, payment)| !payment.status.is_final());
        self.open = open.map(|(place, _)| place).collect();
        self.journal = journal;
        self
    }

    /// Takes a new payment in.
    pub(crate) fn take(&mut self, payment: Payment) -> usize {
        let place = self.payments.len();
        if !payment.status.is_final() {
            self.open.insert(place);
        }
        self.payments.push(payment);
        self.keep(place, None);
        place
    }

    /// Writes a payment down, with what moved.
    pub(crate) fn keep(&mut self, place: usize, entry: Option<Entry>) {
        let payment = self.payments.get(place).cloned();
        self.journal.add(&Line { payment, entry });
    }

    /// Money that comes in from outside, for tests that need more than there is.
    pub(crate) fn deposit(&mut self, account: Account, amount: u64, at: Moment) {
        let outside = Account::new(crate::pix_keys::OTHER_ISPB, None, "99999999", "TRAN");
        let (key, end_to_end_id) = (String::new(), String::new());
        let entry = Entry { number: 0, key, end_to_end_id, amount, debtor: outside, creditor: account, at };
        self.ledger.transfer(entry.clone());
        self.journal.add(&Line { payment: None, entry: Some(entry) });
    }

    /// What has become of the payments by `now`.
    pub(crate) fn advance(&mut self, now: Moment) {
        for place in self.open.iter().copied().collect::<Vec<_>>() {
            while let Some((at, step)) = self.due(place, now) {
                self.walk(place, step, at);
            }
        }
    }

    /// The next step of a payment, taken off its list, if it is due.
    fn due(&mut self, place: usize, now: Moment) -> Option<(Moment, Step)> {
        let payment = self.payments.get_mut(place).filter(|payment| !payment.status.is_final())?;
        let due = payment.steps.first().is_some_and(|(at, _)| *at <= now);
        due.then(|| payment.steps.remove(0))
    }

    fn walk(&mut self, place: usize, step: Step, at: Moment) {
        match step {
            Step::Send => self.become_of(place, Status::Acpd, None, at),
            Step::Reject(reason) => self.become_of(place, Status::Rjct, Some(reason), at),
            Step::Settle => self.settle(place, at),
        }
    }

    /// The money moves.
    fn settle(&mut self, place: usize, at: Moment) {
        let Some(payment) = self.payments.get_mut(place) else { return };
        payment.status = Status::Acsc;
        payment.updated = at;
        let entry = Entry {
            number: 0,
            key: payment.key.clone(),
            end_to_end_id: payment.end_to_end_id.clone(),
            amount: payment.amount,
            debtor: payment.debtor.clone(),
            creditor: payment.creditor.clone(),
            at,
        };
        self.open.remove(&place);
        self.ledger.transfer(entry.clone());
        self.keep(place, Some(entry));
    }

    /// Another status, for which nothing moves.
    pub(crate) fn become_of(&mut self, place: usize, status: Status, reason: Option<Reason>, at: Moment) {
        let Some(payment) = self.payments.get_mut(place) else { return };
        payment.status = status;
        payment.reason = reason.or(payment.reason.take());
        payment.updated = at;
        if status.is_final() {
            payment.steps.clear();
            self.open.remove(&place);
        }
        self.keep(place, None);
    }

    /// Lets a held payment go on, or ends it.
    pub(crate) fn release(&mut self, key: &str, approved: bool, now: Moment) -> usize {
        let held: Vec<usize> = self.open.iter().copied().filter(|place| self.is_held(*place, key)).collect();
        for place in &held {
            if approved {
                self.settle(*place, now);
            } else {
                let reason = Reason { code: "NAO_INFORMADO".into(), detail: "recusado na análise".into() };
                self.become_of(*place, Status::Rjct, Some(reason), now);
            }
        }
        held.len()
    }

    fn is_held(&self, place: usize, key: &str) -> bool {
        self.payments.get(place).is_some_and(|payment| {
            payment.key == key && payment.status == Status::Pdng && payment.steps.is_empty()
        })
    }

    /// The last payment under a key that is no refusal, or else the last refusal.
    pub(crate) fn known(&self, key: &str) -> Option<&Payment> {
        let mut same = self.payments.iter().rev().filter(|payment| payment.key == key);
        let newest = same.next()?;
        if newest.refused { same.find(|payment| !payment.refused).or(Some(newest)) } else { Some(newest) }
    }

    /// Cents that may be spent: what is there and the overdraft, without what is on its way.
    pub(crate) fn available(&self, holding: &Holding) -> i64 {
        let of = |place: &usize| self.payments.get(*place).filter(|one| one.debtor == holding.account);
        let on_its_way: i64 = self.open.iter().filter_map(of).map(|payment| signed(payment.amount)).sum();
        self.ledger.balance(&holding.account) + holding.overdraft - on_its_way
    }

    /// Cents that an account has paid or is paying on the day of `now` in Brasília.
    pub(crate) fn spent_today(&self, account: &Account, now: Moment) -> u64 {
        let today = now.date_brasilia();
        let counts = |payment: &&Payment| {
            payment.debtor == *account
                && payment.created.date_brasilia() == today
                && !matches!(payment.status, Status::Rjct | Status::Canc)
        };
        self.payments.iter().filter(counts).map(|payment| payment.amount).sum()
    }

    /// Whether something is wrong with the core.
    pub(crate) fn flawed(&self, flaw: Flaw) -> bool {
        self.mode.has(flaw)
    }

    /// Payments whose status Ponte has not been told, which counts as told from now on.
    pub(crate) fn news(&mut self) -> Vec<Payment> {
        let mut news = Vec::new();
        for payment in self.payments.iter_mut().filter(|payment| !payment.refused) {
            if payment.told != Some(payment.status) {
                payment.told = Some(payment.status);
                news.push(payment.clone());
            }
        }
        news
    }
}

/// A moment so many seconds later.
pub(crate) fn later(at: Moment, seconds: u64) -> Moment {
    at.plus(Duration::from_secs(seconds))
}
