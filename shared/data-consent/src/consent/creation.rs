//! Creation of a consent: the request of a client, and the permissions that the consent keeps (C08, C23, C24, C40).

use ponte_values::{ClientId, Cnpj, ConsentId, Cpf, Moment, OrganisationId, PermissionSet};

use super::change::{AuditAction, ConsentChange};
use super::data_consent::Consent;
use super::fault::ConsentFault;
use super::policy::ConsentPolicy;
use super::state::State;
use crate::groups;
use ponte_authorization::search_keys::SearchKeys;
use ponte_ports::StoredForm;
use ponte_ports::audit::Actor;

/// The request of a client for a new consent.
#[derive(Clone, Debug)]
pub struct ConsentRequest {
    /// The natural person.
    pub logged_user: Cpf,
    /// The company, if any.
    pub business: Option<Cnpj>,
    /// Permissions asked for.
    pub permissions: PermissionSet,
    /// End, if definite.
    pub expires_at: Option<Moment>,
    /// Whether it is the data consent of an optimised journey (C40).
    pub linked: bool,
}

/// Id, client and keys of a new consent.
#[derive(Clone, Debug)]
pub struct NewConsent {
    /// Fresh id.
    pub id: ConsentId,
    /// The client that asks.
    pub client: ClientId,
    /// Its organisation.
    pub organisation: OrganisationId,
    /// Keys of the index by customer.
    pub search: SearchKeys,
}

impl Consent {
    /// A new consent that waits for the customer (C03, C24).
    pub fn create(
        new: NewConsent,
        request: ConsentRequest,
        policy: ConsentPolicy,
        now: Moment,
    ) -> Result<ConsentChange, ConsentFault> {
        let permissions = granted(&request, policy)?;
        if let Some(end) = request.expires_at {
            let beyond = policy.longest_term.is_some_and(|term| end > now.plus(term));
            if end <= now || beyond {
                return Err(ConsentFault::ExpirationDate);
            }
        }
        let consent = Self {
            id: new.id,
            client: new.client,
            organisation: new.organisation,
            logged_user: request.logged_user,
            business: request.business,
            permissions,
            linked: request.linked,
            link_id: None,
            created_at: now,
            status_updated_at: now,
            expires_at: request.expires_at,
            renewals: 0,
            search: new.search,
            version: 1,
            seal: None,
            stored: StoredForm::default(),
            notice_seconds: policy.notice.map(|notice| notice.as_secs()),
            noticed: None,
            discard_at: policy.unauthorised_kept.map(|kept| now.plus(kept)),
            note: None,
            state: State::AwaitingAuthorisation,
        };
        let actor = Actor::Client(consent.client.to_string());
        let audit = consent.audit(AuditAction { action: "consent.created", actor, at: now });
        Ok(ConsentChange { consent, audit, extension: None, notices: Vec::new() })
    }
}

/// The permissions of the request that the consent keeps (C23, C24, C40).
fn granted(request: &ConsentRequest, policy: ConsentPolicy) -> Result<PermissionSet, ConsentFault> {
    groups::check(request.permissions, request.business.is_some()).map_err(ConsentFault::Permissions)?;
    if request.linked {
        groups::check_linked(request.permissions).map_err(ConsentFault::Permissions)?;
        if !policy.linked {
            return Err(ConsentFault::LinkedNotServed);
        }
    }
    groups::offered(request.permissions, policy.products).ok_or(ConsentFault::NothingFunctional)
}
