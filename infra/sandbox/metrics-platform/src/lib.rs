//! The metrics platform (PCM), as faithful as the manual allows: tokens over mTLS, batches judged item by item, pairing
//! of both sides, the conversion funnel, stock of consents, payment status, open data.
//!
//! One more kind of report = its fields in a file beside `report.rs`, a variant of [`kind::Kind`], its path in
//! `api.rs`. One more endpoint that may be reported = one line in the list of `ponte_catalog::pcm`.

mod additional;
mod api;
mod batch;
mod check;
mod controls;
mod counters;
mod funnel;
mod intake;
mod kind;
pub mod manual;
mod members;
mod open_data;
mod ordered_faults;

mod pairing;
mod payment_status;
mod platform;
mod query;
mod report;
pub mod reporter;
mod rules;
mod stock;
mod store;
mod summary;
#[cfg(test)]
mod tests;
mod token_endpoint;
mod tokens;

pub use api::PcmApi;
pub use members::Member;
pub use platform::Pcm;
pub use token_endpoint::PcmAuth;
pub use tokens::Tokens;
