//! Data consents: the regulatory API, their management by the institution, and their expiry.
//!
//! | module | what it serves |
//! |---|---|
//! | `create`, `read`, `revoke`, `extend`, `extensions` | `/open-banking/consents/v3/consents`, for clients |
//! | `management` | `/open-banking/oob-consents`, for the institution's own callers |
//! | `operator`, types in [`commands`] | operator commands: expiry at once, notices once more |
//! | `sweep` | the schedule, every minute: expiry of consents |
//! | `drop_reasons` | the same schedule: drop reasons in the reports of new consents |
//! | `removed_clients` | the same schedule: the end of the consents of removed clients |
//!
//! To add an operation: a file with its handler, and a line in `routes`.

mod change;
pub mod commands;
mod consent_data;
mod create;
mod drop_reasons;
mod ended_products;
mod extend;
mod extensions;
mod management;
mod minute;
mod operator;
mod ports;
mod read;
mod removed_clients;
mod revoke;
mod routes;
mod settings;
mod sweep;

pub use drop_reasons::DropReasons;
pub use minute::EveryMinute;
pub use operator::ConsentOperator;
pub use ponte_data_consent::consent::ConsentPolicy;
pub use ports::Ports;
pub use removed_clients::RemovedClients;
pub use routes::router;
pub use settings::Settings;
pub use sweep::Sweeper;

#[cfg(test)]
mod tests;
