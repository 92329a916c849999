//! A decided change of a payment, with everything that is written with it or not at all.

use ponte_ports::audit::{Actor, AuditEntry};
use ponte_ports::outbox::{Notice, NoticeKind};
use ponte_values::Moment;
use serde::Serialize;

use super::fault::PaymentFault;
use super::status::{PaymentStatus, State};
use super::stored::{Counted, Payment};
use crate::wire::ApiVersion;

/// A decided change, ready to be committed alone or with others.
#[derive(Clone, Debug)]
pub struct PaymentChange {
    /// The payment after the change; its `version` is one more than what the store must hold.
    pub payment: Payment,
    /// The audit row, where the change is more than a step of the worker.
    pub audit: Option<AuditEntry>,
    /// Whether others hear of it (W08).
    pub tells: bool,
    /// What it does not count among any more: it ended without money having moved.
    pub given_back: Option<Counted>,
}

/// Action, actor and moment of an audit row.
pub(super) struct AuditAction {
    pub(super) action: &'static str,
    pub(super) actor: Actor,
    pub(super) at: Moment,
}

impl Payment {
    /// Into another status, with its audit row and notice.
    pub(super) fn moved(self, state: State, action: AuditAction) -> PaymentChange {
        let before = self.state.status();
        let mut payment = Self { state, status_updated_at: action.at, version: self.version + 1, ..self };
        let audit = AuditEntry { before: Some(before.as_str()), ..payment.audit(action) };
        let tells = payment.status().is_notified();
        let without_money = matches!(payment.state, State::Rjct(_) | State::Canc(_));
        let given_back = if without_money { payment.counted.take() } else { None };
        PaymentChange { payment, audit: Some(audit), tells, given_back }
    }

    /// A step of the worker within the same status.
    pub(super) fn stepped(self) -> PaymentChange {
        let payment = Self { version: self.version + 1, ..self };
        PaymentChange { payment, audit: None, tells: false, given_back: None }
    }

    /// A change within the same status that somebody may want to read of later.
    pub(super) fn noted(self, action: AuditAction) -> PaymentChange {
        let payment = Self { version: self.version + 1, ..self };
        let before = Some(payment.status().as_str());
        let audit = AuditEntry { before, ..payment.audit(action) };
        PaymentChange { payment, audit: Some(audit), tells: false, given_back: None }
    }

    pub(super) fn audit(&self, action: AuditAction) -> AuditEntry {
        AuditEntry {
            at: action.at,
            actor: action.actor,
            subject: self.id.to_string(),
            action: action.action,
            before: None,
            after: self.status().as_str(),
            reason: self.rejection().map(|rejection| rejection.code.as_str().into()),
            interaction: None,
            operator: None,
        }
    }
}

impl PaymentChange {
    /// The notice of changes that are written together, about those that others hear of; `None` if they hear of none. `id` is unique.
    #[must_use]
    pub fn notice(changes: &[Self], id: String) -> Option<Notice> {
        let told: Vec<_> = changes.iter().filter(|change| change.tells).collect();
        let at = told.iter().map(|change| change.payment.status_updated_at).max()?;
        let payments = told.iter().map(|change| PaymentEvent::of(&change.payment)).collect();
        Some(Notice { id, at, kind: NoticeKind::Payment, body: PaymentEvents { payments }.json() })
    }

    /// One of a list that changes in one transaction: its report has no room there, and comes after it.
    #[must_use]
    pub fn reported_later(mut self) -> Self {
        self.payment.unreported = self.tells;
        self
    }
}

impl Payment {
    /// Its report is written with this.
    ///
    /// # Errors
    /// `State` if there is none to be written.
    pub fn reported(self) -> Result<PaymentChange, PaymentFault> {
        if self.unreported {
            Ok(Self { unreported: false, ..self }.stepped())
        } else {
            Err(PaymentFault::State)
        }
    }
}

/// The body of a notice about payments.
#[derive(Serialize)]
struct PaymentEvents<'a> {
    payments: Vec<PaymentEvent<'a>>,
}

impl PaymentEvents<'_> {
    fn json(&self) -> String {
        // Strings and numbers alone cannot fail to serialise.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A payment in a notice: ids, times and codes, nothing about a person.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PaymentEvent<'a> {
    payment_id: &'a str,
    consent_id: &'a str,
    client_id: &'a str,
    organisation_id: &'a str,
    api: ApiVersion,
    status: PaymentStatus,
    status_update_date_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    version: u64,
}

impl<'a> PaymentEvent<'a> {
    fn of(payment: &'a Payment) -> Self {
        Self {
            payment_id: payment.id.as_str(),
            consent_id: payment.consent.as_str(),
            client_id: payment.client.as_str(),
            organisation_id: payment.organisation.as_str(),
            api: payment.api,
            status: payment.status(),
            status_update_date_time: payment.status_updated_at.to_string(),
            reason: payment.rejection().map(|rejection| rejection.code.as_str()),
            version: payment.version,
        }
    }
}
