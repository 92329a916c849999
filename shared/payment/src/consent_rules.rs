//! Judges the request for a payment consent (P30). Nobody looks up the customer or the key (P09).
//!
//! The order is ours, since both files leave it open; the first fault is told:
//!
//! 1. what the version does not know or writes otherwise: PARAMETRO_INVALIDO;
//! 2. what must be there whatever else is: PARAMETRO_NAO_INFORMADO;
//! 3. the numbers of the schedule: PARAMETRO_INVALIDO;
//! 4. what the instrument forbids: DETALHE_PAGAMENTO_INVALIDO, then what it wants: PARAMETRO_NAO_INFORMADO;
//! 5. instruments that the institution does not serve: FORMA_PAGAMENTO_INVALIDA;
//! 6. the purpose against date and schedule: PROPOSITO_INVALIDO;
//! 7. days: DATA_PAGAMENTO_INVALIDA;
//! 8. the amount, and instruments that do not recur: DETALHE_PAGAMENTO_INVALIDO.

use ponte_values::Moment;

use crate::br_code::BrCode;
use crate::charge::{Charge, ChargeKind};
use crate::institution_rules::PaymentRules;
use crate::schedule::ScheduleFault;
use crate::wire::{
    Account, AccountType, ApiVersion, Details, LocalInstrument, PaymentConsentRequest, PersonType, Purpose,
    Schedule, ScheduledDays, Terms, Text,
};

/// The reason why a request for a consent is refused, with the member that is at fault by its path in `data`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConsentRequestFault {
    /// PARAMETRO_NAO_INFORMADO.
    Missing(&'static str),
    /// PARAMETRO_INVALIDO.
    Invalid(&'static str),
    /// PARAMETRO_INVALIDO: more payments than a schedule may have, or fewer (P52).
    Quantity,
    /// FORMA_PAGAMENTO_INVALIDA: the institution does not serve it.
    Instrument(LocalInstrument),
    /// PROPOSITO_INVALIDO (P57).
    Purpose,
    /// DATA_PAGAMENTO_INVALIDA (P52).
    Day,
    /// DETALHE_PAGAMENTO_INVALIDO.
    Detail(&'static str),
}

use ConsentRequestFault::{Detail, Invalid, Missing};

/// Judges a request at `now`.
///
/// # Errors
/// The first fault in the order above.
pub fn judge(
    api: ApiVersion,
    request: &PaymentConsentRequest,
    rules: &PaymentRules,
    now: Moment,
) -> Result<(), ConsentRequestFault> {
    let terms = &request.payment;
    judge_version(api, request)?;
    judge_texts(api, request)?;
    judge_presence(api, request)?;
    if let Some(schedule) = &terms.schedule {
        schedule.judge_form()?;
    }
    judge_instrument(api, terms)?;
    let instrument = terms.details.local_instrument;
    if !rules.allows(instrument) {
        return Err(ConsentRequestFault::Instrument(instrument));
    }
    judge_purpose(terms, now)?;
    judge_days(api, terms, now)?;
    if terms.amount.cents() == 0 {
        return Err(Detail("data.payment.amount"));
    }
    let recurs = terms.schedule.as_ref().is_some_and(|schedule| !schedule.is_single());
    let may_recur =
        matches!(instrument, LocalInstrument::Manu | LocalInstrument::Dict | LocalInstrument::Qres);
    if recurs && !may_recur {
        return Err(Detail("data.payment.details.localInstrument"));
    }
    Ok(())
}

/// Members and values that a version does not know (Z-PV4-01, Z-PV4-04).
fn judge_version(api: ApiVersion, request: &PaymentConsentRequest) -> Result<(), ConsentRequestFault> {
    let Details { local_instrument, payload_jws, creditor_account, .. } = &request.payment.details;
    if api > ApiVersion::V4 {
        return Ok(());
    }
    let company = request.business_entity.as_ref().map(|company| company.document.identification.expose());
    let faults = [
        (!company.is_none_or(digits), "data.businessEntity.document.identification"),
        (!digits(request.creditor.cpf_cnpj.expose()), "data.creditor.cpfCnpj"),
        (!creditor_account.ispb.is_numeric(), "data.payment.details.creditorAccount.ispb"),
        (
            request.debtor_account.as_ref().is_some_and(|account| !account.ispb.is_numeric()),
            "data.debtorAccount.ispb",
        ),
        (
            matches!(local_instrument, LocalInstrument::Apdn | LocalInstrument::Apes),
            "data.payment.details.localInstrument",
        ),
        (request.payment.purpose.is_some(), "data.payment.purpose"),
        (payload_jws.is_some(), "data.payment.details.payloadJWS"),
    ];
    first(faults, Invalid)
}

/// Texts that the types leave open.
fn judge_texts(api: ApiVersion, request: &PaymentConsentRequest) -> Result<(), ConsentRequestFault> {
    let terms = &request.payment;
    let name = request.creditor.name.expose();
    let named = match api {
        ApiVersion::V4 => name.chars().all(in_name_of_v4),
        ApiVersion::V5 => {
            name.chars().all(|letter| matches!(letter, '\u{20}'..='\u{7E}' | '\u{A1}'..='\u{FF}'))
        }
    };
    let person = request.creditor.person_type == PersonType::PessoaNatural;
    let town = terms.ibge_town_code.as_ref().map(Text::expose);
    let jws = terms.details.payload_jws.as_ref().map(Text::expose);
    let faults = [
        (!named, "data.creditor.name"),
        (person != request.creditor.cpf_cnpj.is_cpf(), "data.creditor.cpfCnpj"),
        (!terms.currency.is_brl(), "data.payment.currency"),
        (!town.is_none_or(is_town), "data.payment.ibgeTownCode"),
        (!jws.is_none_or(is_jws), "data.payment.details.payloadJWS"),
    ];
    first(faults, Invalid)
}

/// What must be there, whatever the instrument.
fn judge_presence(api: ApiVersion, request: &PaymentConsentRequest) -> Result<(), ConsentRequestFault> {
    let terms = &request.payment;
    let debtor = request.debtor_account.as_ref();
    let untold = terms.schedule.as_ref().and_then(|schedule| untold(api, schedule));
    let faults = [
        (lacks_issuer(&terms.details.creditor_account), "data.payment.details.creditorAccount.issuer"),
        (debtor.is_some_and(lacks_issuer), "data.debtorAccount.issuer"),
        (api > ApiVersion::V4 && terms.purpose.is_none(), "data.payment.purpose"),
        (terms.date.is_none() && terms.schedule.is_none(), "data.payment.date"),
        (untold.is_some(), untold.unwrap_or_default()),
    ];
    first(faults, Missing)
}

/// The words about a schedule, where its version has them (Z-PAY-24, Z-PV4-06).
fn untold(api: ApiVersion, schedule: &Schedule) -> Option<&'static str> {
    match (api, &schedule.days) {
        (ApiVersion::V5, _) if schedule.additional_information.is_none() => {
            Some("data.payment.schedule.additionalInformation")
        }
        (ApiVersion::V4, ScheduledDays::Custom(custom)) if custom.additional_information.is_none() => {
            Some("data.payment.schedule.custom.additionalInformation")
        }
        _ => None,
    }
}

/// Key, code and charge by instrument (P50, Z-PAY-26 to 28, Z-PAY-58).
fn judge_instrument(api: ApiVersion, terms: &Terms) -> Result<(), ConsentRequestFault> {
    let Details { local_instrument: instrument, qr_code, proxy, payload_jws, .. } = &terms.details;
    let unwanted = [
        (!instrument.has_proxy() && proxy.is_some(), "data.payment.details.proxy"),
        (!instrument.has_code() && qr_code.is_some(), "data.payment.details.qrCode"),
    ];
    first(unwanted, Detail)?;
    let charged = api > ApiVersion::V4 && instrument.is_dynamic();
    let missing = [
        (instrument.has_code() && qr_code.is_none(), "data.payment.details.qrCode"),
        (instrument.has_proxy() && proxy.is_none(), "data.payment.details.proxy"),
        (charged && payload_jws.is_none(), "data.payment.details.payloadJWS"),
        (is_due(&terms.details) && terms.ibge_town_code.is_none(), "data.payment.ibgeTownCode"),
    ];
    first(missing, Missing)
}

/// Whether the code is of a charge with a due date (COBV), as far as code or charge say so.
fn is_due(details: &Details) -> bool {
    let charge = details.payload_jws.as_ref().and_then(|jws| Charge::read(jws).ok());
    let code = details.qr_code.as_ref().and_then(|code| BrCode::read(code.expose()).ok());
    let by_code = code.is_some_and(|code| code.is_due_charge());
    charge.map_or(by_code, |charge| charge.kind == ChargeKind::Due)
}

/// P57, Z-PAY-25. A date that is not reached yet anywhere is no immediate payment; one that is today in UTC and tomorrow in Brasília is one
/// with a wrong date (PB-C02).
fn judge_purpose(terms: &Terms, now: Moment) -> Result<(), ConsentRequestFault> {
    let Some(purpose) = terms.purpose else { return Ok(()) };
    let agrees = match (&terms.schedule, terms.date) {
        // Both together have no purpose that agrees: their days are at fault.
        (Some(_), Some(_)) => true,
        (Some(schedule), None) if schedule.is_single() => purpose == Purpose::SingleScheduled,
        (Some(_), None) => purpose == Purpose::RecurrentScheduled,
        (None, date) => {
            let scheduled = matches!(purpose, Purpose::SingleScheduled | Purpose::RecurrentScheduled);
            let later = date.is_some_and(|date| date > now.date_brasilia().max(now.date_utc()));
            !scheduled && !later
        }
    };
    if agrees { Ok(()) } else { Err(ConsentRequestFault::Purpose) }
}

/// Today in Brasília for an immediate payment, days to come for scheduled ones, never both (P52, C56).
fn judge_days(api: ApiVersion, terms: &Terms, now: Moment) -> Result<(), ConsentRequestFault> {
    let today = now.date_brasilia();
    match (&terms.schedule, terms.date) {
        (Some(schedule), None) => Ok(schedule.judge_days(api, today)?),
        (None, Some(date)) if date == today => Ok(()),
        _ => Err(ConsentRequestFault::Day),
    }
}

impl From<ScheduleFault> for ConsentRequestFault {
    fn from(fault: ScheduleFault) -> Self {
        match fault {
            ScheduleFault::Quantity => Self::Quantity,
            ScheduleFault::DayOfMonth => Self::Invalid("data.payment.schedule.monthly.dayOfMonth"),
            ScheduleFault::Repeated => Self::Invalid("data.payment.schedule.custom.dates"),
            ScheduleFault::TooEarly | ScheduleFault::TooLate => Self::Day,
        }
    }
}

/// The first member of which the fault is true.
fn first<const MANY: usize>(
    faults: [(bool, &'static str); MANY],
    fault: fn(&'static str) -> ConsentRequestFault,
) -> Result<(), ConsentRequestFault> {
    faults.into_iter().find(|(true_of, _)| *true_of).map_or(Ok(()), |(_, member)| Err(fault(member)))
}

/// Current and savings accounts have a branch (P54).
#[must_use]
pub fn lacks_issuer(account: &Account) -> bool {
    account.issuer.is_none() && matches!(account.account_type, AccountType::Cacc | AccountType::Svgs)
}

/// The code of a town: seven digits.
#[must_use]
pub fn is_town(text: &str) -> bool {
    text.len() == 7 && digits(text)
}

fn digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Three parts of base64url.
fn is_jws(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    text.split('.').count() == 3 && text.split('.').all(part)
}

/// Letters of a creditor's name in v4.
fn in_name_of_v4(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || matches!(letter, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ')
        || ",.@:&*+_<>()!?/\\$% '-".contains(letter)
}

#[cfg(test)]
mod tests;
