//! Another participant of the ecosystem: a receiver of data and an initiator of payments with its own keys and certificates, built from `endpoints.json`
//! alone, as any program outside would be. It does what its users ask and reports every call to the metrics platform.
//!
//! Each method makes one call and returns the answer unchecked: checking it is the caller's task.
//! One more API = nothing to do, [`Receiver::get`] knows no API by name. One more grant = a method in `grants.rs`.

mod authorization;
mod client;
mod discovered;
mod error;
mod grants;
mod inspection;
mod messages;
mod page;
pub mod payments;
mod pending;
mod receiver;
mod registration;
mod report;
mod resources;
mod software;
#[cfg(test)]
mod tests;

pub use authorization::{Authorization, Callback, CallbackFault};
pub use client::ClientRecord;
pub use discovered::Discovered;
pub use error::SetUpError;
pub use grants::Tokens;
pub use messages::{SignedRequest, UnbelievedAnswer};
pub use page::CallbackPage;
pub use payments::{PaymentOrder, PaymentsApi};
pub use receiver::Receiver;
pub use report::Reported;
pub use resources::{DataRequest, NewConsent};
pub use software::{Registration, Software, reading, registering, replacing};
