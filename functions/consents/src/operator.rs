//! Operator commands: an event `{"operator": "consents.<command>", ..}` of a direct invocation; one file of `events/` each.
//!
//! | command | what it does |
//! |---|---|
//! | `consents.expire-now {consents?, after?}` | what time made of consents is written down at once, not at the next sweep |
//! | `consents.resend-notices {consents?, from?, until?, after?}` | the notice of the last change of status goes out once more |
//!
//! Both say who orders them and why, `"by": {"name": "..", "reason": ".."}`, and each consent gets an audit row with that in
//! the transaction of its change or notice.
//!
//! **One more command:** a variant of [`Command`](crate::commands::Command) and its answer, a file here that runs it, and an
//! arm in `run`.

mod expire;
mod fault;
mod named;
mod resend;
mod run;

pub use run::ConsentOperator;
