//! Data consents as targets of an interaction: products to choose from, permissions in plain words.

mod command;
mod offers;
mod target;
mod words;

pub use target::DataSharing;
