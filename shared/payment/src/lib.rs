//! Payments: payment consents v4 and v5, payments and their execution exactly once, schedules, and the connector of the core
//! that moves the money (P01 to P59).
//!
//! The types of requests are the types of the wire: read strictly, stored as they were read, and answered with the same text. So one
//! table of fields is enough, and what a client wrote is what it reads.
//!
//! To add a rule: a method or a function beside its noun, what can go wrong in a small fault enum beside it, and a test named after the
//! rule's number. To add a port: a trait in [`ports`], implemented once in `store` or `outbound`.

pub mod authority;
pub mod br_code;
pub mod charge;
pub mod connector;
pub mod consent;
pub mod consent_rules;
pub mod decision_rules;
pub mod end_to_end;
pub mod idempotency;
pub mod institution_rules;
pub mod payment;
pub mod payment_rules;
pub mod ports;
pub mod schedule;
pub mod wire;
