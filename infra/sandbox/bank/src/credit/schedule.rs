//! What is paid when: a contract as it stands on one day.

use ponte_values::Date;

use crate::calendar;
use crate::credit::offers::Offer;

/// The day of the month on which instalments are due.
const DUE_DAY: i64 = 10;
/// One, for the factors of interest.
const ONE: i128 = 1_000_000_000_000;

/// Where a contract stands.
pub(crate) struct Schedule {
    /// Year of the signature and its month (0 to 11).
    signed: (i64, i64),
    total: i64,
    pub(crate) paid: i64,
    pub(crate) overdue: i64,
    /// Instalments that are not due yet.
    pub(crate) coming: i64,
    /// The same amount every month, in cents.
    pub(crate) instalment: i64,
    /// What it would cost to end the contract today, in cents.
    pub(crate) outstanding: i64,
}

impl Schedule {
    /// The contract of `offer` over `amount` cents as it stands on `today`.
    pub(crate) fn of(offer: &Offer, amount: i64, today: Date) -> Self {
        let (years_ago, month) = offer.signed;
        let signed = (calendar::parts(today).0 - years_ago, month);
        let due_on = |number: i64| calendar::day(signed.0, signed.1 + number, DUE_DAY);
        let due = (1..=offer.instalments).take_while(|number| due_on(*number) <= today).count();
        let due = i64::try_from(due).unwrap_or(0);
        let overdue = offer.overdue.min(due);
        let (paid, total) = (due - overdue, offer.instalments);
        let instalment = instalment(amount, offer.rate, total);
        let mut outstanding = amount;
        for _ in 0..paid {
            outstanding = (outstanding + interest(outstanding, offer.rate) - instalment).max(0);
        }
        // What rounding left over was paid with the last instalment.
        let outstanding = if total > 0 && paid == total { 0 } else { outstanding };
        Self { signed, total, paid, overdue, coming: total - due, instalment, outstanding }
    }

    /// The day of the signature, on which the money was paid out.
    pub(crate) fn start(&self) -> Date {
        calendar::day(self.signed.0, self.signed.1, 5)
    }

    /// When the instalment with this number, from 1, is due.
    pub(crate) fn due(&self, number: i64) -> Date {
        calendar::day(self.signed.0, self.signed.1 + number, DUE_DAY)
    }

    /// When the last one is due; of a product without a term, when it was renewed for: two years.
    pub(crate) fn end(&self) -> Date {
        self.due(if self.is_open_ended() { 24 } else { self.total })
    }

    pub(crate) fn is_open_ended(&self) -> bool {
        self.total == 0
    }

    pub(crate) fn is_over(&self) -> bool {
        !self.is_open_ended() && self.paid == self.total
    }

    /// All that is not paid, interest to come included, in cents; what is used of a product without a term.
    pub(crate) fn remaining(&self) -> i64 {
        // Without interest, the cents that no instalment covers come with the last one.
        self.outstanding.max(self.instalment * (self.overdue + self.coming))
    }
}

/// Interest of a month.
fn interest(cents: i64, rate: i64) -> i64 {
    cents * rate / 1_000_000
}

/// By how much a debt grows in so many months, in millionths: `18_500` a month are `246_051` in twelve.
pub(crate) fn growth(rate: i64, months: i64) -> i64 {
    i64::try_from((factor(rate, months) - ONE) / 1_000_000).unwrap_or(i64::MAX)
}

fn factor(rate: i64, months: i64) -> i128 {
    (0..months).fold(ONE, |factor, _| factor + factor * i128::from(rate) / 1_000_000)
}

/// The instalment by the table of Price.
fn instalment(amount: i64, rate: i64, count: i64) -> i64 {
    if count == 0 {
        return 0;
    }
    let factor = factor(rate, count);
    let with_interest = || {
        let numerator = i128::from(amount) * i128::from(rate) * factor;
        i64::try_from(numerator / (factor - ONE) / 1_000_000).ok()
    };
    if rate == 0 { amount / count } else { with_interest().unwrap_or(amount) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credit::offers::{BUSINESS_LOANS, FINANCINGS, INVOICE_FINANCINGS, OVERDRAFTS, PERSONAL_LOANS};

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn z_cre_04_every_table_has_two_open_contracts_and_a_closed_one_on_every_day_of_a_year() {
        for offers in [PERSONAL_LOANS, BUSINESS_LOANS, FINANCINGS, INVOICE_FINANCINGS, OVERDRAFTS] {
            for today in ["2026-01-01", "2026-06-15", "2026-12-31", "2028-02-29"] {
                let over =
                    offers.iter().filter(|offer| Schedule::of(offer, offer.amount, day(today)).is_over());
                assert_eq!(over.count(), 1, "{today}");
                assert!(offers.len() >= 3);
            }
        }
    }

    #[test]
    fn instalments_add_up_and_pay_the_debt() {
        for offer in PERSONAL_LOANS.iter().chain(FINANCINGS).chain(INVOICE_FINANCINGS) {
            let now = Schedule::of(offer, offer.amount, day("2026-06-15"));
            assert_eq!(now.paid + now.overdue + now.coming, offer.instalments, "{}", offer.name);
            assert!(now.start() <= day("2026-06-15") && now.remaining() >= now.outstanding, "{}", offer.name);
            let later = Schedule::of(offer, offer.amount, day("2026-07-15"));
            assert_eq!(later.start(), now.start());
            assert_eq!(later.is_over(), now.is_over() || later.outstanding == 0);
        }
    }

    #[test]
    fn interest_is_compound() {
        assert_eq!(growth(10_000, 12), 126_825);
        assert_eq!(instalment(1_000_000, 10_000, 12), 88_848);
        assert_eq!(instalment(1_200, 0, 12), 100);
    }
}
