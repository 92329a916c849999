//! Payment status reports, made by the account holder's institution (M51).

use serde_json::Value;

use crate::check::{Discard, Fields, invalid, is_payment_id, is_plain};
use crate::intake::Intake;

const REQUIRED: &[&str] =
    &["eventDateTime", "consentId", "paymentId", "paymentStatus", "paymentType", "clientOrgId"];
const FIELDS: &[&str] = &[
    "eventDateTime",
    "consentId",
    "paymentId",
    "paymentStatus",
    "paymentType",
    "clientOrgId",
    "statusReasonCode",
];
/// 3.1.0 says SCHEDULE, 4.0.0 and the rules say SCHEDULED; the last two are of the rules alone.
const TYPES: &[&str] =
    &["IMMEDIATE", "RECURRENT", "SWEEPING", "AUTOMATIC", "SCHEDULED", "SCHEDULE", "WITHDRAW", "CHANGE"];
const CONSENT: usize = 100;

/// Judges one item; returns its payment id.
pub(crate) fn read(item: &Value, intake: &Intake<'_>) -> Result<String, Discard> {
    let fields = Fields::of(item, FIELDS)?;
    fields.required(REQUIRED)?;
    fields.moment("eventDateTime", intake.now)?;
    if !is_plain(fields.short("consentId", CONSENT)?, CONSENT) {
        return Err(invalid("consentId"));
    }
    let payment = fields.text("paymentId")?;
    if !is_payment_id(payment) {
        return Err(invalid("paymentId"));
    }
    fields.one_of("paymentStatus", &["ACSC", "RJCT", "CANC", "SCHD"])?;
    fields.one_of("paymentType", TYPES)?;
    intake.knows(fields.uuid("clientOrgId")?)?;
    fields.optional_text("statusReasonCode")?;
    Ok(payment.to_owned())
}
