//! Payments: the regulatory API v4 and v5, the worker that brings payments to the core exactly once, their schedule, reconciliation and
//! operators.
//!
//! | module | what it serves |
//! |---|---|
//! | `regulatory` | `/open-banking/payments/v4` and `/v5`, for clients |
//! | `management` | the management host, for the core, the channel and the back office |
//! | `operator` | operator commands, direct and by queue |
//! | `worker` | the queue of payments: schedule, send, ask, poll |
//! | `replies` | the queue of replies, of a core that works by queue |
//! | `sweep` | the schedule, every minute: consents that time ended, payments that are due |
//! | `reconcile` | the schedule of every night: our books against the core's |
//!
//! To add an operation: a file with its handler, and a line in `routes`.

mod cancellation;
pub mod commands;
mod commit;
mod management;
mod operator;
mod ports;
mod reconcile;
mod regulatory;
mod replies;
mod routes;
mod settings;
mod sweep;
mod view;
mod worker;

pub use operator::PaymentOperator;
pub use ports::Ports;
pub use reconcile::{Difference, DifferenceKind, Nightly, Reconciliation};
pub use replies::{ReadReply, ReplyWorker};
pub use routes::router;
pub use settings::Settings;
pub use sweep::EveryMinute;
pub use worker::PaymentWorker;

#[cfg(test)]
mod tests;
