//! The customer's journey at the institution, whatever is authorised: interactions, command loop, handoff.
//!
//! | module | what it serves |
//! |---|---|
//! | `interactions` | `/api/{client_name}/consents/v1/interactions/{interactionId}`, the interaction API of the institution's channel |
//! | `commands` | `/auth/app/commands/{id}`, `/auth/handoff/{code}`, the command loop of apps and web |
//! | `handoff` | `/auth/handoff/v1/{interactionId}`, the page that hands an interaction to a phone |
//! | `visit` | the steps that all of them take: login, yes, no, the way back |
//!
//! To add an operation: a file with its handler, and a line in `routes`.

mod commands;
mod cors;
mod handoff;
mod interactions;
mod ports;
mod routes;
mod settings;
mod visit;

pub use commands::ChannelKeys;
pub use ports::Ports;
pub use routes::router;
pub use settings::Settings;

#[cfg(test)]
mod tests;
