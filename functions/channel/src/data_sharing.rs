//! Data consents as decision targets ([`DecisionTarget`](crate::target::DecisionTarget)): the products that the customer may
//! choose, and the permissions in plain Portuguese.

mod command;
mod offers;
mod ports;
mod target;
mod words;

pub use ports::DataSharing;
