//! Authorisation, approvals, refusal and use of a payment consent (P06 to P08).

use std::time::Duration;

use ponte_authorization::approval::{ApprovalOutcome, Approvals, Approver, ApproverAnswer};
use ponte_ports::audit::Actor;
use ponte_values::{Cpf, Moment, PaymentId};

use super::change::{AuditAction, PaymentConsentChange};
use super::effective_status::EffectiveStatus;
use super::fault::PaymentConsentFault;
use super::payment_consent::PaymentConsent;
use super::rejection::{ConsentRejection, ConsentRejectionCode};
use super::state::{Authorisation, ConsumedState, PartlyAccepted, RejectedState, State};

/// How long an authorised consent may wait for its use (P07).
const CONSUMPTION_LIMIT: Duration = Duration::from_hours(1);

impl PaymentConsent {
    /// The customer agreed. Where others must agree too, `approvers` names them, and the consent waits until the end of the day, of
    /// scheduled payments until the day before `first_day` is over (P06).
    ///
    /// # Errors
    /// `NotAwaiting`.
    pub fn authorise(
        self,
        authorisation: Authorisation,
        approvers: Vec<Approver>,
        first_day: Option<ponte_values::Date>,
        actor: Actor,
    ) -> Result<PaymentConsentChange, PaymentConsentFault> {
        let now = authorisation.at;
        if !matches!(self.at(now), EffectiveStatus::Awaiting) {
            return Err(PaymentConsentFault::NotAwaiting);
        }
        let deadline = approval_deadline(now, first_day);
        let (state, expires_at, action) = match Approvals::besides(self.person(), approvers, deadline) {
            Some(approvals) => (
                State::PartiallyAccepted(PartlyAccepted { authorisation, approvals }),
                deadline,
                "payment_consent.partially_accepted",
            ),
            None => {
                (State::Authorised(authorisation), now.plus(CONSUMPTION_LIMIT), "payment_consent.authorised")
            }
        };
        Ok(self.moved(state, expires_at, AuditAction { action, actor, at: now }, false))
    }

    /// An approver answers. The last yes authorises (P06); one no rejects.
    ///
    /// # Errors
    /// `NothingPending` unless it is PARTIALLY_ACCEPTED, and those of the answer.
    pub fn answer(
        self,
        who: &Cpf,
        approved: bool,
        actor: Actor,
        now: Moment,
    ) -> Result<PaymentConsentChange, PaymentConsentFault> {
        let mut partly = self.pending(now)?;
        let outcome = partly.approvals.take(who, ApproverAnswer { approved, at: now })?;
        Ok(self.approved(partly, outcome, actor, now))
    }

    /// The institution says how the approvals ended.
    ///
    /// # Errors
    /// `NothingPending` unless it is PARTIALLY_ACCEPTED.
    pub fn settle_approvals(
        self,
        approved: bool,
        actor: Actor,
        now: Moment,
    ) -> Result<PaymentConsentChange, PaymentConsentFault> {
        let partly = self.pending(now)?;
        let outcome = if approved { ApprovalOutcome::Approved } else { ApprovalOutcome::Refused };
        Ok(self.approved(partly, outcome, actor, now))
    }

    /// Rejected, whatever it waits for (P33).
    ///
    /// # Errors
    /// `Over` if it is REJECTED or CONSUMED.
    pub fn reject(
        self,
        code: ConsentRejectionCode,
        detail: Option<String>,
        actor: Actor,
        now: Moment,
    ) -> Result<PaymentConsentChange, PaymentConsentFault> {
        match self.at(now) {
            EffectiveStatus::Rejected(_) | EffectiveStatus::Consumed => Err(PaymentConsentFault::Over),
            _ => {
                let rejection = ConsentRejection { code, detail, at: now };
                let action = AuditAction { action: "payment_consent.rejected", actor, at: now };
                Ok(self.rejected(rejection, action))
            }
        }
    }

    /// Used for payments, or for a request that was refused, which uses it up as well: then there are none (P08).
    ///
    /// # Errors
    /// `PendingApproval` while others have to agree; `NotAuthorised` otherwise.
    pub fn consume(
        self,
        payments: Vec<PaymentId>,
        actor: Actor,
        now: Moment,
    ) -> Result<PaymentConsentChange, PaymentConsentFault> {
        let authorisation = match self.at(now) {
            EffectiveStatus::Authorised(authorisation) => authorisation.clone(),
            EffectiveStatus::PartiallyAccepted(_) => return Err(PaymentConsentFault::PendingApproval),
            _ => return Err(PaymentConsentFault::NotAuthorised),
        };
        let expires_at = self.expires_at;
        let state = State::Consumed(ConsumedState { authorisation, payments });
        let action = AuditAction { action: "payment_consent.consumed", actor, at: now };
        Ok(self.moved(state, expires_at, action, true))
    }

    /// Whether it could be used at `now`.
    ///
    /// # Errors
    /// Those of [`Self::consume`].
    pub fn require_authorised(&self, now: Moment) -> Result<&Authorisation, PaymentConsentFault> {
        match self.at(now) {
            EffectiveStatus::Authorised(authorisation) => Ok(authorisation),
            EffectiveStatus::PartiallyAccepted(_) => Err(PaymentConsentFault::PendingApproval),
            _ => Err(PaymentConsentFault::NotAuthorised),
        }
    }

    /// Those who have not answered yet, and those who have; `None` unless it waits for them.
    #[must_use]
    pub const fn approvals(&self) -> Option<&Approvals> {
        match &self.state {
            State::PartiallyAccepted(partly) => Some(&partly.approvals),
            _ => None,
        }
    }

    pub(super) fn rejected(self, rejection: ConsentRejection, action: AuditAction) -> PaymentConsentChange {
        let authorisation = self.authorisation().cloned();
        let expires_at = self.expires_at;
        let state = State::Rejected(RejectedState { rejection, authorisation });
        self.moved(state, expires_at, action, true)
    }

    fn pending(&self, now: Moment) -> Result<PartlyAccepted, PaymentConsentFault> {
        match (&self.state, self.lapsed(now)) {
            (State::PartiallyAccepted(partly), None) => Ok(partly.clone()),
            _ => Err(PaymentConsentFault::NothingPending),
        }
    }

    fn approved(
        self,
        partly: PartlyAccepted,
        outcome: ApprovalOutcome,
        actor: Actor,
        now: Moment,
    ) -> PaymentConsentChange {
        match outcome {
            ApprovalOutcome::Waiting => {
                let expires_at = self.expires_at;
                let action = AuditAction { action: "payment_consent.approval_given", actor, at: now };
                self.within(State::PartiallyAccepted(partly), expires_at, action)
            }
            ApprovalOutcome::Approved => {
                let authorisation = Authorisation { at: now, after_approvals: true, ..partly.authorisation };
                let action = AuditAction { action: "payment_consent.authorised", actor, at: now };
                self.moved(State::Authorised(authorisation), now.plus(CONSUMPTION_LIMIT), action, true)
            }
            ApprovalOutcome::Refused => {
                let code = ConsentRejectionCode::RejeitadoUsuario;
                let rejection = ConsentRejection { code, detail: None, at: now };
                self.rejected(
                    rejection,
                    AuditAction { action: "payment_consent.approval_refused", actor, at: now },
                )
            }
        }
    }
}

/// The end of the wait for others: of an immediate payment the end of the day in Brasília, of scheduled ones the end of the day before
/// the first (P06).
fn approval_deadline(now: Moment, first_day: Option<ponte_values::Date>) -> Moment {
    let next_day = first_day.unwrap_or_else(|| now.date_brasilia().plus_days(1));
    Moment::start_of_day_brasilia(next_day)
}
