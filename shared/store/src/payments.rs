//! Payments, with the rows that make a request count once: idempotency keys, and the amounts of a customer's day.

mod commit;
mod idempotency;
mod index;
mod port;
mod record;
mod spending;
mod table;

pub use table::{PaymentTable, PaymentTables};

#[cfg(test)]
mod tests;
