//! The data-sharing consent: what it holds, what it is worth at a moment, and the transitions it has (C01 to C41).
//!
//! | module | what it says |
//! |---|---|
//! | [`creation`] | what may be asked for, and what of it is kept (C08, C23, C24, C40) |
//! | [`effective_status`] | what a consent is worth at a moment (C02 to C04) |
//! | [`transition`] | yes, no and the end (C03, C04, C10, C41) |
//! | [`resource`], [`approval`] | the products shared, and the other people they wait for (C60) |
//! | [`extension`] | renewal (C30 to C34) |
//! | [`lifetime`] | from when to when it was in force (M50) |
//! | [`expiry`] | what time does, and when somebody must look again (C03, C04, C07) |
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

mod approval;
mod change;
mod creation;
mod effective_status;
mod expiry;
mod extension;
mod fault;
mod lifetime;
mod rejection;
mod resource;

mod transition;

use ponte_values::{ClientId, Cnpj, ConsentId, Cpf, Moment, OrganisationId, Permission, PermissionSet};
use serde::{Deserialize, Serialize};

pub use approval::{Approvals, Approver, ApproverAnswer};
pub use change::ConsentChange;
pub use creation::{ConsentPolicy, ConsentRequest, NewConsent, SearchKeys};
pub use effective_status::{AWAITING_LIMIT, ConsentStatus, EffectiveStatus};
pub use extension::{Extension, ExtensionRequest};
pub use fault::{ApprovalFault, ConsentFault, ExtensionFault};
pub use lifetime::Lifetime;
pub use rejection::{InstitutionReason, Note, RejectedBy, Rejection, RejectionReason};
pub use resource::{Resource, ResourceStatus};
pub use transition::{Awaiting, InForce};

/// A consent as stored. It has no clock in it: ask [`Consent::at`] what it is worth now. Reading never writes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Consent {
    /// The URN the client knows it by.
    pub id: ConsentId,
    /// Client that created it.
    pub client: ClientId,
    /// Organisation of that client.
    pub organisation: OrganisationId,
    /// The natural person who may decide (C25).
    pub logged_user: Cpf,
    /// The company, if the data of one is asked for (C25).
    pub business: Option<Cnpj>,
    /// What may be read once authorised.
    pub permissions: PermissionSet,
    /// Whether it is the data consent of an optimised journey (C40).
    #[serde(default)]
    pub linked: bool,
    /// The primary it was decided with, in an optimised journey (C40).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_id: Option<ConsentId>,
    /// When it was created.
    pub created_at: Moment,
    /// When the state last changed.
    pub status_updated_at: Moment,
    /// When it ends; none is an indefinite term (C07).
    pub expires_at: Option<Moment>,
    /// How often it was renewed (C34).
    #[serde(default)]
    pub renewals: u32,
    /// What customers' consents are found by, in place of their documents.
    pub search: SearchKeys,
    /// Number of changes so far; the store's condition for the next one.
    pub version: u64,
    /// SHA-256 of the stored form this value was read from, hexadecimal; the store fills it in, and audit rows carry it.
    #[serde(skip)]
    pub seal: Option<String>,
    /// How long before its end others are told, in seconds; none is never.
    #[serde(skip_serializing_if = "Option::is_none")]
    notice_seconds: Option<u64>,
    /// The end that others were told of already.
    #[serde(skip_serializing_if = "Option::is_none")]
    noticed: Option<Moment>,
    /// Words of whoever ended it (C06).
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<Note>,
    state: State,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum State {
    AwaitingAuthorisation,
    Authorised(Authorisation),
    Rejected(Ended),
}

/// How it ended, and what had been decided until then.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Ended {
    #[serde(flatten)]
    rejection: Rejection,
    /// None if the customer never said yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authorisation: Option<Authorisation>,
}

/// What the customer decided.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Authorisation {
    /// When.
    pub at: Moment,
    /// Pseudonym of the customer, the `sub` of the tokens (S16).
    pub subject: String,
    /// The products the customer chose to share.
    pub resources: Vec<Resource>,
}

impl Consent {
    /// Whether data under `permission` may be read, if the consent is in force.
    #[must_use]
    pub fn permits(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }

    /// Whether the consent names this customer: the person, and the company if and only if there is one (S20).
    #[must_use]
    pub fn names(&self, person: &Cpf, company: Option<&Cnpj>) -> bool {
        self.logged_user == *person && self.business.as_ref() == company
    }

    /// Words of whoever ended it (C06).
    #[must_use]
    pub const fn note(&self) -> Option<&Note> {
        self.note.as_ref()
    }

    /// What the customer decided, also after the end; none if there was no yes.
    #[must_use]
    pub const fn authorisation(&self) -> Option<&Authorisation> {
        match &self.state {
            State::AwaitingAuthorisation => None,
            State::Authorised(authorisation) => Some(authorisation),
            State::Rejected(ended) => ended.authorisation.as_ref(),
        }
    }

    /// The products that may be read as far as the stored state goes; none before a decision and after an end.
    #[must_use]
    pub fn resources(&self) -> &[Resource] {
        match &self.state {
            State::Authorised(authorisation) => &authorisation.resources,
            State::AwaitingAuthorisation | State::Rejected(_) => &[],
        }
    }
}

#[cfg(test)]
mod tests;
