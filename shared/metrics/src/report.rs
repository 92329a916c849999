//! Reports to the metrics platform: what is said, in the platform's words, of calls, of the customer's way, of the
//! stock of consents and of payments. Pure builders; each gives the outbox row that carries its report.
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
pub mod funnel;
pub mod open_data;
pub mod payment_status;
pub mod server;
pub mod stock;
pub mod stock_count;

use std::time::Duration;

use ponte_values::Moment;
use serde::Serialize;

pub use additional::AdditionalInfo;
pub use client::{CallMade, Made, Outcome};
pub use drop_reason::DropReason;
pub use funnel::{Arrival, FunnelStep};
pub use server::{Served, ServedCall};

use ponte_ports::outbox::OutboxRow;

/// Path for reports of calls (M02).
pub const PRIVATE_REPORT: &str = "/report-api/v1/private/report";
/// Path for reports of calls of public endpoints (M02).
pub const OPEN_DATA_REPORT: &str = "/report-api/v1/opendata/report";
/// Path for the stock of consents (M02).
pub const CONSENTS_STOCK: &str = "/report-api/v1/consents/stock";
/// Path for payments (M02).
pub const PAYMENT_STATUS: &str = "/report-api/v1/payments/status";

/// Why a report cannot be written. It would be discarded as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReportFault {
    /// A status outside 200 to 599 (M10).
    Status,
    /// A client's report without interaction id that must have one (M15).
    Interaction,
    /// A URL without host, or without the part that the endpoint names (M11).
    Url,
    /// A reason on a call that did not create a consent, or a second reason (M38).
    DropReason,
    /// More unique customers than active consents (M50).
    Customers,
    /// An id that the platform does not take (M51).
    PaymentId,
    /// A payment that ended badly without a reason, or a good one with a reason (M51).
    StatusReason,
    /// Not what a report of this kind looks like.
    Shape,
}

/// The row that carries `item`.
fn row<T: Serialize>(
    item: &T,
    path: &'static str,
    id: String,
    at: Moment,
) -> Result<OutboxRow, serde_json::Error> {
    Ok(OutboxRow { id, at, path, body: serde_json::to_string(item)? })
}

/// `processTimespan`: whole milliseconds, above zero (M10, M22).
fn timespan(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX).max(1)
}

/// Whether a status may be reported (M10).
const fn reportable(status: u16) -> bool {
    matches!(status, 200..=599)
}

/// The first `characters` of a text.
fn truncate(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end])
}

/// A URL without query and fragment, as far as the platform reads.
fn bare(url: &str) -> &str {
    truncate(url.split(['?', '#']).next().unwrap_or_default(), 200)
}

/// A text in the letters that the platform takes, at most `characters` of them.
fn plain(text: &str, characters: usize) -> String {
    let taken = |letter: &char| letter.is_ascii_alphanumeric() || "- /:_.',".contains(*letter);
    text.chars().filter(taken).take(characters).collect()
}

#[cfg(test)]
mod tests;
