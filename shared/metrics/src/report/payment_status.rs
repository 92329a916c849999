//! Payments that were settled, rejected, cancelled or scheduled, reported by the account's institution (M51).

use ponte_values::{ConsentId, Moment, OrganisationId};
use serde::{Deserialize, Serialize};

use super::fault::ReportFault;
use super::path::PAYMENT_STATUS;
use super::wire::row;
use ponte_ports::outbox::OutboxRow;

/// Longest consent id that is taken, in characters.
const CONSENT: usize = 100;
/// Longest payment id, in characters.
const PAYMENT: usize = 100;

/// The reported status, with the regulatory code of its reason where there must be one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PaymentStatus<'a> {
    /// ACSC.
    Settled,
    /// SCHD.
    Scheduled,
    /// RJCT, with a code of `rejectionReason`.
    Rejected(&'a str),
    /// CANC, with a code of `cancellation.reason`.
    Cancelled(&'a str),
}

/// The kind of a payment (v1.04 of the platform's table).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum PaymentType {
    Automatic,
    Immediate,
    Recurrent,
    Scheduled,
    Sweeping,
    Withdraw,
    Change,
}

/// A change of the status of a payment.
#[derive(Clone, Debug)]
pub struct PaymentEvent<'a> {
    /// When it happened.
    pub at: Moment,
    /// Consent of the payment, or recurring consent.
    pub consent: &'a ConsentId,
    /// The payment.
    pub payment: &'a str,
    /// Its new status.
    pub status: PaymentStatus<'a>,
    /// Its kind.
    pub kind: PaymentType,
    /// The initiator.
    pub client: OrganisationId,
}

/// The report of a payment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentReport {
    event_date_time: Moment,
    consent_id: String,
    payment_id: String,
    payment_status: &'static str,
    payment_type: PaymentType,
    client_org_id: OrganisationId,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_reason_code: Option<String>,
}

impl PaymentReport {
    /// The report of an event.
    pub fn of(event: PaymentEvent<'_>) -> Result<Self, ReportFault> {
        let consent = event.consent.as_str();
        if consent.len() > CONSENT || !is_payment_id(event.payment) {
            return Err(ReportFault::PaymentId);
        }
        let (status, reason) = match event.status {
            PaymentStatus::Settled => ("ACSC", None),
            PaymentStatus::Scheduled => ("SCHD", None),
            PaymentStatus::Rejected(reason) => ("RJCT", Some(reason)),
            PaymentStatus::Cancelled(reason) => ("CANC", Some(reason)),
        };
        if reason.is_some_and(|reason| !is_code(reason)) {
            return Err(ReportFault::StatusReason);
        }
        Ok(Self {
            event_date_time: event.at,
            consent_id: consent.to_owned(),
            payment_id: event.payment.to_owned(),
            payment_status: status,
            payment_type: event.kind,
            client_org_id: event.client,
            status_reason_code: reason.map(str::to_owned),
        })
    }

    /// The outbox row that carries the report. `id` should be that of the event, so that telling it again writes the
    /// same row.
    pub fn into_row(self, id: String) -> Result<OutboxRow, serde_json::Error> {
        let at = self.event_date_time;
        row(&self, PAYMENT_STATUS, id, at)
    }
}

/// A letter or digit, then letters, digits and hyphens.
fn is_payment_id(text: &str) -> bool {
    let inside = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    inside && (1..=PAYMENT).contains(&text.len()) && !text.starts_with('-')
}

/// A word of the rule book: `SALDO_INSUFICIENTE`.
fn is_code(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}
