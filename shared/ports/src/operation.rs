//! Operations: what operators ordered by the operator queue of a function, each done once (T23, T47).
//!
//! A message is a command as it is invoked, under an id of its sender's choice. What becomes of it stands in one record: who
//! ordered it and why, who approved it where two must, how far it is, its answer. The same id again is no second order, and
//! work that is longer than a message goes on part by part. No record holds a secret: a command whose answer holds one is
//! not taken from a queue.
//!
//! | file | subject |
//! |---|---|
//! | `id` | ids of operations |
//! | `record` | the record and its changes |
//! | `sum` | the answer of several parts |
//! | `two_operators` | commands that need a second operator |
//! | `table` | the ports: where records lie, and the queue that takes the next part |
//! | `commands`, `listing` | `ops.list` and `ops.show`, as types and as what they do |

mod commands;
mod id;
mod listing;
mod record;
mod sum;
mod table;
mod two_operators;

pub use commands::{OperationPage, OpsCommand};
pub use id::OperationId;
pub use listing::{LISTED, ListFault, Listing, list};
pub use record::{
    APPROVAL_TIME, ApprovalFault, Lease, MOST_PARTS, NewOperation, Operation, OperationState, Progress,
};
pub use sum::sum;
pub use table::{OfDay, OperationPart, OperationParts, Operations};
pub use two_operators::TwoOperators;

#[cfg(test)]
mod tests;
