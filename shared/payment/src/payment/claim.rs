//! Claim, SENT, and what becomes of it (T05 to T09). Each change has the stored version as its condition, so that a worker that was
//! overtaken writes nothing.

use std::time::Duration;

use ponte_ports::CLOCK_DIFFERENCE;
use ponte_ports::audit::Actor;
use ponte_values::Moment;

use super::change::{AuditAction, PaymentChange};
use super::end::{Rejection, RejectionCode};
use super::execution::{Attempt, Earlier, Execution, ParkReason};
use super::fault::PaymentFault;
use super::status::State;
use super::step::Step;
use super::stored::Payment;
use crate::connector::{Capability, Dedupe};

/// How long a claim holds: longer than all that comes before SENT.
pub const LEASE: Duration = Duration::from_secs(30);

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
        let earlier = self.earlier();
        let execution = Execution::Claimed { attempt, until: now.plus(LEASE), earlier };
        Ok(Self { execution, ..self }.stepped())
    }

    /// Written before the call: from now on the core may have it. The call is over by `until`.
    ///
    /// # Errors
    /// `NotOurs` unless `owner` has claimed it and its lease is not over.
    pub fn sent(self, owner: &str, until: Moment, now: Moment) -> Result<PaymentChange, PaymentFault> {
        let (attempt, earlier) = match &self.execution {
            Execution::Claimed { attempt, until, earlier } if attempt.owner == owner && now < *until => {
                (attempt.clone(), *earlier)
            }
            _ => return Err(PaymentFault::NotOurs),
        };
        Ok(Self { execution: Execution::Sent { attempt, at: now, until, earlier }, ..self }.stepped())
    }

    /// What was just sent surely did not arrive: it is tried again later. What was sent before may have.
    ///
    /// # Errors
    /// `NotOurs` unless `owner` sent or claimed it.
    pub fn not_sent(self, owner: &str, now: Moment) -> Result<PaymentChange, PaymentFault> {
        let (epoch, earlier) = match &self.execution {
            Execution::Sent { attempt, earlier, .. } | Execution::Claimed { attempt, earlier, .. }
                if attempt.owner == owner =>
            {
                (attempt.epoch, *earlier)
            }
            _ => return Err(PaymentFault::NotOurs),
        };
        let next = now.plus(pause(&SEND_AGAIN, epoch.saturating_sub(1)));
        let execution = match earlier {
            None => Execution::Idle { epoch, next },
            Some(Earlier { sent_at, until }) => {
                Execution::Unknown { epoch, sent_at, until, asked: 0, next, again: true }
            }
        };
        Ok(Self { execution, ..self }.stepped())
    }

    /// The call ended without an answer that says what became of it.
    ///
    /// # Errors
    /// `NotOurs` unless `owner` sent it.
    pub fn outcome_unknown(self, owner: &str, now: Moment) -> Result<PaymentChange, PaymentFault> {
        match &self.execution {
            Execution::Sent { attempt, .. } if attempt.owner == owner => {}
            _ => return Err(PaymentFault::NotOurs),
        }
        let (epoch, Earlier { sent_at, until }) = self.in_doubt().ok_or(PaymentFault::State)?;
        let next = now.plus(pause(&ASK_AGAIN, 0));
        let execution = Execution::Unknown { epoch, sent_at, until, asked: 0, next, again: false };
        let action = AuditAction { action: "payment.outcome_unknown", actor: Actor::Ponte, at: now };
        Ok(Self { execution, ..self }.noted(action))
    }

    /// The core does not know our key. Until the time is over in which it should, it is asked again. Then a core that recognises what it
    /// has executed gets it again, under the same key, as long as the payment's time lasts; of a core that does not, a person decides
    /// (1.3 of the reliability patterns). When its time is over, a core that recognises our key surely does not have it: it is as if it
    /// had never been sent.
    ///
    /// # Errors
    /// `State` unless its outcome is unknown.
    pub fn not_found(self, capability: Capability, now: Moment) -> Result<PaymentChange, PaymentFault> {
        let (epoch, Earlier { sent_at, until }) = self.in_doubt().ok_or(PaymentFault::State)?;
        // What the core executes by `until` may take as long as the core says until it is found.
        let known_at = until.plus(capability.settle);
        let asked = self.asked();
        let next = now.plus(pause(&ASK_AGAIN, asked.into()));
        let asked_again = |next: Moment| {
            let asked = asked.saturating_add(1);
            Execution::Unknown { epoch, sent_at, until, asked, next, again: false }
        };
        let execution = match capability.dedupe {
            _ if now < known_at => asked_again(next.min(known_at)),
            Dedupe::ByKey if !self.is_too_late(now) => {
                Execution::Unknown { epoch, sent_at, until, asked, next: now, again: true }
            }
            // By every clock it is too late for what was sent.
            Dedupe::ByKey if now >= known_at.plus(CLOCK_DIFFERENCE) => Execution::Idle { epoch, next: now },
            Dedupe::ByKey => asked_again(next.min(known_at.plus(CLOCK_DIFFERENCE))),
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
        let (epoch, Earlier { sent_at, until }) = self.in_doubt().ok_or(PaymentFault::State)?;
        if now >= sent_at.plus(SILENCE_LIMIT) {
            return Ok(self.parked(ParkReason::NoAnswer, now));
        }
        let asked = self.asked();
        let next = now.plus(pause(&ASK_AGAIN, asked.into()));
        let asked = asked.saturating_add(1);
        let execution = Execution::Unknown { epoch, sent_at, until, asked, next, again: false };
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

    /// The number of claims and what was sent, of a payment that may have moved and nobody knows: the first time and the last end.
    fn in_doubt(&self) -> Option<(u64, Earlier)> {
        match &self.execution {
            Execution::Sent { attempt, at, until, earlier } => {
                let first = earlier.map_or(*at, |earlier| earlier.sent_at);
                let last = earlier.map_or(*until, |earlier| earlier.until.max(*until));
                Some((attempt.epoch, Earlier { sent_at: first, until: last }))
            }
            Execution::Claimed { attempt, earlier: Some(earlier), .. } => Some((attempt.epoch, *earlier)),
            Execution::Unknown { epoch, sent_at, until, .. } => {
                Some((*epoch, Earlier { sent_at: *sent_at, until: *until }))
            }
            _ => None,
        }
    }

    /// What was sent before a new claim, and may have arrived.
    fn earlier(&self) -> Option<Earlier> {
        self.in_doubt().map(|(_, earlier)| earlier)
    }

    /// How often the core was asked about what nobody knows.
    const fn asked(&self) -> u32 {
        match &self.execution {
            Execution::Unknown { asked, .. } => *asked,
            _ => 0,
        }
    }

    fn parked(self, reason: ParkReason, now: Moment) -> PaymentChange {
        let (epoch, sent_at) =
            self.in_doubt().map_or((self.execution.epoch(), self.status_updated_at), |(epoch, earlier)| {
                (epoch, earlier.sent_at)
            });
        let execution = Execution::Parked { epoch, sent_at, since: now, reason };
        let action = AuditAction { action: "payment.parked", actor: Actor::Ponte, at: now };
        Self { execution, ..self }.noted(action)
    }
}
