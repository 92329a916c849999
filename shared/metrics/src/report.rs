//! Reports to the metrics platform, in its words: calls, the customer's way, the stock of consents, payments. Pure
//! builders; each gives the outbox row that carries its report.
//!
//! | module | report | role |
//! |---|---|---|
//! | [`server`] | a call that was served, with [`drop_reason`] where it created a consent | SERVER |
//! | [`client`] | a call that was made, with [`additional`] facts by family of APIs | CLIENT |
//! | [`funnel`] | a step of the customer's way, from both sides | both |
//! | [`stock`] | the active consents of a day, counted by [`stock_count`] | both |
//! | [`payment_status`] | a payment that reached a state that is reported | SERVER |
//! | [`open_data`] | a call of a public endpoint | SERVER |
//!
//! To add a fact: a field where its rule (M30 to M39) puts it, and a test named after the rule. A fact that only some
//! calls may tell belongs into the variant of those calls, so that no other report can carry it.

pub mod additional;
pub mod client;
pub mod drop_reason;
mod fault;
pub mod funnel;
pub mod open_data;
mod path;
pub mod payment_status;
pub mod server;
pub mod stock;
pub mod stock_count;
mod wire;

pub use additional::AdditionalInfo;
pub use client::{CallOutcome, ClientFacts, ClientReport};
pub use drop_reason::DropReason;
pub use fault::ReportFault;
pub use funnel::{Arrival, FunnelStep};
pub use path::{CONSENTS_STOCK, OPEN_DATA_REPORT, PAYMENT_STATUS, PRIVATE_REPORT};
pub use server::{ServerFacts, ServerReport};

#[cfg(test)]
mod tests;
