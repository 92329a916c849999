//! Data consents as targets of an interaction: products to choose from, permissions in plain words.

mod command;
mod offers;
mod ports;
mod target;
mod words;

pub use ports::DataSharing;
