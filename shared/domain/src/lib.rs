//! The rule book: states, transitions, faults, policies and the port traits. No I/O, no clock.
//!
//! To add a rule: find the noun it speaks of (`consent`, `target`, `interaction`, `grant`, `report`), write the rule as a
//! method or a policy there, give what can go wrong a small fault enum beside it, and name the test after the rule's number.
//! To add a port: one trait per noun in `ports`, implemented once in the adapters crate.

pub mod api_key;
pub mod audit;
pub mod client;
pub mod consent;
pub mod grant;
pub mod groups;
pub mod interaction;
pub mod ledger;
pub mod legacy_id;
pub mod outbox;
pub mod ports;
pub mod report;
pub mod rotation;
pub mod target;
