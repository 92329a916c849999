//! A data consent as stored: whose data a client may read, for how long, and how far the customer's decision is.

use ponte_ports::StoredForm;
use ponte_values::{ClientId, Cnpj, ConsentId, Cpf, Moment, OrganisationId, Permission, PermissionSet};
use serde::{Deserialize, Serialize};

use super::rejection::Note;
use super::resource::Resource;
use super::state::{Authorisation, State};
use ponte_authorization::search_keys::SearchKeys;

/// A consent as stored. It has no clock in it: [`Consent::at`] gives its status at a moment. Reading never writes.
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
    /// Permissions, in force once authorised. A stored one that this release does not know opens nothing (D8).
    #[serde(deserialize_with = "PermissionSet::known")]
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
    /// When it ends; `None` is an indefinite term (C07).
    pub expires_at: Option<Moment>,
    /// How often it was renewed (C34).
    #[serde(default)]
    pub renewals: u32,
    /// Keys of the index by customer, in place of their documents.
    pub search: SearchKeys,
    /// Number of changes so far; the store's condition for the next one.
    pub version: u64,
    /// SHA-256 of the stored form this value was read from, hexadecimal; the store fills it in, and audit rows carry it.
    #[serde(skip)]
    pub seal: Option<String>,
    /// The stored form this value was read from; the store fills it in, and keeps what only a later release knows (D8).
    #[serde(skip)]
    pub stored: StoredForm,
    /// Seconds between the notice of the end and the end; `None` is no notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) notice_seconds: Option<u64>,
    /// The end that a notice was sent for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) noticed: Option<Moment>,
    /// From when on it may be cleaned away; `None` once somebody authorised it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) discard_at: Option<Moment>,
    /// `additionalInformation` of its end (C06).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<Note>,
    pub(super) state: State,
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

    /// `additionalInformation` of its end (C06).
    #[must_use]
    pub const fn note(&self) -> Option<&Note> {
        self.note.as_ref()
    }

    /// The authorisation, also after the end; `None` if the customer never authorised.
    #[must_use]
    pub const fn authorisation(&self) -> Option<&Authorisation> {
        match &self.state {
            State::AwaitingAuthorisation => None,
            State::Authorised(authorisation) => Some(authorisation),
            State::Rejected(ended) => ended.authorisation.as_ref(),
        }
    }

    /// From when on the table may clean the consent away, because nobody ever authorised it; `None` is never (T66). No rule
    /// asks for it: until the table did so, the consent is what it was.
    #[must_use]
    pub const fn discard_at(&self) -> Option<Moment> {
        match self.authorisation() {
            Some(_) => None,
            None => self.discard_at,
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
