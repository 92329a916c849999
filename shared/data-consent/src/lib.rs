//! Data consents: states, transitions, permission groups, products, and the ports of the institution behind them.
//!
//! To add a rule: a method or a policy in [`consent`], what can go wrong in a small fault enum beside it, and a test
//! named after the rule's number. To add a port: a trait in [`ports`], implemented once in `store` or `outbound`.

pub mod account_holder;
pub mod authority;
pub mod consent;
pub mod discovery;
pub mod groups;
pub mod ports;
pub mod removal;
