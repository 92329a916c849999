//! A decided change of a consent, with everything that is written with it or not at all.

use ponte_values::{ConsentId, Moment};
use serde::Serialize;

use super::data_consent::Consent;
use super::effective_status::ConsentStatus;
use super::extension::Extension;
use super::rejection::{Note, Rejection};
use super::state::{Authorisation, RejectedState, State};
use crate::ports::ConsentCommit;
use ponte_ports::Trail;
use ponte_ports::audit::{Actor, AuditEntry, OperatorOrder};
use ponte_ports::outbox::{Notice, NoticeKind};

/// A decided change, ready to be committed.
#[derive(Clone, Debug)]
pub struct ConsentChange {
    /// The consent after the change; its `version` is one more than what the store must hold.
    pub consent: Consent,
    /// The audit row.
    pub audit: AuditEntry,
    /// The renewal, if the change is one (C34).
    pub extension: Option<Extension>,
    /// Notices to send.
    pub notices: Vec<NoticeKind>,
}

/// Action, actor and moment of an audit row.
pub(super) struct AuditAction {
    pub(super) action: &'static str,
    pub(super) actor: Actor,
    pub(super) at: Moment,
}

impl Consent {
    /// To AUTHORISED.
    pub(super) fn authorised(self, authorisation: Authorisation, action: AuditAction) -> ConsentChange {
        let before = self.state.status();
        let at = authorisation.at;
        let state = State::Authorised(authorisation);
        // From now on it is somebody's, and stays after its end.
        let consent = Self { state, status_updated_at: at, discard_at: None, ..self };
        consent.changed(before, action, NoticeKind::Status)
    }

    /// To REJECTED, keeping the authorisation.
    pub(super) fn rejected(self, rejection: Rejection, action: AuditAction) -> ConsentChange {
        let before = self.state.status();
        let authorisation = match self.state {
            State::Authorised(authorisation) => Some(authorisation),
            State::AwaitingAuthorisation => None,
            State::Rejected(ended) => ended.authorisation,
        };
        let state = State::Rejected(RejectedState { rejection, authorisation });
        let consent = Self { state, status_updated_at: rejection.at, ..self };
        consent.changed(before, action, NoticeKind::Status)
    }

    /// A change within the same state.
    pub(super) fn change_within(self, action: AuditAction, notice: NoticeKind) -> ConsentChange {
        let before = self.state.status();
        self.changed(before, action, notice)
    }

    fn changed(self, before: ConsentStatus, action: AuditAction, notice: NoticeKind) -> ConsentChange {
        let consent = Self { version: self.version + 1, ..self };
        let audit = AuditEntry { before: Some(before.as_str()), ..consent.audit(action) };
        ConsentChange { consent, audit, extension: None, notices: vec![notice] }
    }

    pub(super) fn audit(&self, action: AuditAction) -> AuditEntry {
        let reason = match &self.state {
            State::Rejected(ended) => Some(ended.rejection.reason.as_str()),
            State::AwaitingAuthorisation | State::Authorised(_) => None,
        };
        AuditEntry {
            at: action.at,
            actor: action.actor,
            subject: self.id.to_string(),
            action: action.action,
            before: None,
            after: self.state.status().as_str(),
            reason: reason.map(Into::into),
            interaction: None,
            operator: None,
        }
    }
}

impl ConsentChange {
    /// Adds the note of the end; a change that ends nothing takes none (C06).
    #[must_use]
    pub fn with_note(mut self, note: Option<Note>) -> Self {
        if matches!(self.consent.state, State::Rejected(_)) {
            self.consent.note = note;
        }
        self
    }

    /// Names the primary that the customer decided on with this consent; only in an optimised journey (C40).
    #[must_use]
    pub fn with_link(mut self, primary: ConsentId) -> Self {
        self.consent.link_id = self.consent.linked.then_some(primary);
        self
    }

    /// Everything this change writes, in one commit; `id` is a fresh UUID, `interaction` the id of the call.
    #[must_use]
    pub fn commit(self, id: String, interaction: Option<String>) -> ConsentCommit {
        let at = self.audit.at;
        let body = ConsentEvent::of(&self.consent).json();
        let notice = |(number, kind): (usize, &NoticeKind)| Notice {
            id: format!("{id}-{number}"),
            at,
            kind: *kind,
            body: body.clone(),
        };
        let notices: Vec<_> = self.notices.iter().enumerate().map(notice).collect();
        let audit = [AuditEntry { interaction, ..self.audit }];
        let trail = Trail::new(id).audited(audit).telling(notices);
        ConsentCommit { consent: self.consent, extension: self.extension, trail }
    }
}

impl Consent {
    /// The trail of a change of products that the consent shares without naming them: an audit row, and a notice that its resources
    /// changed. The consent itself stays as it is. `id` is a fresh UUID, `interaction` the id of the call.
    #[must_use]
    pub fn discovered_change(
        &self,
        action: &'static str,
        actor: Actor,
        at: Moment,
        id: String,
        interaction: Option<String>,
    ) -> Trail {
        let status = self.state.status();
        let audit = self.audit(AuditAction { action, actor, at });
        let audit = AuditEntry { before: Some(status.as_str()), interaction, ..audit };
        let body = ConsentEvent::of(self).json();
        let notice = Notice { id: format!("{id}-0"), at, kind: NoticeKind::Resources, body };
        Trail::new(id).audited([audit]).telling([notice])
    }

    /// The notice of its last change of status once more, by the order of an operator: the consent as it is stored, and an
    /// audit row. `None` for one that was only created, of which nobody was told. `id` is a fresh UUID.
    #[must_use]
    pub fn notice_again(&self, order: &OperatorOrder, id: String, at: Moment) -> Option<Trail> {
        let status = self.state.status();
        if status == ConsentStatus::AwaitingAuthorisation {
            return None;
        }
        let action = AuditAction { action: "consent.notice_resent", actor: Actor::Operator, at };
        let audit = AuditEntry { before: Some(status.as_str()), ..self.audit(action) };
        let body = ConsentEvent::of(self).json();
        let notice = Notice { id: format!("{id}-0"), at, kind: NoticeKind::Status, body };
        Some(Trail::new(id).audited([order.signed(audit)]).telling([notice]).repeated(at))
    }
}

/// The body of a notice about a consent: ids, times and codes, nothing about a person.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConsentEvent<'a> {
    consent_id: &'a str,
    client_id: &'a str,
    organisation_id: &'a str,
    status: ConsentStatus,
    status_update_date_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_date_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected_by: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    version: u64,
}

impl<'a> ConsentEvent<'a> {
    fn of(consent: &'a Consent) -> Self {
        let rejection = match &consent.state {
            State::Rejected(ended) => Some(&ended.rejection),
            State::AwaitingAuthorisation | State::Authorised(_) => None,
        };
        Self {
            consent_id: consent.id.as_str(),
            client_id: consent.client.as_str(),
            organisation_id: consent.organisation.as_str(),
            status: consent.state.status(),
            status_update_date_time: consent.status_updated_at.to_string(),
            expiration_date_time: consent.expires_at.map(|end| end.to_string()),
            rejected_by: rejection.map(|rejection| rejection.by.as_str()),
            reason: rejection.map(|rejection| rejection.reason.as_str()),
            version: consent.version,
        }
    }

    fn json(&self) -> String {
        // Strings and numbers alone cannot fail to serialise.
        serde_json::to_string(self).unwrap_or_default()
    }
}
