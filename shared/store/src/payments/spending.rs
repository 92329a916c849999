//! What counts against a customer's limit of a day, in cents: one number per customer and day.

use std::collections::BTreeMap;
use std::time::Duration;

use ponte_payment::ports::Spending;
use ponte_ports::PortError;
use ponte_values::{Date, Moment};

use super::table::PaymentTable;
use crate::item::{Condition, key, n, s};
use crate::transaction::Transaction;

/// How long a number stays after the beginning of its day.
const KEPT: Duration = Duration::from_hours(24 * 7);

/// When the table may forget a number.
fn forgotten_at(day: Date) -> i64 {
    Moment::start_of_day_brasilia(day).plus(KEPT).seconds()
}

impl PaymentTable {
    /// Counts an amount, on the condition that the day's limit is kept. A number that is above the limit as it stands is no condition
    /// that could hold, so that there is none without a row.
    pub(super) fn spend(
        &self,
        transaction: &mut Transaction,
        spending: &Spending,
        owner: &str,
    ) -> Result<(), PortError> {
        let amount = spending.amount.cents();
        let (condition, room) = match spending.most.cents().checked_sub(amount) {
            Some(room) => ("attribute_not_exists(cents) OR cents <= :room", i128::from(room)),
            None => ("cents <= :room", -1),
        };
        let values = [
            (":amount", n(amount)),
            (":room", n(room)),
            (":owner", s(owner)),
            (":until", n(forgotten_at(spending.day))),
        ];
        transaction.update(
            &self.tables.payments,
            key(self.dynamo.keys.spending(&spending.customer), spending.day.to_string()),
            "SET #owner = :owner, expires_at = :until ADD cents :amount",
            Condition::new(condition, values),
        )
    }

    /// Takes amounts back; what a day counts together is one write.
    pub(super) fn give_back(
        &self,
        transaction: &mut Transaction,
        amounts: &[Spending],
    ) -> Result<(), PortError> {
        let mut sums: BTreeMap<(&str, Date), i128> = BTreeMap::new();
        for Spending { customer, day, amount, .. } in amounts {
            *sums.entry((customer, *day)).or_default() += i128::from(amount.cents());
        }
        for ((customer, day), cents) in sums {
            transaction.update_always(
                &self.tables.payments,
                key(self.dynamo.keys.spending(customer), day.to_string()),
                "SET expires_at = :until ADD cents :less",
                [(":less", n(-cents)), (":until", n(forgotten_at(day)))],
            )?;
        }
        Ok(())
    }
}
