//! `additionalInfo`: its names and the values that each may hold (M30 to M39; PCM 3.1.0 and 4.0.0).
//!
//! One more name = a line in [`KEYS`].

use serde_json::{Map, Value};

use crate::check::{Discard, discard, invalid, is_payment_id, is_urn, mismatch};

/// Values that a name may hold.
enum Rule {
    /// Any text.
    Text,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// A consent id.
    Urn,
    /// A payment id.
    PaymentId,
    /// `tokenId`: 9 bytes in base64url (M36).
    TokenId,
    /// `errorCodes`: one code, or a list with one or none (M37).
    Codes,
    /// `statusSummary`: counts by status.
    Summary,
    /// `companyProfileInfo`.
    Company,
    /// `paymentList`: at most 60 payments.
    Payments,
}

const FLAG: Rule = Rule::OneOf(&["TRUE", "FALSE"]);
const SIDE: Rule = Rule::OneOf(&["INICIADORA", "DETENTORA"]);
const WHO: Rule = Rule::OneOf(&["INICIADORA", "USUARIO", "DETENTORA"]);
const FLOW: Rule = Rule::OneOf(&["HYBRID_FLOW", "CIBA_FLOW", "FIDO_FLOW"]);

/// Names in the report of a client.
const KEYS: &[(&str, Rule)] = &[
    ("consentId", Rule::Urn),
    ("enrollmentId", Rule::Urn),
    ("recurringConsentId", Rule::Urn),
    ("journeyLinkId", Rule::Urn),
    ("journeyIsLinked", FLAG),
    ("tokenId", Rule::TokenId),
    ("grantType", Rule::OneOf(&["AUTHORIZATION_CODE", "REFRESH_TOKEN", "CLIENT_CREDENTIALS"])),
    ("personType", Rule::OneOf(&["PF", "PJ", "PESSOA_NATURAL", "PESSOA_JURÍDICA"])),
    ("companyProfileInfo", Rule::Company),
    ("status", Rule::Text),
    ("statusSummary", Rule::Summary),
    ("errorCodes", Rule::Codes),
    ("clientIp", Rule::Text),
    ("webhookEnable", FLAG),
    ("webhookInteractionId", Rule::Text),
    ("localInstrument", Rule::OneOf(&["MANU", "DICT", "INIC", "AUTO", "QRDN", "QRES"])),
    ("authorisationFlow", FLOW),
    ("authorisationFlowIntent", FLOW),
    (
        "paymentType",
        Rule::OneOf(&["IMMEDIATE", "SCHEDULED", "RECURRENT", "SWEEPING", "AUTOMATIC", "WITHDRAW", "CHANGE"]),
    ),
    ("paymentDate", Rule::Text),
    ("paymentSchedule", Rule::Text),
    ("paymentList", Rule::Payments),
    ("paymentReference", Rule::Text),
    ("nfcPayment", FLAG),
    ("rejectReason", Rule::Text),
    ("rejectionReasonCode", Rule::Text),
    ("rejectionReasonDetail", Rule::Text),
    ("rejectedBy", WHO),
    ("rejectedFrom", SIDE),
    ("cancelledFrom", SIDE),
    ("cancellationReason", Rule::Text),
    ("revocationReasonCode", Rule::Text),
    ("revocationReasonDetail", Rule::Text),
    ("revokedBy", WHO),
    ("revokedFrom", SIDE),
    ("authenticatorAttachment", Rule::Text),
    ("platform", Rule::OneOf(&["ANDROID", "BROWSER", "CROSS_PLATFORM", "IOS"])),
    ("rp", Rule::Text),
    ("amountType", Rule::OneOf(&["FIXO", "VARIAVEL"])),
    ("interval", Rule::OneOf(&["SEMANAL", "MENSAL", "TRIMESTRAL", "SEMESTRAL", "ANUAL"])),
    ("isFirstPayment", FLAG),
    ("hasMinimumAmount", FLAG),
    ("isRetryAccepted", FLAG),
    ("referenceStartDate", Rule::Text),
    ("recurringPaymentDate", Rule::Text),
    ("recurringPaymentId", Rule::PaymentId),
    ("originalRecurringPaymentId", Rule::PaymentId),
];

/// Names in the report of a server (M12, M38).
const DROP_REASONS: &[&str] =
    &["NONE", "NO_CREDENTIAL", "CREDENTIAL_UNAVAILABLE", "NO_AUTHORITY", "NO_AUTHORITY_PERSON_MISMATCH"];

/// Judges what a client says.
pub(crate) fn of_client(info: &Map<String, Value>) -> Result<(), Discard> {
    for (name, value) in info {
        let known = KEYS.iter().find(|(key, _)| key == name);
        let (_, rule) = known.ok_or_else(|| unknown(name))?;
        rule.check(&full(name), value)?;
    }
    Ok(())
}

/// Judges what a server says.
pub(crate) fn of_server(info: &Map<String, Value>) -> Result<(), Discard> {
    info.iter().try_for_each(|(name, value)| match name.as_str() {
        "dropReason" => Rule::OneOf(DROP_REASONS).check(&full(name), value),
        _ => Err(unknown(name)),
    })
}

/// Judges what is said about a call of open data (M52).
pub(crate) fn of_open_data(info: &Map<String, Value>) -> Result<(), Discard> {
    info.iter().try_for_each(|(name, value)| match name.as_str() {
        "clientIp" => Rule::Text.check(&full(name), value),
        _ => Err(unknown(name)),
    })
}

fn full(name: &str) -> String {
    format!("additionalInfo.{name}")
}

fn unknown(name: &str) -> Discard {
    discard("Additional property not allowed", &full(name))
}

impl Rule {
    fn check(&self, name: &str, value: &Value) -> Result<(), Discard> {
        match self {
            Self::Summary => summary(name, value),
            Self::Company => company(name, value),
            Self::Payments => payments(name, value),
            Self::Codes => codes(name, value),
            Self::Text | Self::OneOf(_) | Self::Urn | Self::PaymentId | Self::TokenId => {
                let text = text(name, value)?;
                if self.admits(text) { Ok(()) } else { Err(invalid(name)) }
            }
        }
    }

    fn admits(&self, text: &str) -> bool {
        match self {
            Self::OneOf(allowed) => allowed.contains(&text),
            Self::Urn => is_urn(text),
            Self::PaymentId => is_payment_id(text),
            Self::TokenId => text.len() == 12 && text.chars().all(base64url),
            _ => true,
        }
    }
}

fn base64url(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'
}

/// A value is a string, whatever it means (M39).
fn text<'v>(name: &str, value: &'v Value) -> Result<&'v str, Discard> {
    value.as_str().ok_or_else(|| mismatch(name, "a string"))
}

fn codes(name: &str, value: &Value) -> Result<(), Discard> {
    match value {
        Value::Array(codes) if codes.len() > 1 => Err(invalid(name)),
        Value::Array(codes) => codes.iter().try_for_each(|code| text(name, code).map(drop)),
        code => text(name, code).map(drop),
    }
}

/// Four counts: 3.1.0 wants numbers, 4.0.0 strings, and the rules of 2026 spell two of the names with underscores.
fn summary(name: &str, value: &Value) -> Result<(), Discard> {
    let counts = value.as_object().ok_or_else(|| mismatch(name, "an object"))?;
    let names = [
        ["available", "available"],
        ["unavailable", "unavailable"],
        ["temporarilyUnavailable", "temporary_unavailable"],
        ["pendingAuthorisation", "pending_authorisation"],
    ];
    for spellings in names {
        let count = spellings.iter().find_map(|spelling| counts.get(*spelling));
        let count =
            count.ok_or_else(|| discard("Missing property", &format!("'{name}.{}'", spellings[0])))?;
        let whole = count.is_u64() || count.as_str().is_some_and(|text| text.parse::<u64>().is_ok());
        if !whole {
            return Err(invalid(&format!("{name}.{}", spellings[0])));
        }
    }
    match counts.keys().find(|key| !names.iter().flatten().any(|known| known == key)) {
        Some(extra) => Err(discard("Additional property not allowed", &format!("{name}.{extra}"))),
        None => Ok(()),
    }
}

/// Legal form (four digits) and size (two digits) of a company; the file of the API spells the first with an accent.
fn company(name: &str, value: &Value) -> Result<(), Discard> {
    let profile = value.as_object().ok_or_else(|| mismatch(name, "an object"))?;
    for (field, value) in profile {
        let digits = match field.as_str() {
            "naturezaJuridica" | "naturezaJurídica" => 4,
            "porteEmpresa" => 2,
            other => {
                return Err(discard("Additional property not allowed", &format!("{name}.{other}")));
            }
        };
        let path = format!("{name}.{field}");
        let text = text(&path, value)?;
        if text.len() != digits || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(invalid(&path));
        }
    }
    Ok(())
}

fn payments(name: &str, value: &Value) -> Result<(), Discard> {
    const FIELDS: &[&str] = &[
        "paymentId",
        "consentId",
        "statusUpdateDateTime",
        "status",
        "rejectionReasonCode",
        "rejectionReasonDetail",
    ];
    let payments = value.as_array().ok_or_else(|| mismatch(name, "an array"))?;
    if payments.len() > 60 {
        return Err(invalid(name));
    }
    for payment in payments {
        let payment = payment.as_object().ok_or_else(|| mismatch(name, "an array of objects"))?;
        for (field, value) in payment {
            let path = format!("{name}.{field}");
            if !FIELDS.contains(&field.as_str()) {
                return Err(discard("Additional property not allowed", &path));
            }
            text(&path, value)?;
        }
    }
    Ok(())
}
