//! Consents: their item, the commit of a change, the indexes, and the count of all of them.

mod by_client;
mod by_creation;
mod commit;
mod index;
mod record;
mod stock;
mod table;

pub use table::ConsentTable;
