//! Ports of reports: the outbox, the ledger, the platform, other participants and the stock of consents.

mod participants;
mod reports;
mod shared_tokens;
mod stock;

pub use participants::{CallFault, InfoBuilder, OutgoingCall, ParticipantResponse, Participants};
pub use reports::{
    ArchivePart, Backlog, HeldReports, Ledger, ParkedRow, Platform, PlatformAnswer, PlatformUnavailable,
    Settlement, Settlements, Slice, Tickets, WaitingReports,
};
pub use shared_tokens::{SharedToken, SharedTokens, TokenLease, latest_end};
pub use stock::ConsentStock;
