//! What a message of an operator queue orders.

use std::borrow::Cow;

use ponte_ports::audit::{OperatorIdentity, OperatorReason};
use ponte_ports::operation::{NewOperation, OperationId, OperationPart};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};

use crate::event::Message;
use crate::operator_commands::OPS;

/// Longest message: with its answer it fits into an item of the store.
const LONGEST: usize = 256 * 1024;

/// Why a message is refused; it repeats nothing that was sent.
pub(crate) type Reason = Cow<'static, str>;

/// What a message orders.
pub(crate) enum Order {
    /// A command, why it is refused if it is known to be, and whether its body names its sender too.
    Command { order: Box<NewOperation>, refusal: Option<Reason>, names_sender: bool },
    /// Somebody approves an operation.
    Approval { operation: OperationId, by: OperatorIdentity, reason: OperatorReason },
    /// Work goes on.
    Part(OperationPart),
}

/// Members of a message that are not the command's own.
const OPERATOR: &str = "operator";
const OPERATION: &str = "operation";
const ID: &str = "operationId";
const BY: &str = "by";
const REASON: &str = "reason";
const SENDER: &str = "sender";

/// Reads a message; `function` is the one whose queue it came by.
///
/// # Errors
/// Why it orders nothing.
pub(crate) fn read(message: &Message, function: &str) -> Result<Order, Reason> {
    if message.body.len() > LONGEST {
        return Err("the message is longer than 262144 bytes".into());
    }
    let members = serde_json::from_str::<Map<String, Value>>(&message.body);
    let mut members = members.map_err(|_| "the message is no JSON object")?;
    let Some(name) = members.remove(OPERATOR) else {
        let part = serde_json::from_value(Value::Object(members));
        return part
            .map(Order::Part)
            .map_err(|_| "the message is no command: it has no member operator".into());
    };
    let Value::String(name) = name else { return Err("operator is no text".into()) };
    let by = sender(message)?;
    let names_sender = match members.remove(SENDER) {
        None => false,
        Some(named) if named == by.name.as_str() => true,
        Some(_) => return Err("sender is not who sent the message: send the command anew".into()),
    };
    let stated = Stated::take(&mut members)?;
    match name.as_str() {
        "ops.approve" => {
            let operation = members.remove(OPERATION).map(|id| id.as_str().map(OperationId::parse));
            let Some(Some(Ok(operation))) = operation.filter(|_| members.is_empty()) else {
                return Err("ops.approve takes operation, the id of one, and reason".into());
            };
            if stated.name {
                return Err(NAMED.into());
            }
            let reason = stated.reason.ok_or(NO_REASON)?;
            if !names_sender {
                return Err(NO_SENDER.into());
            }
            Ok(Order::Approval { operation, by, reason })
        }
        name if name.starts_with(OPS) => {
            Err("the queue takes no other command about operations than ops.approve".into())
        }
        _ => {
            let id = match members.remove(ID) {
                None => OperationId::parse(&message.id).ok(),
                Some(id) => id.as_str().and_then(|id| OperationId::parse(id).ok()),
            };
            let id = id.ok_or("operationId is not 1 to 64 of A-Z a-z 0-9 . _ -")?;
            let refusal = stated.name.then_some(Cow::Borrowed(NAMED));
            let order = NewOperation {
                id,
                function: function.to_owned(),
                command: name,
                members,
                requested_by: by,
                reason: stated.reason,
            };
            Ok(Order::Command { order: Box::new(order), refusal, names_sender })
        }
    }
}

const NAMED: &str = "by.name is not taken from a queue: AWS names the sender";
/// Who changes something says why.
pub(crate) const NO_REASON: &str = "reason is missing: whoever changes something says why";
/// Whoever moves a dead letter back is its sender for SQS, so where two must its body says whose it was.
pub(crate) const NO_SENDER: &str = "sender is missing: where two operators must, a message names its own";

/// The principal that sent a message.
fn sender(message: &Message) -> Result<OperatorIdentity, Reason> {
    if message.was_dead {
        return Err(
            "the message was refused or given up before, and moving it back hides its sender: send the \
                    command anew"
                .into(),
        );
    }
    let sender = message.sender.as_deref().map(OperatorIdentity::sender);
    sender.and_then(Result::ok).ok_or("the queue names no sender".into())
}

/// Who a message says that it is from, and why.
struct Stated {
    name: bool,
    reason: Option<OperatorReason>,
}

impl Stated {
    /// Takes them out of the members of a message.
    fn take(members: &mut Map<String, Value>) -> Result<Self, Reason> {
        let mut by = match members.remove(BY) {
            None => Map::new(),
            Some(Value::Object(by)) => by,
            Some(_) => return Err("by takes reason, a text".into()),
        };
        let (name, reasons) = (by.remove("name").is_some(), [members.remove(REASON), by.remove(REASON)]);
        let mut reasons = reasons.into_iter().flatten();
        let (reason, another) = (reasons.next(), reasons.next());
        if another.is_some() || !by.is_empty() {
            return Err("reason is a member, or by has it and nothing else".into());
        }
        let parse = |reason: &Value| reason.as_str().and_then(|text| OperatorReason::parse(text).ok());
        let reason =
            reason.map(|reason| parse(&reason).ok_or("reason: 1 to 200 printable characters on one line"));
        Ok(Self { name, reason: reason.transpose()? })
    }
}

/// The event that a command of these members is.
pub(crate) fn event(
    command: &str,
    mut members: Map<String, Value>,
) -> Result<Box<RawValue>, serde_json::Error> {
    members.insert(OPERATOR.to_owned(), Value::from(command));
    to_raw_value(&members)
}
