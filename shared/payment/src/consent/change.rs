//! A decided change of a payment consent, with everything that is written with it or not at all.

use ponte_ports::Trail;
use ponte_ports::audit::{Actor, AuditEntry};
use ponte_ports::outbox::{Notice, NoticeKind};
use ponte_values::Moment;
use serde::Serialize;

use super::effective_status::PaymentConsentStatus;
use super::payment_consent::PaymentConsent;
use super::state::State;
use crate::ports::PaymentConsentCommit;
use crate::wire::ApiVersion;

/// A decided change, ready to be committed.
#[derive(Clone, Debug)]
pub struct PaymentConsentChange {
    /// The consent after the change; its `version` is one more than what the store must hold.
    pub consent: PaymentConsent,
    /// The audit row.
    pub audit: AuditEntry,
    /// The notice to send; others hear of REJECTED and CONSUMED, and of AUTHORISED after approvals (W08).
    pub notice: Option<NoticeKind>,
}

/// Action, actor and moment of an audit row.
pub(super) struct AuditAction {
    pub(super) action: &'static str,
    pub(super) actor: Actor,
    pub(super) at: Moment,
}

impl PaymentConsent {
    /// Into another state.
    pub(super) fn moved(
        self,
        state: State,
        expires_at: Moment,
        action: AuditAction,
        tells: bool,
    ) -> PaymentConsentChange {
        let mut change = Self { status_updated_at: action.at, ..self }.within_from(state, expires_at, action);
        change.notice = tells.then_some(NoticeKind::PaymentConsent);
        change
    }

    /// Within the same state.
    pub(super) fn within(
        self,
        state: State,
        expires_at: Moment,
        action: AuditAction,
    ) -> PaymentConsentChange {
        self.within_from(state, expires_at, action)
    }

    fn within_from(self, state: State, expires_at: Moment, action: AuditAction) -> PaymentConsentChange {
        let before = self.state.status();
        let consent = Self { state, expires_at, version: self.version + 1, ..self };
        let audit = AuditEntry { before: Some(before.as_str()), ..consent.audit(action) };
        PaymentConsentChange { consent, audit, notice: None }
    }

    pub(super) fn audit(&self, action: AuditAction) -> AuditEntry {
        AuditEntry {
            at: action.at,
            actor: action.actor,
            subject: self.id.to_string(),
            action: action.action,
            before: None,
            after: self.state.status().as_str(),
            reason: self.rejection().map(|rejection| rejection.code.as_str().into()),
            interaction: None,
            operator: None,
        }
    }
}

impl PaymentConsentChange {
    /// Everything this change writes, in one commit; `id` is a fresh UUID, `interaction` the id of the call.
    #[must_use]
    pub fn commit(self, id: String, interaction: Option<String>) -> PaymentConsentCommit {
        let at = self.audit.at;
        let body = || PaymentConsentEvent::of(&self.consent).json();
        let notice = self.notice.map(|kind| Notice { id: format!("{id}-0"), at, kind, body: body() });
        let trail =
            Trail::new(id).audited([AuditEntry { interaction, ..self.audit.clone() }]).telling(notice);
        PaymentConsentCommit { consent: self.consent, trail }
    }
}

/// The body of a notice about a payment consent: ids, times and codes, nothing about a person.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PaymentConsentEvent<'a> {
    consent_id: &'a str,
    client_id: &'a str,
    organisation_id: &'a str,
    api: ApiVersion,
    status: PaymentConsentStatus,
    status_update_date_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    version: u64,
}

impl<'a> PaymentConsentEvent<'a> {
    fn of(consent: &'a PaymentConsent) -> Self {
        Self {
            consent_id: consent.id.as_str(),
            client_id: consent.client.as_str(),
            organisation_id: consent.organisation.as_str(),
            api: consent.api,
            status: consent.state.status(),
            status_update_date_time: consent.status_updated_at.to_string(),
            reason: consent.rejection().map(|rejection| rejection.code.as_str()),
            version: consent.version,
        }
    }

    fn json(&self) -> String {
        // Strings and numbers alone cannot fail to serialise.
        serde_json::to_string(self).unwrap_or_default()
    }
}
