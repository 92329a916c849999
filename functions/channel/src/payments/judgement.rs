//! Whether the customer's yes to a payment can be done, in the order of P33: the institution's own rules first, then the core.

use ponte_edge::Call;
use ponte_payment::connector::ConsentRefused;
use ponte_payment::consent::{ConsentRejectionCode, PaymentConsent};
use ponte_payment::decision_rules::{Decision, DecisionFault, judge};
use ponte_payment::wire::ScheduledDays;
use ponte_ports::InstitutionFault;
use ponte_values::{Amount, Date};

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
    let decision = Decision {
        debtor: &account.debtor.account,
        others_must_agree: account.waits_for_others(consent),
        // What the customer has paid today is judged when the payment comes, by the function that counts it.
        spent: Amount::default(),
        now: call.now,
    };
    if let Err(fault) = judge(&consent.request, &ports.rules, decision) {
        return Ok(Some(refused(code_of(fault))));
    }
    let judged = ports.connector.validate_consent(consent, &account.debtor, context(call)).await;
    Ok(judged.map_err(unanswered)?.err())
}

/// The first day of scheduled payments, or an earlier one: the people who have to agree have until the day before it is over (P06).
pub(super) fn first_day(consent: &PaymentConsent) -> Option<Date> {
    match &consent.request.payment.schedule.as_ref()?.days {
        ScheduledDays::Single(single) => Some(single.date),
        ScheduledDays::Daily(daily) => Some(daily.start_date),
        ScheduledDays::Weekly(weekly) => Some(weekly.start_date),
        ScheduledDays::Monthly(monthly) => Some(monthly.start_date),
        ScheduledDays::Custom(custom) => custom.dates.iter().min().copied(),
    }
}

/// The code of P33 for a decision that breaks a rule.
const fn code_of(fault: DecisionFault) -> ConsentRejectionCode {
    match fault {
        DecisionFault::OtherAccount => ConsentRejectionCode::ContaNaoPermitePagamento,
        DecisionFault::SameAccount => ConsentRejectionCode::ContasOrigemDestinoIguais,
        DecisionFault::Amount => ConsentRejectionCode::ValorInvalido,
        DecisionFault::Unreadable | DecisionFault::Kind | DecisionFault::Key | DecisionFault::Charge => {
            ConsentRejectionCode::QrcodeInvalido
        }
        DecisionFault::Limit => ConsentRejectionCode::ValorAcimaLimite,
        DecisionFault::Powers => ConsentRejectionCode::PermissaoInsuficiente,
        DecisionFault::Hours => ConsentRejectionCode::NaoInformado,
    }
}

const fn refused(code: ConsentRejectionCode) -> ConsentRefused {
    ConsentRefused { code, detail: None }
}
