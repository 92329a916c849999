//! What reports are kept in and sent by.

mod participants;
mod reports;
mod stock;

pub use participants::{Answered, CallFault, Info, OutgoingCall, Participants};
pub use reports::{
    Backlog, HeldReports, Later, Ledger, Parked, Part, Platform, PlatformAnswer, Settlement, Settlements,
    Stretch, Tickets, Waiting,
};
pub use stock::ConsentStock;
