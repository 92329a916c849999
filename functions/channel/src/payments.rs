//! Payment consents as decision targets ([`DecisionTarget`](crate::target::DecisionTarget)): the accounts that may be debited, what is
//! paid, and whether the institution and its core can do it (P33).

mod command;
mod judgement;
mod offers;
mod ports;
mod target;

pub use ports::PaymentDecisions;
