//! What a client may ask for, and what of it a new consent keeps (C08, C23, C24, C40).

use std::time::Duration;

use ponte_values::{ClientId, Cnpj, ConsentId, Cpf, Moment, OrganisationId, PermissionSet};
use serde::{Deserialize, Serialize};

use super::change::AuditAction;
use super::{Consent, ConsentChange, ConsentFault, State};
use crate::groups::{self, Products};
use ponte_ports::audit::Actor;

/// What a client asks for when it creates a consent.
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

/// Who creates the consent, and under which id.
#[derive(Clone, Debug)]
pub struct NewConsent {
    /// Fresh id.
    pub id: ConsentId,
    /// The client that asks.
    pub client: ClientId,
    /// Its organisation.
    pub organisation: OrganisationId,
    /// What the customer's consents are found by.
    pub search: SearchKeys,
}

/// Keyed pseudonyms that customers' consents are listed by, in place of their documents.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SearchKeys {
    /// Of the natural person.
    pub person: String,
    /// Of the company, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
}

/// Institution settings of the consent rules.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConsentPolicy {
    /// Longest definite term at creation; the rule book is unsure, so it is a setting (C08). None is no ceiling.
    pub longest_term: Option<Duration>,
    /// Longest definite term from the day of a renewal; as unsure (C08). None is no ceiling.
    pub longest_renewal: Option<Duration>,
    /// How long further approvers may take.
    pub approval_term: Duration,
    /// How long before its end others are told of it; none is never.
    pub notice: Option<Duration>,
    /// Products offered, of those that a customer selects one by one (C23).
    pub products: Products,
    /// Whether optimised journeys are served (C40).
    pub linked: bool,
}

impl Default for ConsentPolicy {
    /// One year at creation and no ceiling at renewal, as C08 recommends; five days for approvals; notice a day before.
    fn default() -> Self {
        Self {
            longest_term: Some(Duration::from_hours(366 * 24)),
            longest_renewal: None,
            approval_term: Duration::from_hours(5 * 24),
            notice: Some(Duration::from_hours(24)),
            products: Products::ALL,
            linked: false,
        }
    }
}

impl Consent {
    /// A new consent waiting for the customer (C03, C24), or why not.
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
            notice_seconds: policy.notice.map(|notice| notice.as_secs()),
            noticed: None,
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
