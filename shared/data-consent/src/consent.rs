//! The data-sharing consent: its stored form, its status at a moment, and its transitions (C01 to C41).
//!
//! | module | contents |
//! |---|---|
//! | [`data_consent`], [`state`] | the stored consent and its state |
//! | [`creation`], [`policy`] | a new consent: the request and the settings (C08, C23, C24, C40) |
//! | [`effective_status`] | the status at a moment, deadlines included (C02 to C04) |
//! | [`proof`], [`transition`], [`rejection`] | authorisation, refusal and the end (C03, C04, C06, C10, C41) |
//! | [`resource`], [`resources`], [`resource_status`], [`resource_change`] | the products shared, and how their status changes (C56, C60) |
//! | [`approve`] | the answers of the other people that a product waits for (C11, C60) |
//! | [`extension`], [`extend`] | renewals (C30 to C34) |
//! | [`lifetime`] | from when to when it was in force (M50) |
//! | [`expiry`] | the changes that time makes, and when the next one is due (C03, C04, C07) |
//! | [`change`] | a decided change with all that is written with it |
//!
//! A transition starts from a proof: [`Awaiting`] or [`InForce`], which only a consent in that state gives. REJECTED gives
//! none, so nothing leads out of it; and what the rule book does not have does not compile, such as a yes after a yes:
//!
//! ```compile_fail
//! # use ponte_data_consent::consent::{Authorisation, InForce};
//! # use ponte_ports::audit::Actor;
//! fn again(consent: InForce, yes: Authorisation, who: Actor) {
//!     let _ = consent.authorise(yes, who);
//! }
//! ```

mod approve;
mod change;
mod creation;
mod data_consent;
mod effective_status;
mod expiry;
mod extend;
mod extension;
mod fault;
mod lifetime;
mod policy;
mod proof;
mod rejection;
mod resource;
mod resource_change;
mod resource_status;
mod resources;
mod state;
mod transition;

pub use change::ConsentChange;
pub use creation::{ConsentRequest, NewConsent};
pub use data_consent::Consent;
pub use effective_status::{AWAITING_LIMIT, ConsentStatus, EffectiveStatus};
pub use extension::{Extension, ExtensionRequest};
pub use fault::{ApprovalFault, ConsentFault, ExtensionFault};
pub use lifetime::Lifetime;
pub use policy::ConsentPolicy;
pub use proof::{Awaiting, InForce};
pub use rejection::{InstitutionReason, Note, RejectedBy, Rejection, RejectionReason};
pub use resource::Resource;
pub use resource_status::ResourceStatus;
pub use resources::Resources;
pub use state::Authorisation;

#[cfg(test)]
mod tests;
