//! The data-sharing consent: what it holds, what it is worth at a moment, and the transitions it has (C01 to C10).

use std::time::Duration;

use ponte_values::{ClientId, Cnpj, ConsentId, Cpf, Moment, OrganisationId, Permission, PermissionSet};
use serde::{Deserialize, Serialize};

use crate::audit::{Actor, AuditEntry};
use crate::groups::{self, PermissionFault};
use crate::legacy_id::LegacyId;

/// How long a consent may wait for the customer (C03).
pub const AWAITING_LIMIT: Duration = Duration::from_hours(1);

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
    /// When it was created.
    pub created_at: Moment,
    /// When the state last changed.
    pub status_updated_at: Moment,
    /// When it ends; none is an indefinite term (C07).
    pub expires_at: Option<Moment>,
    /// Number of changes so far; the store's condition for the next one.
    pub version: u64,
    state: State,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum State {
    AwaitingAuthorisation,
    Authorised(Authorisation),
    Rejected(Rejection),
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

/// One product of the customer under a consent.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    /// Public id: stable for the customer, unguessable, without personal data (C56).
    pub id: String,
    /// Kind of product.
    pub kind: ResourceKind,
    /// State in the Resources API (C60).
    pub status: ResourceStatus,
    /// The institution's own key; passed on unread.
    pub legacy_id: LegacyId,
}

/// Kind of product, named as in the Resources API.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ResourceKind {
    /// Current, savings or prepaid account.
    Account,
}

/// State of a resource (C60).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ResourceStatus {
    /// May be read.
    Available,
    /// May not be read any more.
    Unavailable,
    /// May not be read now.
    TemporarilyUnavailable,
    /// Another person has to approve first.
    PendingAuthorisation,
}

/// Who ended a consent (C06).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RejectedBy {
    /// The customer.
    User,
    /// This institution.
    Aspsp,
    /// The client.
    Tpp,
}

/// Why a consent ended (C06).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RejectionReason {
    /// 60 minutes passed without a decision.
    ConsentExpired,
    /// The customer refused.
    CustomerManuallyRejected,
    /// Revoked after it was authorised.
    CustomerManuallyRevoked,
    /// `expirationDateTime` was reached.
    ConsentMaxDateReached,
    /// A fault of the institution made it impossible.
    ConsentTechnicalIssue,
    /// Security, for instance another person logged in.
    InternalSecurityReason,
}

/// The end of a consent: who, why and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rejection {
    /// Who ended it.
    pub by: RejectedBy,
    /// Why.
    pub reason: RejectionReason,
    /// When.
    pub at: Moment,
}

/// Status on the wire (C02).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum ConsentStatus {
    AwaitingAuthorisation,
    Authorised,
    Rejected,
}

/// What a consent is worth at a moment.
#[derive(Clone, Copy, Debug)]
pub enum Standing<'a> {
    /// The customer may still decide.
    Awaiting,
    /// Data may be read.
    Authorised(&'a Authorisation),
    /// Over, for good.
    Rejected(Rejection),
}

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
}

/// Why a consent cannot be created or changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConsentFault {
    /// The permissions make no sense together (C24).
    Permissions(PermissionFault),
    /// `expirationDateTime` is in the past or more than the ceiling away (C08): DATA_EXPIRACAO_INVALIDA.
    ExpirationDate,
    /// Nothing that this institution offers is left (C23): SEM_PERMISSOES_FUNCIONAIS_RESTANTES.
    NothingFunctional,
    /// The consent is REJECTED already (C10): CONSENTIMENTO_EM_STATUS_REJEITADO.
    AlreadyRejected,
    /// The transition needs AWAITING_AUTHORISATION.
    NotAwaiting,
    /// No such consent, or it belongs to another client (C09).
    Unknown,
    /// The consent belongs to another client.
    OtherClient,
}

/// A decided change, ready to be committed with its audit row.
#[derive(Clone, Debug)]
pub struct ConsentChange {
    /// The consent after the change; its `version` is one more than what the store must hold.
    pub consent: Consent,
    /// The audit row.
    pub audit: AuditEntry,
}

/// Institution settings of the consent rules.
#[derive(Clone, Copy, Debug)]
pub struct ConsentPolicy {
    /// Longest definite term at creation; the rule book is unsure, so it is a setting (C08). None is no ceiling.
    pub longest_term: Option<Duration>,
}

impl Default for ConsentPolicy {
    /// One year, as C08 recommends.
    fn default() -> Self {
        Self { longest_term: Some(Duration::from_hours(366 * 24)) }
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
        groups::check(request.permissions, request.business.is_some()).map_err(ConsentFault::Permissions)?;
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
            permissions: request.permissions,
            created_at: now,
            status_updated_at: now,
            expires_at: request.expires_at,
            version: 1,
            state: State::AwaitingAuthorisation,
        };
        let actor = Actor::Client(consent.client.to_string());
        let audit = consent.audit("consent.created", actor, now);
        Ok(ConsentChange { consent, audit })
    }

    /// What this consent is worth at `now`: deadlines count even if nobody wrote them down yet (C03, C04).
    #[must_use]
    pub fn at(&self, now: Moment) -> Standing<'_> {
        let ended = |reason, at| Standing::Rejected(Rejection { by: RejectedBy::Aspsp, reason, at });
        match &self.state {
            State::AwaitingAuthorisation => {
                let deadline = self.created_at.plus(AWAITING_LIMIT);
                if now >= deadline {
                    ended(RejectionReason::ConsentExpired, deadline)
                } else {
                    Standing::Awaiting
                }
            }
            State::Authorised(authorisation) => match self.expires_at {
                Some(end) if now >= end => ended(RejectionReason::ConsentMaxDateReached, end),
                _ => Standing::Authorised(authorisation),
            },
            State::Rejected(rejection) => Standing::Rejected(*rejection),
        }
    }

    /// Whether data under `permission` may be read at `now`.
    #[must_use]
    pub fn permits(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }

    /// Whether the consent names this customer: the person, and the company if and only if there is one (S20).
    #[must_use]
    pub fn names(&self, person: &Cpf, company: Option<&Cnpj>) -> bool {
        self.logged_user == *person && self.business.as_ref() == company
    }

    /// The customer said yes (C03).
    pub fn authorise(
        self,
        authorisation: Authorisation,
        actor: Actor,
    ) -> Result<ConsentChange, ConsentFault> {
        let now = authorisation.at;
        match self.at(now) {
            Standing::Awaiting => {
                Ok(self.change_to(State::Authorised(authorisation), "consent.authorised", actor, now))
            }
            _ => Err(ConsentFault::NotAwaiting),
        }
    }

    /// The customer said no, or may not say yes, while it was still waiting (C03, S20).
    pub fn refuse(self, rejection: Rejection, actor: Actor) -> Result<ConsentChange, ConsentFault> {
        match self.at(rejection.at) {
            Standing::Awaiting => {
                Ok(self.change_to(State::Rejected(rejection), "consent.refused", actor, rejection.at))
            }
            _ => Err(ConsentFault::NotAwaiting),
        }
    }

    /// Ended on either side (C04, C10). The reason follows from whether the customer had authorised it.
    pub fn revoke(self, by: RejectedBy, actor: Actor, now: Moment) -> Result<ConsentChange, ConsentFault> {
        let reason = match self.at(now) {
            Standing::Awaiting => RejectionReason::CustomerManuallyRejected,
            Standing::Authorised(_) => RejectionReason::CustomerManuallyRevoked,
            Standing::Rejected(_) => return Err(ConsentFault::AlreadyRejected),
        };
        let rejection = Rejection { by, reason, at: now };
        Ok(self.change_to(State::Rejected(rejection), "consent.revoked", actor, now))
    }

    fn change_to(self, state: State, action: &'static str, actor: Actor, now: Moment) -> ConsentChange {
        let before = self.state.name();
        let consent = Self { state, status_updated_at: now, version: self.version + 1, ..self };
        let audit = AuditEntry { before: Some(before), ..consent.audit(action, actor, now) };
        ConsentChange { consent, audit }
    }

    fn audit(&self, action: &'static str, actor: Actor, at: Moment) -> AuditEntry {
        let reason = match &self.state {
            State::Rejected(rejection) => Some(rejection.reason.as_str()),
            _ => None,
        };
        let (subject, after) = (self.id.to_string(), self.state.name());
        AuditEntry { at, actor, subject, action, before: None, after, reason, interaction: None }
    }
}

impl State {
    const fn name(&self) -> &'static str {
        match self {
            Self::AwaitingAuthorisation => "AWAITING_AUTHORISATION",
            Self::Authorised(_) => "AUTHORISED",
            Self::Rejected(_) => "REJECTED",
        }
    }
}

impl Standing<'_> {
    /// The status on the wire.
    #[must_use]
    pub const fn status(&self) -> ConsentStatus {
        match self {
            Self::Awaiting => ConsentStatus::AwaitingAuthorisation,
            Self::Authorised(_) => ConsentStatus::Authorised,
            Self::Rejected(_) => ConsentStatus::Rejected,
        }
    }
}

impl RejectionReason {
    /// The code on the wire (C06).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConsentExpired => "CONSENT_EXPIRED",
            Self::CustomerManuallyRejected => "CUSTOMER_MANUALLY_REJECTED",
            Self::CustomerManuallyRevoked => "CUSTOMER_MANUALLY_REVOKED",
            Self::ConsentMaxDateReached => "CONSENT_MAX_DATE_REACHED",
            Self::ConsentTechnicalIssue => "CONSENT_TECHNICAL_ISSUE",
            Self::InternalSecurityReason => "INTERNAL_SECURITY_REASON",
        }
    }
}

#[cfg(test)]
mod tests;
