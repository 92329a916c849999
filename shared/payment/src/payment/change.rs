//! A decided change of a payment, with everything that is written with it or not at all.

use ponte_ports::audit::{Actor, AuditEntry};
use ponte_ports::outbox::{Notice, NoticeKind};
use ponte_values::Moment;
use serde::Serialize;

use super::status::{PaymentStatus, State};
use super::stored::Payment;
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
        let payment = Self { state, status_updated_at: action.at, version: self.version + 1, ..self };
        let audit = AuditEntry { before: Some(before.as_str()), ..payment.audit(action) };
        let tells = payment.status().is_notified();
        PaymentChange { payment, audit: Some(audit), tells }
    }

    /// A step of the worker within the same status.
    pub(super) fn stepped(self) -> PaymentChange {
        PaymentChange { payment: Self { version: self.version + 1, ..self }, audit: None, tells: false }
    }

    /// A change within the same status that somebody may want to read of later.
    pub(super) fn noted(self, action: AuditAction) -> PaymentChange {
        let payment = Self { version: self.version + 1, ..self };
        let before = Some(payment.status().as_str());
        let audit = AuditEntry { before, ..payment.audit(action) };
        PaymentChange { payment, audit: Some(audit), tells: false }
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
    /// The notice of the change, if others hear of it; `id` is unique.
    #[must_use]
    pub fn notice(&self, id: String) -> Option<Notice> {
        let at = self.payment.status_updated_at;
        let event = PaymentEvent::of(&self.payment);
        self.tells.then(|| Notice { id, at, kind: NoticeKind::Payment, body: event.json() })
    }
}

/// The body of a notice about a payment: ids, times and codes, nothing about a person.
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

    fn json(&self) -> String {
        // Strings and numbers alone cannot fail to serialise.
        serde_json::to_string(self).unwrap_or_default()
    }
}
