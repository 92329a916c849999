//! The Payments API of Open Finance, v4 and v5, for clients.

mod asked;
mod cancel;
mod cancel_all;
mod create_consent;
mod list;
mod own;
mod pay;
mod read;
mod replay;
mod routes;

pub(crate) use asked::Asked;
pub(crate) use routes::routes;
