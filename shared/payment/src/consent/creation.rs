//! Creation of a payment consent. The request was judged before (P30); nobody looks the customer or the key up (P09).

use std::time::Duration;

use ponte_authorization::search_keys::SearchKeys;
use ponte_ports::StoredForm;
use ponte_ports::audit::Actor;
use ponte_values::{ClientId, ConsentId, Moment, OrganisationId};

use super::change::{AuditAction, PaymentConsentChange};
use super::payment_consent::PaymentConsent;
use super::state::State;
use crate::wire::{ApiVersion, PaymentConsentRequest};

/// How long a payment consent may wait for its customer (P05).
pub(super) const AWAITING_LIMIT: Duration = Duration::from_mins(5);

/// Id, client and keys of a new consent.
#[derive(Clone, Debug)]
pub struct NewPaymentConsent {
    /// Fresh id of a payment consent.
    pub id: ConsentId,
    /// The client that asks.
    pub client: ClientId,
    /// Its organisation.
    pub organisation: OrganisationId,
    /// Version of the API.
    pub api: ApiVersion,
    /// Keys of the index by customer.
    pub search: SearchKeys,
}

impl PaymentConsent {
    /// A new consent that waits for the customer.
    #[must_use]
    pub fn create(
        new: NewPaymentConsent,
        request: PaymentConsentRequest,
        now: Moment,
    ) -> PaymentConsentChange {
        let consent = Self {
            id: new.id,
            client: new.client,
            organisation: new.organisation,
            api: new.api,
            request,
            created_at: now,
            status_updated_at: now,
            expires_at: now.plus(AWAITING_LIMIT),
            search: new.search,
            version: 1,
            seal: None,
            stored: StoredForm::default(),
            state: State::AwaitingAuthorisation,
        };
        let actor = Actor::Client(consent.client.to_string());
        let audit = consent.audit(AuditAction { action: "payment_consent.created", actor, at: now });
        PaymentConsentChange { consent, audit, notice: None }
    }
}
