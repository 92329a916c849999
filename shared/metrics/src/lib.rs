//! Reports to the metrics platform: their contents, their way through the outbox, and the ledger of sent reports.
//!
//! To add a fact to a report: a field in [`report`] where its rule puts it, and a test named after the rule. To add a
//! port: a trait in [`ports`], implemented once in `store` or `outbound`.

pub mod ledger;
pub mod outbox;
pub mod ports;
pub mod report;
pub mod verdict;
