//! Whether the customer's yes to a payment can be done, in the order of P33: the institution's own rules first, then the core.

use ponte_edge::Call;
use ponte_payment::connector::ConsentRefused;
use ponte_payment::consent::{ConsentRejectionCode, PaymentConsent};
use ponte_payment::wire::{Purpose, ScheduledDays};
use ponte_ports::InstitutionFault;
use ponte_values::Date;

use super::offers::{OfferedAccount, context, unanswered};
use super::ports::PaymentDecisions;

/// The reason why a payment from this account cannot be done; `None` if it can. `None` of an account: none may be debited.
///
/// # Errors
/// The core did not answer. Nothing moved, so that the customer may try again while the consent waits (P05).
pub(super) async fn refusal_of(
    ports: &PaymentDecisions,
    consent: &PaymentConsent,
    account: Option<&OfferedAccount>,
    call: &Call,
) -> Result<Option<ConsentRefused>, InstitutionFault> {
    let Some(account) = account else {
        return Ok(Some(refused(ConsentRejectionCode::ContaNaoPermitePagamento)));
    };
    if let Some(code) = against_the_rules(consent, account) {
        return Ok(Some(refused(code)));
    }
    let judged = ports.connector.validate_consent(consent, &account.debtor, context(call)).await;
    Ok(judged.map_err(unanswered)?.err())
}

/// The first day of scheduled payments, or an earlier one: the people who have to agree have until the day before it is over (P06).
pub(super) fn first_day(consent: &PaymentConsent) -> Option<Date> {
    match &consent.request.payment.schedule.as_ref()?.days {
        ScheduledDays::Single { date } => Some(*date),
        ScheduledDays::Daily { start_date, .. }
        | ScheduledDays::Weekly { start_date, .. }
        | ScheduledDays::Monthly { start_date, .. } => Some(*start_date),
        ScheduledDays::Custom { dates } => dates.iter().min().copied(),
    }
}

fn against_the_rules(consent: &PaymentConsent, account: &OfferedAccount) -> Option<ConsentRejectionCode> {
    let terms = &consent.request.payment;
    if account.debtor.account == terms.details.creditor_account {
        return Some(ConsentRejectionCode::ContasOrigemDestinoIguais);
    }
    // Cash is for who may decide alone (P57).
    let cash = matches!(terms.purpose, Some(Purpose::Withdraw | Purpose::Change));
    (cash && account.waits_for_others(consent)).then_some(ConsentRejectionCode::PermissaoInsuficiente)
}

const fn refused(code: ConsentRejectionCode) -> ConsentRefused {
    ConsentRefused { code, detail: None }
}
