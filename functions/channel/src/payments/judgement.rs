//! Whether the customer's yes to a payment can be done, in the order of P33: the institution's own rules first, then the core.

use ponte_edge::Call;
use ponte_payment::connector::ConsentRefused;
use ponte_payment::consent::{ConsentRejectionCode, PaymentConsent};
use ponte_payment::decision_rules::{self, Decision};
use ponte_ports::InstitutionFault;
use ponte_values::{Amount, Date, Moment};

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
    if let Some(code) = against_the_rules(ports, consent, account, call.now) {
        return Ok(Some(refused(code)));
    }
    let judged = ports.connector.validate_consent(consent, &account.debtor, context(call)).await;
    Ok(judged.map_err(unanswered)?.err())
}

/// The first day of scheduled payments: the people who have to agree have until the day before it is over (P06).
pub(super) fn first_day(consent: &PaymentConsent) -> Option<Date> {
    consent.request.payment.schedule.as_ref()?.days().into_iter().next()
}

fn against_the_rules(
    ports: &PaymentDecisions,
    consent: &PaymentConsent,
    account: &OfferedAccount,
    now: Moment,
) -> Option<ConsentRejectionCode> {
    let decision = Decision {
        debtor: &account.debtor.account,
        others_must_agree: account.waits_for_others(consent),
        // The limit of the day is kept when the payment is accepted, by the transaction that knows what was spent.
        spent: Amount::default(),
        now,
    };
    decision_rules::judge(&consent.request, &ports.rules, decision).err().map(Into::into)
}

const fn refused(code: ConsentRejectionCode) -> ConsentRefused {
    ConsentRefused { code, detail: None }
}
