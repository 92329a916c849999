//! The management API: what the institution's channel and back office do with consents.
//!
//! The host, the certificate, the key and the scope are checked before a handler here sees the call; a handler adds
//! whose consents the caller may touch ([`customer_scope`]). Documents name customers in queries, headers and bodies; no
//! link, cursor or key repeats one. Each change is one commit with its audit row, like every change of a consent.
//!
//! To add an operation: a file with its handler, and a line in [`routes()`].

mod authorisation;
mod customer_scope;
mod detail;
mod discovered;
mod extends;
mod list;
mod notification;
mod product_status;
mod rediscovery;
mod revoke;
mod routes;
mod search;
mod tally;
mod view;

pub(crate) use routes::routes;
