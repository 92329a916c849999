//! The operator commands of a function as they are invoked: its own, and those about operations.

use std::sync::Arc;

use ponte_ports::Clock;
use ponte_ports::operation::{Listing, OperationId, OpsCommand, list};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::operator::{self, Operator, OperatorError};
use crate::operator_source::OperatorSource;

/// Beginning of the names of commands about operations.
pub(crate) const OPS: &str = "ops.";

/// The commands of a function, and the source where they come by queue.
#[derive(Clone)]
pub(crate) struct OperatorCommands {
    pub(crate) operator: Arc<dyn Operator>,
    pub(crate) source: Arc<OperatorSource>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// The name of a command.
#[derive(Deserialize)]
struct Named {
    operator: String,
}

impl OperatorCommands {
    pub(crate) const fn new(
        operator: Arc<dyn Operator>,
        source: Arc<OperatorSource>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { operator, source, clock }
    }

    /// Runs the command of a direct invocation.
    pub(crate) async fn invoked(&self, event: &RawValue) -> Result<Value, OperatorError> {
        let name = serde_json::from_str::<Named>(event.get()).map(|named| named.operator);
        let name = name.unwrap_or_default();
        if name.starts_with(OPS) {
            return self.about_operations(event).await;
        }
        // Nobody has proven who an invoker is, so two of them may be one.
        let always = || self.operator.kind(event).is_some_and(|kind| kind.needs_two);
        if self.source.two_operators.need(&name) || always() {
            return Err("this command needs two operators: send it to the operator queue".into());
        }
        operator::run(&*self.operator, event).await
    }

    async fn about_operations(&self, event: &RawValue) -> Result<Value, OperatorError> {
        let command = serde_json::from_str(event.get());
        let command = command.map_err(|_| "ops.list takes day, state and after, ops.show takes id")?;
        let (operations, now) = (&*self.source.operations, self.clock.now());
        match command {
            OpsCommand::List { day, state, after } => {
                let listing = Listing::parse(day.as_deref(), state.as_deref(), after)?;
                Ok(serde_json::to_value(list(operations, &listing, now).await?)?)
            }
            OpsCommand::Show { id } => {
                let id = OperationId::parse(&id).map_err(|_| "id: 1 to 64 of A-Z a-z 0-9 . _ -")?;
                let found = operations.find(&id).await?.ok_or("id: there is no such operation")?;
                Ok(serde_json::to_value(found.at(now))?)
            }
            OpsCommand::Approve { .. } => {
                Err("an approval is sent to the operator queue, where AWS names its sender".into())
            }
        }
    }
}
