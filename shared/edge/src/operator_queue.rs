//! The worker of an operator queue: each order is done once, and what became of it stands in its record.
//!
//! ```text
//! ask the queue whether it has shown it    whoever invokes the function made it up -> nothing, and an alarm
//! read the message                         no order, no sender, no such command  -> dead letters with the reason
//! record the order under its id            the id is taken by the same order     -> nothing, or what is missing of it
//!                                          by another order                      -> dead letters
//! two operators? it waits for ops.approve of another sender, 24 hours
//! run it, with its lease in the record     somebody else runs it                 -> again later
//! record the answer, or what is done of it and what comes next; then send the next part to the queue
//! ```
//!
//! A death after the record and before the send is mended by the message that is shown again; one while a command runs lets the
//! part be run again once the lease is over: commands are made to be repeated. After three such deaths the operation failed.

use std::error::Error;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt;
use ponte_ports::audit::{OperatorIdentity, OperatorReason};
use ponte_ports::operation::{
    ApprovalFault, NewOperation, Operation, OperationId, OperationPart, OperationState,
};
use ponte_ports::{PortError, chain};
use serde_json::{Map, Value};

use crate::batch::{Verdict, Worker};
use crate::event::Message;
use crate::log::report_failure;
use crate::operator::{CommandKind, OperatorError};
use crate::operator_commands::OperatorCommands;
use crate::operator_order::{NO_REASON, NO_SENDER, Order, Reason, event, read};

/// How often a part is begun, whose command met a failure behind a port or whose process ended.
const TRIES: u32 = 3;

/// Works off the operator queue of a function.
pub(crate) struct OperatorQueue(OperatorCommands);

/// Why a message is not done with.
enum Stop {
    /// It never will be.
    Refused(Reason),
    /// Not now: somebody else is at it, or it is tried again.
    Later,
    /// The queue has not shown it: whoever invoked the function made it up, or it came too late.
    Unproven,
    /// A port failed.
    Port(PortError),
}

impl From<PortError> for Stop {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

impl From<Reason> for Stop {
    fn from(reason: Reason) -> Self {
        Self::Refused(reason)
    }
}

#[async_trait]
impl Worker for OperatorQueue {
    fn message_age(&self) -> Duration {
        self.0.source.message_age()
    }

    async fn work(&self, message: &Message) -> Verdict {
        match self.take(message).await {
            Ok(()) => Verdict::Done,
            Err(Stop::Refused(reason)) => Verdict::Drop(reason),
            Err(Stop::Later) => Verdict::Retry,
            Err(Stop::Unproven) => {
                tracing::error!(
                    alarm = "operator-message",
                    queue = self.0.source.queue,
                    "the queue has not shown this message: nothing was done"
                );
                Verdict::Retry
            }
            Err(Stop::Port(error)) => {
                report_failure("operation not recorded", &error);
                Verdict::Retry
            }
        }
    }
}

impl OperatorQueue {
    pub(crate) const fn new(commands: OperatorCommands) -> Self {
        Self(commands)
    }

    async fn take(&self, message: &Message) -> Result<(), Stop> {
        let source = &self.0.source;
        // Whoever may invoke the function can make up a message and its sender, but no receipt.
        if !source.parts.has_given(&message.receipt, source.hidden()).await? {
            return Err(Stop::Unproven);
        }
        match read(message, source.function)? {
            Order::Command { order, refusal, names_sender } => {
                self.order(*order, refusal, names_sender).await
            }
            Order::Approval { operation, by, reason } => self.approve(&operation, by, reason).await,
            Order::Part(OperationPart { operation, part, nonce }) => {
                let operation = self.find(&operation).await?;
                if operation.nonce.as_ref() != Some(&nonce) {
                    return Err(Stop::Refused("the function has sent no such part of the operation".into()));
                }
                self.go_on(operation, part).await
            }
        }
    }

    /// A command: recorded under its id, and run unless it waits for somebody.
    async fn order(
        &self,
        order: NewOperation,
        refusal: Option<Reason>,
        names_sender: bool,
    ) -> Result<(), Stop> {
        let kind = self.kind_of(&order.command, order.members.clone())?;
        let (clock, source) = (&self.0.clock, &self.0.source);
        let needs_two = kind.needs_two || source.two_operators.need(&order.command);
        let refusal = refusal.or_else(|| (needs_two && !names_sender).then_some(NO_SENDER.into()));
        let refusal = refusal.or_else(|| {
            let unsigned = kind.changes && order.reason.is_none();
            let secret = "its answer holds a secret that no record may hold: invoke the function";
            kind.answers_secret
                .then_some(secret.into())
                .or_else(|| unsigned.then_some(NO_REASON.into()))
                .or_else(|| begins_inside(kind, &order.members).then_some(INSIDE.into()))
        });
        let new = match &refusal {
            Some(reason) => Operation::refused(order, reason, clock.now()),
            None if needs_two => Operation::new(order, OperationState::WaitingApproval, clock.now()),
            None => {
                let new = Operation::new(order, OperationState::Running, clock.now());
                new.run_by(&source.ids.uuid(), source.lease())
            }
        };
        if !new.can_be_kept() {
            return Err(Stop::Refused(
                "its record would be longer than 150000 bytes, or nested too deep".into(),
            ));
        }
        if let Some(there) = source.operations.begin(&new).await? {
            return self.again(there, &new).await;
        }
        tell(&new);
        match refusal {
            Some(reason) => Err(Stop::Refused(reason)),
            None if needs_two => Ok(()),
            None => self.run(new, kind).await,
        }
    }

    /// A command whose id is taken: its first answer stays.
    async fn again(&self, there: Operation, new: &Operation) -> Result<(), Stop> {
        if !there.is_same_order(new) {
            return Err(Stop::Refused("another order has this operationId".into()));
        }
        match there.state {
            OperationState::Refused => Err(Stop::Refused(there.fault.unwrap_or_default().into())),
            OperationState::Running => self.go_on(there, 1).await,
            _ => Ok(()),
        }
    }

    /// A second operator: an operation that waits is run.
    async fn approve(
        &self,
        id: &OperationId,
        by: OperatorIdentity,
        reason: OperatorReason,
    ) -> Result<(), Stop> {
        let waiting = self.find(id).await?;
        if waiting.approved_by.as_ref() == Some(&by) {
            // Its own repetition.
            return self.go_on(waiting, 1).await;
        }
        let (source, now) = (&self.0.source, self.0.clock.now());
        match waiting.approved(by, reason, now) {
            Ok(approved) => {
                let approved = approved.run_by(&source.ids.uuid(), source.lease());
                let kind = self.kind_of(&approved.command, approved.members_of_part())?;
                self.replace(&approved).await?;
                self.run(approved, kind).await
            }
            Err(fault) => {
                if fault == ApprovalFault::Expired && waiting.state == OperationState::WaitingApproval {
                    let expired = waiting.expired(now);
                    self.replace(&expired).await?;
                    tell(&expired);
                }
                Err(Stop::Refused(fault.to_string().into()))
            }
        }
    }

    /// Goes on with an operation by a message about one of its parts. The part that comes is run, unless somebody runs it. Where
    /// nothing has happened for longer than a part may take, the message of the part that comes is lost, and any message about an
    /// earlier one sends it.
    async fn go_on(&self, operation: Operation, part: u32) -> Result<(), Stop> {
        let (source, now) = (&self.0.source, self.0.clock.now());
        if operation.state != OperationState::Running || part > operation.part {
            return Ok(());
        }
        if part < operation.part {
            let lost = now >= operation.updated.plus(source.lease()) && !operation.is_run(now);
            return if lost { self.hand_on(&operation).await } else { Ok(()) };
        }
        if operation.is_run(now) {
            return Err(Stop::Later);
        }
        let Ok(kind) = self.kind_of(&operation.command, operation.members_of_part()) else {
            return self.fail(&operation, "this release has no such command, or it has other members").await;
        };
        if operation.tries.unwrap_or_default() >= TRIES {
            return self.fail(&operation, "the process ended while it ran, three times").await;
        }
        let taken = operation.taken_by(&source.ids.uuid(), source.lease(), now);
        self.replace(&taken).await?;
        self.run(taken, kind).await
    }

    async fn fail(&self, operation: &Operation, fault: &str) -> Result<(), Stop> {
        let failed = operation.failed(fault, self.0.clock.now());
        self.replace(&failed).await?;
        tell(&failed);
        Ok(())
    }

    /// Runs the part of an operation that this message has the lease of.
    async fn run(&self, operation: Operation, kind: CommandKind) -> Result<(), Stop> {
        let event = event(&operation.command, operation.members_of_part());
        let event = event.map_err(|error| PortError::new("operation", error))?;
        let action = operation.action();
        let outcome = AssertUnwindSafe(self.0.operator.run(&event, &action)).catch_unwind().await;
        let now = self.0.clock.now();
        let next = match outcome {
            Ok(Ok(answer)) => match rest_of(kind, answer) {
                (answer, Some(rest)) => operation.advanced(answer, rest, now),
                (answer, None) => operation.done(answer, now),
            },
            Ok(Err(error)) => {
                report_failure("operator command failed", error.as_ref());
                if is_of_a_port(&error) && operation.tries.unwrap_or_default() < TRIES {
                    self.replace(&operation.let_go(now)).await?;
                    return Err(Stop::Later);
                }
                operation.failed(&chain(error.as_ref()), now)
            }
            Err(_) => operation.failed("it panicked: the log has the place", now),
        };
        let next = if next.fits() {
            next
        } else {
            operation.failed("its record would be longer than the store takes", now)
        };
        self.replace(&next).await?;
        tell(&next);
        if next.state == OperationState::Running { self.hand_on(&next).await } else { Ok(()) }
    }

    async fn hand_on(&self, operation: &Operation) -> Result<(), Stop> {
        let nonce = operation.nonce.clone().unwrap_or_default();
        let part = OperationPart { operation: operation.id.clone(), part: operation.part, nonce };
        Ok(self.0.source.parts.hand_on(&part).await?)
    }

    /// Stores a change; if another one was faster, it is for that one to go on.
    async fn replace(&self, operation: &Operation) -> Result<(), Stop> {
        if self.0.source.operations.replace(operation).await? { Ok(()) } else { Err(Stop::Later) }
    }

    /// An operation of this function.
    async fn find(&self, id: &OperationId) -> Result<Operation, Stop> {
        let found = self.0.source.operations.find(id).await?;
        let found = found.ok_or(Stop::Refused("there is no such operation".into()))?;
        if found.function != self.0.source.function {
            return Err(Stop::Refused(
                "the operation is of another function, which has a queue of its own".into(),
            ));
        }
        Ok(found)
    }

    fn kind_of(&self, command: &str, members: Map<String, Value>) -> Result<CommandKind, Stop> {
        let event = event(command, members).map_err(|error| PortError::new("operation", error))?;
        let unread = "not a command of this function, or a member is missing, unknown or of another type";
        self.0.operator.kind(&event).ok_or(Stop::Refused(unread.into()))
    }
}

/// Members by which a command goes on, and those of its answer that they come from.
const PLACES: [(&str, &str); 2] = [("next", "after"), ("continue", "continue")];

const INSIDE: &str = "after and continue are not taken from a message: the operation goes on by itself";

/// Whether an order begins in the middle of its work: where that is, the record of the operation alone says.
fn begins_inside(kind: CommandKind, members: &Map<String, Value>) -> bool {
    kind.goes_on && PLACES.iter().any(|(_, member)| members.contains_key(*member))
}

/// What a command left over, as its members for the next part, beside its answer.
fn rest_of(kind: CommandKind, answer: Value) -> (Value, Option<Map<String, Value>>) {
    let Value::Object(mut answer) = answer else { return (answer, None) };
    if !kind.goes_on {
        return (Value::Object(answer), None);
    }
    let mut rest = Map::new();
    for (answered, member) in PLACES {
        if let Some(place) = answer.remove(answered).filter(|place| !place.is_null()) {
            rest.insert(member.to_owned(), place);
        }
    }
    (Value::Object(answer), (!rest.is_empty()).then_some(rest))
}

/// Whether a port failed, which may work later.
fn is_of_a_port(error: &OperatorError) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error.as_ref());
    while let Some(error) = cause {
        if error.is::<PortError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

fn tell(operation: &Operation) {
    let (id, state) = (operation.id.as_str(), operation.state);
    let (command, part) = (&operation.command, operation.part);
    match state {
        OperationState::Failed | OperationState::Expired => {
            tracing::error!(alarm = "operation-failed", operation = id, command, ?state, part, "operation");
        }
        _ => tracing::info!(operation = id, command, ?state, part, "operation"),
    }
}

#[cfg(test)]
mod tests;
