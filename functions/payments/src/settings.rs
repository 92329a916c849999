//! Settings that differ between institutions.

use ponte_payment::consent::PaymentConsent;
use ponte_payment::institution_rules::PaymentRules;
use ponte_payment::payment::{Counted, Payment};
use ponte_payment::ports::Spending;
use ponte_values::{Amount, InstitutionId};

/// Settings of this function.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Name space of consent ids and payment ids (S50).
    pub institution: InstitutionId,
    /// Limits, hours and instruments.
    pub rules: PaymentRules,
}

impl Settings {
    /// Counts immediate payments against the limit of their customer's day, where there is one. Scheduled ones count on the day on which they
    /// are sent.
    pub(crate) fn count(&self, consent: &PaymentConsent, payments: &mut [Payment]) -> Option<Spending> {
        let most = self.rules.per_day()?;
        let day = payments.first().filter(|payment| payment.day.is_none())?.created_at.date_brasilia();
        let amount =
            payments.iter().try_fold(Amount::default(), |sum, payment| sum.plus(payment.amount()))?;
        let customer = customer_of(consent);
        for payment in payments {
            payment.counted = Some(Counted { customer: customer.clone(), day });
        }
        Some(Spending { customer, day, amount, most })
    }

    /// Counts a scheduled payment that is about to be sent; `None` without a limit, or if it counts already.
    pub(crate) fn count_scheduled(
        &self,
        consent: &PaymentConsent,
        payment: &mut Payment,
    ) -> Option<Spending> {
        let (most, day) = (self.rules.per_day()?, payment.day?);
        if payment.counted.is_some() {
            return None;
        }
        let customer = customer_of(consent);
        payment.counted = Some(Counted { customer: customer.clone(), day });
        Some(Spending { customer, day, amount: payment.amount(), most })
    }
}

/// Pseudonym of the customer whose limit it is: the company, if one pays.
fn customer_of(consent: &PaymentConsent) -> String {
    let search = &consent.search;
    search.company.clone().unwrap_or_else(|| search.person.clone())
}
