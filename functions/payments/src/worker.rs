//! The worker: brings one payment as far as it goes now. Every step is told by what is stored, so that a message that comes twice, late
//! or out of order does nothing more than one that comes once (T05 to T13).
//!
//! claim → judge once more, if it was scheduled (P23) → SENT, written before the call → the call → what the core said. Whatever ends
//! between two steps, the next message or the sweep of due payments goes on from what is stored.

mod advance;
mod ask;
mod consent;
mod fault;
mod queue;
mod refuse;
mod schedule;
mod send;

pub(crate) use advance::look;
pub(crate) use fault::WorkFault;
pub use queue::PaymentWorker;
pub(crate) use send::{context, said};
