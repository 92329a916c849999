//! Operator commands: an event `{"operator": "payments.<command>", ..}`, by invocation or by the operator queue; one file of `events/`
//! each.
//!
//! | command | what it does |
//! |---|---|
//! | `payments.reconcile {day or payment}` | our books against the core's at once |
//! | `payments.resolve {payment, outcome, coreKey?}` | a person says what became of a payment; two operators |
//! | `payments.redrive {after?}` | dead letters go to the worker once more; two operators |
//! | `payments.run-day {day, after?}` | payments of today that are due go to the worker |
//!
//! **One more command:** a variant of [`Command`](crate::commands::Command) and its answer, a file here that runs it, and an arm in `run`.

mod fault;
mod look;
mod payment_operator;
mod redrive;
mod resolve;
mod run;
mod run_day;

pub use payment_operator::PaymentOperator;
