//! The faults of a step of an interaction.

use std::time::Duration;

/// The reason why a step of an interaction is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InteractionFault {
    /// No such interaction, or its session is over (`INVALID_SESSION`).
    InvalidSession,
    /// Its client was shut out before the customer decided: a yes would be for nobody (T60, T61).
    ClientGone,
    /// The step does not follow the one before.
    OutOfOrder,
    /// Another person or company logged in than the consent names (S20).
    DocumentMismatch,
    /// The login is weaker than the client insists on; the customer may log in again with a second factor (S15, C05).
    WeakLogin,
    /// Too many logins were tried in the interaction, or refused from where this one came; for so long.
    TooManyLogins(Duration),
    /// The products were asked for too often; more are listed after this time.
    TooManyDiscoveries(Duration),
    /// The ticket is not the one that was issued.
    WrongTicket,
    /// Too many short codes that stand for nothing were tried; more are taken after this time (T62).
    TooManyGuesses(Duration),
}
