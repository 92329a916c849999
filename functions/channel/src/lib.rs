//! The customer's journey at the institution, whatever is authorised: interactions, command loop, handoff.
//!
//! | module | what it serves |
//! |---|---|
//! | `interactions` | `/api/{client_name}/consents/v1/interactions/{interactionId}`, the interaction API of the institution's channel |
//! | `commands` | `/auth/app/commands/{id}`, `/auth/handoff/{code}`, the command loop of apps and web |
//! | `handoff` | `/auth/handoff/v1/{interactionId}`, the page that hands an interaction to a phone |
//! | `steps` | the steps that all of them share: login, authorisation, rejection, return to the client |
//! | `target` | the traits of a kind of target; `data_sharing` implements them for data consents, `payments` for payment consents |
//!
//! To add an operation: a file with its handler, and a line in `routes`. To add a kind of target: see `target`.

mod channel_keys;
mod commands;
mod consent_command;
mod cors;
mod data_sharing;
mod handoff;
mod interactions;
mod limits;
mod payments;
mod ports;
mod proof;
mod routes;
mod session;
mod settings;
mod source;
mod steps;
mod target;

pub use channel_keys::ChannelKeys;
pub use data_sharing::DataSharing;
pub use payments::PaymentDecisions;
pub use ports::Ports;
pub use routes::{handoff_page, router};
pub use settings::Settings;
pub use target::{
    Choice, CustomerAuthorisation, DecisionTarget, DecisionTargets, InteractionStep, Judgement, Offer,
    RejectionCause,
};

#[cfg(test)]
mod tests;
