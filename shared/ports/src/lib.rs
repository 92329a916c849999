//! Ports that all nouns share: time, ids, secrets, audit, outbox, authority, and their errors.
//!
//! A port is a trait with exactly one adapter, the AWS one; to break it, decorate it. Ports of one noun live beside the
//! noun. To add one that all nouns share: a file here, its adapter in `store`, `cloud` or `outbound`.

pub mod audit;
pub mod audit_chain;
pub mod authority;
pub mod breaker;
mod dead_letters;
mod ending;
mod environment;
mod error;
mod fault;
mod history;
mod legacy_id;
pub mod limits;
mod message_ids;
pub mod operation;
pub mod outbox;
pub mod quality;
pub mod rotation;
mod secrets;
mod stored_form;
mod trail;

pub use authority::Authority;
pub use breaker::Breakers;
pub use dead_letters::{DeadLetter, DeadLetters, LettersToRedrive, TakenLetter};
pub use ending::Ending;
pub use environment::{CLOCK_DIFFERENCE, Clock, Ids, Pauses};
pub use error::{PortError, chain};
pub use fault::{CommitFault, IndexFault, InstitutionFault, Limit, Unavailable};
pub use history::{History, HistoryPage, StatusChange, StatusChangePage, StatusChanges};
pub use legacy_id::LegacyId;
pub use limits::CallCounts;
pub use message_ids::{MessageClaim, UsedMessages};
pub use operation::Operations;
pub use outbox::Outbox;
pub use quality::Quality;
pub use secrets::{Alarm, Alarms, SecretVersion, SecretVersions};
pub use stored_form::StoredForm;
pub use trail::{Trail, Trails};
