//! Settings that differ between institutions.

use ponte_payment::consent::PaymentConsent;
use ponte_payment::institution_rules::PaymentRules;
use ponte_payment::payment::Payment;
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
    /// What immediate payments count against the limit of their customer's day; `None` without a limit. Scheduled ones count on the day
    /// on which they are sent.
    pub(crate) fn spending(&self, consent: &PaymentConsent, payments: &[Payment]) -> Option<Spending> {
        let most = self.rules.per_day()?;
        let first = payments.first().filter(|payment| payment.day.is_none())?;
        let amount =
            payments.iter().try_fold(Amount::default(), |sum, payment| sum.plus(payment.amount()))?;
        let search = &consent.search;
        let customer = search.company.clone().unwrap_or_else(|| search.person.clone());
        Some(Spending { customer, day: first.created_at.date_brasilia(), amount, most })
    }
}
