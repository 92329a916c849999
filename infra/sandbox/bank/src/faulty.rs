//! Faults that a layer somebody is writing may have, each in one operation, around the answers of a healthy bank: tests show
//! that every one is found.

mod answered;
mod edits;
mod exchange;
mod fault;
mod site;

pub use fault::Fault;
pub use site::Faulty;
