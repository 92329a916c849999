//! Judges a payment consent when its customer says yes (P33), before the core is asked. The order is that of the table of P33; what the core
//! alone knows (balance, fraud) comes after it.

use ponte_values::{Amount, Moment};

use crate::br_code::{BrCode, Target};
use crate::charge::{Charge, ChargeKind};
use crate::consent::ConsentRejectionCode;
use crate::institution_rules::{PaymentAsked, PaymentRules, RuleBroken};
use crate::wire::{Account, PaymentConsentRequest, Purpose, Terms};

/// What is known at the decision besides the request.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    /// The account that the customer chose.
    pub debtor: &'a Account,
    /// Whether other people must agree before that account is debited.
    pub others_must_agree: bool,
    /// What the customer has paid today.
    pub spent: Amount,
    /// Now.
    pub now: Moment,
}

/// The reason why a consent is rejected although its customer says yes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DecisionFault {
    /// Another account than the one that the client asked for.
    OtherAccount,
    /// The account to debit is the creditor's.
    SameAccount,
    /// The amount is not that of the code or of its charge.
    Amount,
    /// No code of Pix, or one whose checksum is wrong.
    Unreadable,
    /// A static code where a dynamic one belongs, or the other way round.
    Kind,
    /// The code or its charge is of another key.
    Key,
    /// The charge is over, paid, for another purpose, or cannot be read.
    Charge,
    /// Above a limit of the institution.
    Limit,
    /// Cash from an account for which others must agree (Z-PAY-64).
    Powers,
    /// Outside the hours of the institution.
    Hours,
}

/// Judges a decision.
///
/// # Errors
/// The first fault in the order of P33.
pub fn judge(
    request: &PaymentConsentRequest,
    rules: &PaymentRules,
    decision: Decision<'_>,
) -> Result<(), DecisionFault> {
    let terms = &request.payment;
    if request.debtor_account.as_ref().is_some_and(|asked| !is_same(asked, decision.debtor)) {
        return Err(DecisionFault::OtherAccount);
    }
    if is_same(decision.debtor, &terms.details.creditor_account) {
        return Err(DecisionFault::SameAccount);
    }
    judge_code(terms, decision.now)?;
    let at = terms.schedule.is_none().then_some(decision.now);
    let asked = PaymentAsked { amount: terms.amount, purpose: terms.purpose, at, spent: decision.spent };
    let by_rules = rules.judge(asked);
    if by_rules == Err(RuleBroken::Limit) {
        return Err(DecisionFault::Limit);
    }
    let cash = matches!(terms.purpose, Some(Purpose::Withdraw | Purpose::Change));
    if cash && decision.others_must_agree {
        return Err(DecisionFault::Powers);
    }
    by_rules.map_err(|_| DecisionFault::Hours)
}

/// The code and its charge against the consent (Z-PAY-29, Z-PAY-30, Z-PAY-59, Z-PAY-62 to 66): amounts before all else (P33).
fn judge_code(terms: &Terms, now: Moment) -> Result<(), DecisionFault> {
    let details = &terms.details;
    let instrument = details.local_instrument;
    if !instrument.has_code() {
        return Ok(());
    }
    let code = details.qr_code.as_ref().map(|code| BrCode::read(code.expose()));
    let charge = details.payload_jws.as_ref().map(Charge::read);
    let by_code = code.and_then(Result::ok).and_then(|code| code.amount);
    let by_charge = charge.as_ref().and_then(|charge| charge.as_ref().ok());
    let costs = by_code.is_none_or(|amount| amount == terms.amount)
        && by_charge.is_none_or(|charge| charge.costs(terms.amount));
    if !costs {
        return Err(DecisionFault::Amount);
    }
    let Some(Ok(code)) = code else { return Err(DecisionFault::Unreadable) };
    if matches!(code.target, Target::Charge(_)) != instrument.is_dynamic() {
        return Err(DecisionFault::Kind);
    }
    let is_key =
        |key: &str| details.proxy.as_ref().is_some_and(|proxy| proxy.expose().eq_ignore_ascii_case(key));
    if matches!(code.target, Target::Key(key) if !is_key(key)) {
        return Err(DecisionFault::Key);
    }
    match charge {
        Some(charge) => {
            let charge = charge.map_err(|_| DecisionFault::Charge)?;
            if charge.key.as_deref().is_some_and(|key| !is_key(key)) {
                return Err(DecisionFault::Key);
            }
            let fits = charge.is_payable(now) && serves(charge.kind, terms.purpose);
            if fits { Ok(()) } else { Err(DecisionFault::Charge) }
        }
        // A purchase with change is said in a charge alone.
        None if terms.purpose == Some(Purpose::Change) => Err(DecisionFault::Charge),
        None => Ok(()),
    }
}

/// Whether a charge is for this purpose (P57).
fn serves(kind: ChargeKind, purpose: Option<Purpose>) -> bool {
    match kind {
        ChargeKind::Withdrawal => purpose == Some(Purpose::Withdraw),
        ChargeKind::Change => purpose == Some(Purpose::Change),
        ChargeKind::Immediate | ChargeKind::Due => {
            !matches!(purpose, Some(Purpose::Withdraw | Purpose::Change))
        }
    }
}

/// Whether two accounts are one: zeros in front do not make another one, nor does a branch that one side leaves out.
fn is_same(one: &Account, other: &Account) -> bool {
    let bare = |text: &str| text.trim_start_matches('0').to_owned();
    let branches = one.issuer.as_ref().zip(other.issuer.as_ref());
    one.ispb == other.ispb
        && one.account_type == other.account_type
        && bare(one.number.expose()) == bare(other.number.expose())
        && branches.is_none_or(|(one, other)| bare(one.expose()) == bare(other.expose()))
}

impl From<DecisionFault> for ConsentRejectionCode {
    fn from(fault: DecisionFault) -> Self {
        match fault {
            DecisionFault::OtherAccount => Self::ContaNaoPermitePagamento,
            DecisionFault::SameAccount => Self::ContasOrigemDestinoIguais,
            DecisionFault::Amount => Self::ValorInvalido,
            DecisionFault::Unreadable | DecisionFault::Kind | DecisionFault::Key | DecisionFault::Charge => {
                Self::QrcodeInvalido
            }
            DecisionFault::Limit => Self::ValorAcimaLimite,
            DecisionFault::Powers => Self::PermissaoInsuficiente,
            DecisionFault::Hours => Self::NaoInformado,
        }
    }
}

#[cfg(test)]
mod tests;
