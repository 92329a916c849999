//! Consents of data and of payments: their item, the commit of a change and the indexes, one mechanism for both; renewals and the count
//! of all of them, of data consents alone.
//!
//! To add a kind of consent: a file like `payment`, with what its item says and the ports it is read and changed by.

mod by_client;
mod by_creation;
mod commit;
mod data;
mod index;
mod payment;
pub(crate) mod record;
mod stock;
mod table;

pub use table::{ConsentTable, PaymentConsentTable};
