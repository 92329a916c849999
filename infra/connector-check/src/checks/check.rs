//! The check while it runs: what is asked of whom, and what was found.

use std::collections::BTreeMap;
use std::time::Duration;

use ponte_values::Moment;
use serde_json::Value;

use crate::connector::{Connector, Said};
use crate::report::Report;
use crate::requests::{Pix, Scene};

pub(super) const DISCOVERY: &str = "/account-discovery";
pub(super) const VALIDATION: &str = "/payment-validation";
pub(super) const PAYMENTS: &str = "/payments";
pub(super) const FIND: &str = "/find";
pub(super) const CANCELLATION: &str = "/cancellation";
pub(super) const BOOKS: &str = "/payments-of-day";

/// Times of the contract, in milliseconds.
const TIMES: [(&str, u64); 6] = [
    (DISCOVERY, 5_000),
    (VALIDATION, 3_000),
    (PAYMENTS, 8_000),
    (FIND, 3_000),
    (CANCELLATION, 3_000),
    (BOOKS, 8_000),
];

/// What a refusal for want of money may be called.
const TOO_MUCH: [&str; 2] = ["SALDO_INSUFICIENTE", "VALOR_ACIMA_LIMITE"];

/// How the core recognises what it has executed, as it says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dedupe {
    /// The same key is executed once.
    ByKey,
    /// It can be asked by key.
    QueryOnly,
    /// Neither.
    None,
}

/// The check while it runs.
pub(super) struct Check {
    pub(super) connector: Connector,
    pub(super) scene: Scene,
    pub(super) dedupe: Dedupe,
    pub(super) settle: Duration,
    pub(super) report: Report,
    /// Longest time of each operation.
    pub(super) times: BTreeMap<&'static str, Duration>,
    /// What must be in the books once, and what must not.
    pub(super) executed: Vec<Pix>,
    pub(super) cancelled: Vec<Pix>,
    pub(super) never: Vec<Pix>,
}

impl Check {
    pub(super) fn now(&self) -> Moment {
        (self.connector.now)()
    }

    /// A new payment of the test customer.
    pub(super) fn pix(&self, account: &Value) -> Pix {
        self.scene.pix(&self.scene.customer, account, self.now())
    }

    pub(super) async fn ask(&mut self, path: &'static str, body: &Value) -> Result<Said, String> {
        let said = self.connector.ask(path, body).await?;
        let longest = self.times.entry(path).or_default();
        *longest = said.took.max(*longest);
        Ok(said)
    }

    /// Asks and notes whether it is refused with one of these codes; of any code without one.
    pub(super) async fn refused(
        &mut self,
        (path, check): (&'static str, &'static str),
        body: &Value,
        (status, codes): (u16, &[&str]),
    ) {
        let said = self.ask(path, body).await;
        self.report.note((path, check), said.and_then(|said| said.refused(status, codes)));
    }

    /// Asks for an amount that the customer does not have. A limit that refuses it first says nothing of the balance.
    pub(super) async fn poor(&mut self, check: (&'static str, &'static str), body: &Value) {
        let said = self.ask(check.0, body).await;
        match said.and_then(|said| said.refused(422, &TOO_MUCH).map(|()| said)) {
            Ok(said) if said.code() == TOO_MUCH[1] => {
                self.report.skipped(check, "a limit refused it first: give an amount that the limits allow");
            }
            outcome => self.report.note(check, outcome.map(drop)),
        }
    }

    /// The longest answer to every operation against the time that it has.
    pub(super) fn time(&mut self) {
        for (path, budget) in TIMES {
            let Some(took) = self.times.get(path) else { continue };
            let slow = took.as_millis() > u128::from(budget);
            let told = || format!("{} ms where {budget} ms are allowed", took.as_millis());
            let told = if slow { Err(told()) } else { Ok(()) };
            self.report.note((path, "time"), told);
        }
    }
}
