//! The management API: what the institution's core, channel and back office do with payment consents and payments.
//!
//! The host, the certificate, the key and the scope are checked before a handler here sees the call; a handler adds whose consents the
//! caller may touch. Documents name customers in headers and bodies; no link or cursor repeats one.
//!
//! To add an operation: a file with its handler, and a line in [`routes()`].

mod authorisation;
mod cancel;
mod change;
mod customers;
mod legacy_ids;
mod notification;
mod payments;
mod reject;
mod routes;

pub(crate) use routes::routes;
