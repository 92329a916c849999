//! Renewal: another end for an authorised consent, and the history of it (C30 to C34).

use std::fmt;

use ponte_values::{Cnpj, Cpf, Moment};
use serde::{Deserialize, Serialize};

use super::change::AuditAction;
use super::{ConsentChange, ConsentPolicy, ExtensionFault, InForce};
use ponte_ports::audit::Actor;
use ponte_ports::outbox::NoticeKind;

/// What a client asks for when it renews a consent for its customer.
#[derive(Clone)]
pub struct ExtensionRequest {
    /// The person at the client.
    pub logged_user: Cpf,
    /// The company the person acts for, if any.
    pub business: Option<Cnpj>,
    /// The new end; none is an indefinite term (C07).
    pub expires_at: Option<Moment>,
    /// `x-fapi-customer-ip-address` (C32).
    pub ip_address: String,
    /// `x-customer-user-agent` (C32).
    pub user_agent: String,
}

/// A renewal that happened (C34).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Extension {
    /// When it was asked for.
    pub requested_at: Moment,
    /// Who asked.
    pub logged_user: Cpf,
    /// The end it gave; none is an indefinite term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Moment>,
    /// The end before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_expires_at: Option<Moment>,
    /// `x-fapi-customer-ip-address` of the call.
    pub ip_address: String,
    /// `x-customer-user-agent` of the call.
    pub user_agent: String,
}

impl InForce {
    /// Gives the consent another end; the status and everything else stay (C30). Order of the faults as in C33.
    pub fn extend(
        mut self,
        request: ExtensionRequest,
        policy: ConsentPolicy,
        actor: Actor,
    ) -> Result<ConsentChange, ExtensionFault> {
        self.check(&request, policy)?;
        let Self { consent, now } = &mut self;
        let extension = Extension {
            requested_at: *now,
            logged_user: request.logged_user,
            expires_at: request.expires_at,
            previous_expires_at: consent.expires_at,
            ip_address: request.ip_address,
            user_agent: request.user_agent,
        };
        consent.expires_at = request.expires_at;
        consent.renewals += 1;
        let action = AuditAction { action: "consent.extended", actor, at: *now };
        let change = self.consent.with_expiry_notice(self.now).change_within(action, NoticeKind::Extended);
        Ok(ConsentChange { extension: Some(extension), ..change })
    }

    fn check(&self, request: &ExtensionRequest, policy: ConsentPolicy) -> Result<(), ExtensionFault> {
        let consent = &self.consent;
        match (&consent.business, &request.business) {
            (None, None) if consent.logged_user != request.logged_user => {
                return Err(ExtensionFault::OtherCustomer);
            }
            (Some(own), Some(other)) if own != other => return Err(ExtensionFault::OtherCustomer),
            (None, None) | (Some(_), Some(_)) => {}
            (None, Some(_)) | (Some(_), None) => return Err(ExtensionFault::BusinessEntity),
        }
        if consent.linked {
            return Err(ExtensionFault::Linked);
        }
        if consent.resources().iter().any(|resource| resource.approvals().is_some()) {
            return Err(ExtensionFault::SeveralApprovers);
        }
        if self.is_later(request.expires_at, policy) { Ok(()) } else { Err(ExtensionFault::ExpirationDate) }
    }

    /// Whether an end lies after now and after the current one; nothing lies after an indefinite term (C30).
    fn is_later(&self, end: Option<Moment>, policy: ConsentPolicy) -> bool {
        match (self.consent.expires_at, end) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(current), Some(end)) => {
                let within = policy.longest_renewal.is_none_or(|term| end <= self.now.plus(term));
                end > self.now && end > current && within
            }
        }
    }
}

/// Where a person was and with what stays out of logs.
impl fmt::Debug for ExtensionRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExtensionRequest").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// Where a person was and with what stays out of logs.
impl fmt::Debug for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extension").field("requested_at", &self.requested_at).finish_non_exhaustive()
    }
}
