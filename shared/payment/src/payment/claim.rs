//! Claim, SENT, and what becomes of it (T05 to T09). Each change has the stored version as its condition, so that a worker that was
//! overtaken writes nothing.

use std::time::Duration;

use ponte_ports::audit::Actor;
use ponte_values::Moment;

use super::change::{AuditAction, PaymentChange};
use super::end::{Rejection, RejectionCode};
use super::execution::{Attempt, Execution, ParkReason};
use super::fault::PaymentFault;
use super::status::State;
use super::step::Step;
use super::stored::Payment;
use crate::connector::{Capability, Dedupe};

/// How long a claim holds: longer than all that comes before SENT.
pub const LEASE: Duration = Duration::from_mins(2);

/// Pauses between two tries to send what did not leave.
const SEND_AGAIN: [u64; 5] = [2, 5, 10, 30, 60];

/// Pauses between two questions to the core, then five minutes.
const ASK_AGAIN: [u64; 5] = [2, 5, 10, 30, 60];

/// Pause after the last of them.
const LATER: u64 = 300;

/// How long a core may be silent until a payment that may have moved is parked.
const SILENCE_LIMIT: Duration = Duration::from_hours(24);

/// The pause before try `number`, from 0.
fn pause(pauses: &[u64], number: u64) -> Duration {
    let index = usize::try_from(number).unwrap_or(usize::MAX);
    Duration::from_secs(pauses.get(index).copied().unwrap_or(LATER))
}

impl Payment {
    /// Takes it, to send it. `owner` is a fresh UUID.
    ///
    /// # Errors
    /// `State` unless [`Payment::next_step`] says [`Step::Send`].
    pub fn claim(self, owner: String, now: Moment) -> Result<PaymentChange, PaymentFault> {
        if self.next_step(now) != Step::Send {
            return Err(PaymentFault::State);
        }
        let attempt = Attempt { owner, epoch: self.execution.epoch() + 1 };
        let execution = Execution::Claimed { attempt, until: now.plus(LEASE) };
        Ok(Self { execution, ..self }.stepped())
    }

    /// Written before the call: from now on the core may have it. The call is over by `until`.
    ///
    /// # Errors
    /// `NotOurs` unless `owner` has claimed it and its lease is not over.
    pub fn sent(self, owner: &str, until: Moment, now: Moment) -> Result<PaymentChange, PaymentFault> {
        let attempt = match &self.execution {
            Execution::Claimed { attempt, until } if attempt.owner == owner && now < *until => {
                attempt.clone()
            }
            _ => return Err(PaymentFault::NotOurs),
        };
        Ok(Self { execution: Execution::Sent { attempt, at: now, until }, ..self }.stepped())
    }

    /// What was sent surely did not arrive: it is tried again later.
    ///
    /// # Errors
    /// `NotOurs` unless `owner` sent or claimed it.
    pub fn not_sent(self, owner: &str, now: Moment) -> Result<PaymentChange, PaymentFault> {
        let epoch = match &self.execution {
            Execution::Sent { attempt, .. } | Execution::Claimed { attempt, .. }
                if attempt.owner == owner =>
            {
                attempt.epoch
            }
            _ => return Err(PaymentFault::NotOurs),
        };
        let next = now.plus(pause(&SEND_AGAIN, epoch.saturating_sub(1)));
        Ok(Self { execution: Execution::Idle { epoch, next }, ..self }.stepped())
    }

    /// The call ended without an answer that says what became of it.
    ///
    /// # Errors
    /// `NotOurs` unless `owner` sent it.
    pub fn outcome_unknown(self, owner: &str, now: Moment) -> Result<PaymentChange, PaymentFault> {
        let (epoch, sent_at, until) = match &self.execution {
            Execution::Sent { attempt, at, until } if attempt.owner == owner => (attempt.epoch, *at, *until),
            _ => return Err(PaymentFault::NotOurs),
        };
        let next = now.plus(pause(&ASK_AGAIN, 0));
        let execution = Execution::Unknown { epoch, sent_at, until, asked: 0, next };
        let action = AuditAction { action: "payment.outcome_unknown", actor: Actor::Ponte, at: now };
        Ok(Self { execution, ..self }.noted(action))
    }

    /// The core does not know our key. A core that recognises what it has executed gets it again, under the same key; else it is asked
    /// until the time is over in which it should know, and then a person decides (1.3 of the reliability patterns).
    ///
    /// # Errors
    /// `State` unless its outcome is unknown.
    pub fn not_found(self, capability: Capability, now: Moment) -> Result<PaymentChange, PaymentFault> {
        let (epoch, sent_at, asked, until) = self.in_doubt().ok_or(PaymentFault::State)?;
        // What the core executes by `until` may take as long as the core says until it is found.
        let known_at = until.plus(capability.settle);
        let execution = match capability.dedupe {
            _ if now < known_at => {
                let next = now.plus(pause(&ASK_AGAIN, asked.into())).min(known_at);
                Execution::Unknown { epoch, sent_at, until, asked: asked + 1, next }
            }
            Dedupe::ByKey => Execution::Idle { epoch, next: now },
            Dedupe::QueryOnly => return Ok(self.parked(ParkReason::NotFound, now)),
            Dedupe::None => return Ok(self.parked(ParkReason::CannotAsk, now)),
        };
        Ok(Self { execution, ..self }.stepped())
    }

    /// The core did not answer the question: it is asked again later, and parked after a day.
    ///
    /// # Errors
    /// `State` unless the core is to be asked.
    pub fn not_answered(self, now: Moment) -> Result<PaymentChange, PaymentFault> {
        if let Execution::Done { epoch, asked, .. } = self.execution {
            let next = now.plus(pause(&ASK_AGAIN, asked.into()));
            let execution = Execution::Done { epoch, asked: asked.saturating_add(1), next };
            return Ok(Self { execution, ..self }.stepped());
        }
        let (epoch, sent_at, asked, until) = self.in_doubt().ok_or(PaymentFault::State)?;
        if now >= sent_at.plus(SILENCE_LIMIT) {
            return Ok(self.parked(ParkReason::NoAnswer, now));
        }
        let next = now.plus(pause(&ASK_AGAIN, asked.into()));
        let execution = Execution::Unknown { epoch, sent_at, until, asked: asked + 1, next };
        Ok(Self { execution, ..self }.stepped())
    }

    /// Parked at once: the core cannot be asked by our key.
    ///
    /// # Errors
    /// `State` unless its outcome is unknown.
    pub fn cannot_ask(self, now: Moment) -> Result<PaymentChange, PaymentFault> {
        self.in_doubt().ok_or(PaymentFault::State)?;
        Ok(self.parked(ParkReason::CannotAsk, now))
    }

    /// Rejected by us, before money may have moved: what was found wrong, its day that is over, a core that was down for too long.
    ///
    /// # Errors
    /// `State` if money may have moved, or it is over.
    pub fn reject(
        self,
        code: RejectionCode,
        detail: &str,
        actor: Actor,
        now: Moment,
    ) -> Result<PaymentChange, PaymentFault> {
        if self.status().is_final() || self.execution.may_have_moved() {
            return Err(PaymentFault::State);
        }
        let rejection = Rejection { code, detail: detail.to_owned() };
        let action = AuditAction { action: "payment.rejected", actor, at: now };
        Ok(self.moved(State::Rjct(rejection), action))
    }

    /// Epoch, time of sending, number of questions and end of the call, of a payment that may have moved and nobody knows.
    fn in_doubt(&self) -> Option<(u64, Moment, u32, Moment)> {
        match &self.execution {
            Execution::Sent { attempt, at, until } => Some((attempt.epoch, *at, 0, *until)),
            Execution::Unknown { epoch, sent_at, until, asked, .. } => {
                Some((*epoch, *sent_at, *asked, *until))
            }
            _ => None,
        }
    }

    fn parked(self, reason: ParkReason, now: Moment) -> PaymentChange {
        let (epoch, sent_at) = match &self.execution {
            Execution::Sent { attempt, at, .. } => (attempt.epoch, *at),
            Execution::Unknown { epoch, sent_at, .. } => (*epoch, *sent_at),
            other => (other.epoch(), self.status_updated_at),
        };
        let execution = Execution::Parked { epoch, sent_at, since: now, reason };
        let action = AuditAction { action: "payment.parked", actor: Actor::Ponte, at: now };
        Self { execution, ..self }.noted(action)
    }
}
