//! The core behind its connector, as the channel asks it: the accounts of its customers, and whether a payment can be made.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use ponte_authorization::approval::Approver;
use ponte_payment::connector::{
    CallContext, ConnectorFault, ConsentConnector, ConsentRefused, DebtorAccount,
};
use ponte_payment::consent::{ConsentRejectionCode, Debtor, PaymentConsent};
use ponte_payment::wire::{Account, AccountNumber, AccountType, Issuer};
use ponte_ports::{LegacyId, PortError};
use ponte_values::{Amount, Ispb};
use serde_json::value::RawValue;

use crate::institution::ACCOUNTS;

/// The institution of the accounts.
const ISPB: &str = "12345678";

/// A core with the two accounts of [`ACCOUNTS`], numbers 1 and 2 of branch 0001, and 1000.00 on each.
#[derive(Default)]
pub struct Core {
    /// How often accounts were asked for.
    pub discoveries: AtomicU64,
    /// The accounts that it was asked to judge, oldest first.
    pub judged: Mutex<Vec<Account>>,
    /// Whether it lists no account.
    pub empty: Mutex<bool>,
    /// Approvers of the second account.
    pub approvers: Mutex<Vec<Approver>>,
    /// What it says no with, whatever is asked.
    pub refusal: Mutex<Option<ConsentRefused>>,
    /// Whether it answers nothing: neither accounts nor a judgement.
    pub down: Mutex<bool>,
    /// Whether it lists accounts and answers no judgement.
    pub judges_nothing: Mutex<bool>,
}

impl Core {
    /// The account at a place of [`ACCOUNTS`], as it is named to others.
    #[must_use]
    pub fn account(place: usize) -> Account {
        Account {
            ispb: Ispb::parse(ISPB).unwrap(),
            issuer: Some(Issuer::parse("0001").unwrap()),
            number: AccountNumber::parse(&(place + 1).to_string()).unwrap(),
            account_type: AccountType::Cacc,
        }
    }

    fn listed(&self, place: usize) -> DebtorAccount {
        let raw = |json: &str| RawValue::from_string(json.to_owned()).unwrap();
        let (key, name) = ACCOUNTS[place];
        let legacy_id = LegacyId::parse(&raw(key)).unwrap();
        let approvers = if place == 1 { self.approvers.lock().unwrap().clone() } else { Vec::new() };
        DebtorAccount {
            debtor: Debtor { account: Self::account(place), legacy_id },
            name: raw(name),
            balance: Some(BALANCE),
            default_selected: (place == 0).then_some(true),
            approvers,
        }
    }
}

/// What is on each account.
const BALANCE: Amount = Amount::from_cents(100_000);

fn silent() -> ConnectorFault {
    ConnectorFault::Unknown(PortError::timeout("connector", "said nothing"))
}

#[async_trait]
impl ConsentConnector for Core {
    async fn discover(
        &self,
        _: &PaymentConsent,
        _: CallContext,
    ) -> Result<Vec<DebtorAccount>, ConnectorFault> {
        self.discoveries.fetch_add(1, Ordering::Relaxed);
        if *self.down.lock().unwrap() {
            return Err(silent());
        }
        let listed = if *self.empty.lock().unwrap() { 0 } else { ACCOUNTS.len() };
        Ok((0..listed).map(|place| self.listed(place)).collect())
    }

    async fn validate_consent(
        &self,
        consent: &PaymentConsent,
        debtor: &Debtor,
        _: CallContext,
    ) -> Result<Result<(), ConsentRefused>, ConnectorFault> {
        self.judged.lock().unwrap().push(debtor.account.clone());
        if *self.down.lock().unwrap() || *self.judges_nothing.lock().unwrap() {
            return Err(silent());
        }
        if let Some(refusal) = &*self.refusal.lock().unwrap() {
            return Ok(Err(refusal.clone()));
        }
        if consent.request.payment.amount > BALANCE {
            return Ok(Err(ConsentRefused { code: ConsentRejectionCode::SaldoInsuficiente, detail: None }));
        }
        Ok(Ok(()))
    }
}
