//! The operations of the connector, one after another over the whole state.

mod books;
mod consents;
mod judgement;
mod payments;

pub(crate) use books::{books, cancellation, find};
pub(crate) use consents::{discovery, validation};
pub(crate) use payments::payments;
