//! Judges a request for payments against its consent (P31).
//!
//! The order is ours, since both files leave it open; the first fault is told, of several items that of the first:
//!
//! 1. what the version writes otherwise, and the time of an immediate payment: PARAMETRO_INVALIDO, PARAMETRO_NAO_INFORMADO;
//! 2. number and days of the list: PAGAMENTO_DIVERGENTE_CONSENTIMENTO, then the hour of scheduled ones: PARAMETRO_INVALIDO;
//! 3. instrument, currency and amount: PAGAMENTO_DIVERGENTE_CONSENTIMENTO;
//! 4. key, code and txid by instrument: DETALHE_PAGAMENTO_INVALIDO (Z-PAY-53, Z-PAY-57);
//! 5. account, key and code: PAGAMENTO_DIVERGENTE_CONSENTIMENTO;
//! 6. the code's charge is over: COBRANCA_INVALIDA;
//! 7. rules of the institution: VALOR_ACIMA_LIMITE, PAGAMENTO_RECUSADO_DETENTORA.

use ponte_values::{Amount, ConsentId, Date, Moment};

use crate::br_code::BrCode;
use crate::charge::Charge;
use crate::consent_rules::{is_town, lacks_issuer};
use crate::end_to_end;
use crate::institution_rules::{PaymentAsked, PaymentRules, RuleBroken};
use crate::wire::{
    ApiVersion, AuthorisationFlow, LocalInstrument, PaymentItem, Terms, Text, TransactionIdentification,
};

/// The reason why a request for payments is refused, with the member that is at fault by its path in an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PaymentRequestFault {
    /// PARAMETRO_NAO_INFORMADO.
    Missing(&'static str),
    /// PARAMETRO_INVALIDO.
    Invalid(&'static str),
    /// PAGAMENTO_DIVERGENTE_CONSENTIMENTO.
    Differs(&'static str),
    /// DETALHE_PAGAMENTO_INVALIDO.
    Detail(&'static str),
    /// COBRANCA_INVALIDA.
    Charge,
    /// VALOR_ACIMA_LIMITE.
    Limit,
    /// PAGAMENTO_RECUSADO_DETENTORA: outside the hours of the institution.
    Hours,
}

use PaymentRequestFault::{Detail, Differs, Invalid, Missing};

/// What a request for payments is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Consented<'a> {
    /// Version of the API.
    pub api: ApiVersion,
    /// The consent.
    pub consent: &'a ConsentId,
    /// What the customer agreed to.
    pub terms: &'a Terms,
    /// What the customer has paid today.
    pub spent: Amount,
    /// Now.
    pub now: Moment,
}

/// Judges the items of a request, and gives them back with the day of their settlement, where they are scheduled.
///
/// # Errors
/// The first fault in the order above.
pub fn judge(
    items: Vec<PaymentItem>,
    consented: Consented<'_>,
    rules: &PaymentRules,
) -> Result<Vec<(PaymentItem, Option<Date>)>, PaymentRequestFault> {
    if items.is_empty() {
        return Err(Missing("data"));
    }
    items.iter().try_for_each(|item| judge_form(item, consented))?;
    judge_list(&items, consented.terms)?;
    items.iter().try_for_each(|item| judge_against(item, consented))?;
    let scheduled = consented.terms.schedule.is_some();
    let at = (!scheduled).then_some(consented.now);
    let Terms { amount, purpose, .. } = *consented.terms;
    rules.judge(PaymentAsked { amount, purpose, at, spent: consented.spent }).map_err(
        |broken| match broken {
            RuleBroken::Limit => PaymentRequestFault::Limit,
            RuleBroken::Hours => PaymentRequestFault::Hours,
        },
    )?;
    let day = |item: &PaymentItem| scheduled.then(|| item.end_to_end_id.date());
    Ok(items.into_iter().map(|item| (day(&item), item)).map(|(day, item)| (item, day)).collect())
}

/// What one item must be by itself.
fn judge_form(item: &PaymentItem, consented: Consented<'_>) -> Result<(), PaymentRequestFault> {
    let v4 = consented.api == ApiVersion::V4;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let town = item.ibge_town_code.as_ref().map(Text::expose);
    let near = |item: &PaymentItem| end_to_end::judge_immediate(&item.end_to_end_id, consented.now).is_ok();
    let nfc = matches!(item.local_instrument, LocalInstrument::Apdn | LocalInstrument::Apes);
    let invalid = [
        (end_to_end::judge_form(consented.api, &item.end_to_end_id).is_err(), "endToEndId"),
        (consented.terms.schedule.is_none() && !near(item), "endToEndId"),
        (v4 && nfc, "localInstrument"),
        (v4 && !item.creditor_account.ispb.is_numeric(), "creditorAccount.ispb"),
        (v4 && !digits(item.cnpj_initiator.expose()), "cnpjInitiator"),
        (!town.is_none_or(is_town), "ibgeTownCode"),
    ];
    first(invalid, Invalid)?;
    let by_device = item.authorisation_flow == Some(AuthorisationFlow::FidoFlow);
    let missing = [
        (lacks_issuer(&item.creditor_account), "creditorAccount.issuer"),
        (by_device && item.consent_id.is_none(), "consentId"),
    ];
    first(missing, Missing)
}

/// Number and days of the list against the schedule, one to one in any order (Z-PAY-42, Z-PAY-43, P53).
fn judge_list(items: &[PaymentItem], terms: &Terms) -> Result<(), PaymentRequestFault> {
    let Some(schedule) = &terms.schedule else {
        return if items.len() == 1 { Ok(()) } else { Err(Differs("data")) };
    };
    let mut days: Vec<Date> = items.iter().map(|item| item.end_to_end_id.date()).collect();
    days.sort_unstable();
    let agreed = schedule.days();
    if days.len() != agreed.len() {
        return Err(Differs("data"));
    }
    if days != agreed {
        return Err(Differs("endToEndId"));
    }
    // Different days make different ids.
    let right = |item: &PaymentItem| end_to_end::judge_scheduled(&item.end_to_end_id).is_ok();
    if items.iter().all(right) { Ok(()) } else { Err(Invalid("endToEndId")) }
}

/// One item against what the customer agreed to.
fn judge_against(item: &PaymentItem, consented: Consented<'_>) -> Result<(), PaymentRequestFault> {
    let terms = consented.terms;
    let details = &terms.details;
    let other = [
        (item.local_instrument != details.local_instrument, "localInstrument"),
        (item.payment.currency != terms.currency, "payment.currency"),
        (item.payment.amount != terms.amount, "payment.amount"),
        (item.consent_id.as_ref().is_some_and(|id| id != consented.consent), "consentId"),
    ];
    first(other, Differs)?;
    let charge = details.payload_jws.as_ref().and_then(|jws| Charge::read(jws).ok());
    judge_conditional(item, charge.as_ref())?;
    let town = item.ibge_town_code.is_some() && item.ibge_town_code != terms.ibge_town_code;
    let other = [
        (item.creditor_account != details.creditor_account, "creditorAccount"),
        (item.proxy != details.proxy, "proxy"),
        (item.qr_code != details.qr_code, "qrCode"),
        (town, "ibgeTownCode"),
    ];
    first(other, Differs)?;
    match charge {
        Some(charge) if !charge.is_payable(consented.now) => Err(PaymentRequestFault::Charge),
        _ => Ok(()),
    }
}

/// What belongs to an instrument and what does not (P50): these members count as a rule, not as form (Z-PAY-53, Z-PAY-57).
fn judge_conditional(item: &PaymentItem, charge: Option<&Charge>) -> Result<(), PaymentRequestFault> {
    let instrument = item.local_instrument;
    let wrong = [
        (instrument.has_code() != item.qr_code.is_some(), "qrCode"),
        (instrument.has_proxy() != item.proxy.is_some(), "proxy"),
        (!has_its_txid(item, charge), "transactionIdentification"),
    ];
    first(wrong, Detail)
}

/// Whether the txid is the one that belongs there: none for MANU and DICT, up to 25 characters for INIC, that of a static code, 26 to 35
/// for a dynamic one, and that of its charge.
fn has_its_txid(item: &PaymentItem, charge: Option<&Charge>) -> bool {
    let txid = item.transaction_identification.as_ref().map(TransactionIdentification::as_str);
    match item.local_instrument {
        LocalInstrument::Manu | LocalInstrument::Dict => txid.is_none(),
        LocalInstrument::Inic => txid.is_some_and(|txid| txid.len() <= 25),
        LocalInstrument::Qres | LocalInstrument::Apes => {
            let code = item.qr_code.as_ref().map(|code| BrCode::read(code.expose()));
            let short = txid.is_none_or(|txid| txid.len() <= 25);
            short && matches!(code, Some(Ok(code)) if code.txid == txid)
        }
        LocalInstrument::Qrdn | LocalInstrument::Apdn => {
            let charged = charge.and_then(|charge| charge.txid.as_deref());
            txid.is_some_and(|txid| txid.len() >= 26 && charged.is_none_or(|charged| charged == txid))
        }
    }
}

/// The first member of which the fault is true.
fn first<const MANY: usize>(
    faults: [(bool, &'static str); MANY],
    fault: fn(&'static str) -> PaymentRequestFault,
) -> Result<(), PaymentRequestFault> {
    faults.into_iter().find(|(true_of, _)| *true_of).map_or(Ok(()), |(_, member)| Err(fault(member)))
}

#[cfg(test)]
mod tests;
