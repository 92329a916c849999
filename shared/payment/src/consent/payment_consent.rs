//! A payment consent as stored: what a client may pay for a customer, once, and how far the decision is.

use ponte_authorization::search_keys::SearchKeys;
use ponte_ports::StoredForm;
use ponte_values::{ClientId, Cnpj, ConsentId, Cpf, Moment, OrganisationId, PaymentId};
use serde::{Deserialize, Serialize};

use super::rejection::ConsentRejection;
use super::state::{Authorisation, State};
use crate::wire::{ApiVersion, PaymentConsentRequest, Purpose, Schedule, ScheduledDays};

/// A payment consent as stored. It has no clock in it: [`PaymentConsent::at`] gives its status at a moment. Reading never writes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentConsent {
    /// The URN the client knows it by.
    pub id: ConsentId,
    /// Client that created it.
    pub client: ClientId,
    /// Organisation of that client.
    pub organisation: OrganisationId,
    /// Version of the API that created it.
    pub api: ApiVersion,
    /// What was asked for, as it was asked.
    pub request: PaymentConsentRequest,
    /// When it was created.
    pub created_at: Moment,
    /// When the state last changed.
    pub status_updated_at: Moment,
    /// When the present state ends by itself, or ended (P05 to P07).
    pub expires_at: Moment,
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
    pub(super) state: State,
}

impl PaymentConsent {
    /// The person who decides.
    #[must_use]
    pub const fn person(&self) -> &Cpf {
        &self.request.logged_user.document.identification
    }

    /// The company that pays, if one does.
    #[must_use]
    pub fn company(&self) -> Option<&Cnpj> {
        self.request.business_entity.as_ref().map(|company| &company.document.identification)
    }

    /// The authorisation, also after the end and before others agree; `None` if the customer never agreed.
    #[must_use]
    pub const fn authorisation(&self) -> Option<&Authorisation> {
        match &self.state {
            State::AwaitingAuthorisation => None,
            State::PartiallyAccepted(partly) => Some(&partly.authorisation),
            State::Authorised(authorisation) => Some(authorisation),
            State::Rejected(ended) => ended.authorisation.as_ref(),
            State::Consumed(consumed) => Some(&consumed.authorisation),
        }
    }

    /// The payments it was used for, in the order of their request.
    #[must_use]
    pub fn payments(&self) -> &[PaymentId] {
        match &self.state {
            State::Consumed(consumed) => &consumed.payments,
            _ => &[],
        }
    }

    /// The rejection as far as the stored state goes.
    #[must_use]
    pub const fn rejection(&self) -> Option<&ConsentRejection> {
        match &self.state {
            State::Rejected(ended) => Some(&ended.rejection),
            _ => None,
        }
    }

    /// What its payments are for: as v5 says it, or as it follows from the schedule in v4 (P57).
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        match (self.request.payment.purpose, &self.request.payment.schedule) {
            (Some(purpose), _) => purpose,
            (None, None) => Purpose::Immediate,
            (None, Some(Schedule { days: ScheduledDays::Single { .. }, .. })) => Purpose::SingleScheduled,
            (None, Some(_)) => Purpose::RecurrentScheduled,
        }
    }

    /// Whether its payments take place on later days.
    #[must_use]
    pub const fn is_scheduled(&self) -> bool {
        self.request.payment.schedule.is_some()
    }
}
