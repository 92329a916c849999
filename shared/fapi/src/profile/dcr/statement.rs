//! Software statements: claims of the directory about a software and its organisation (S81 to S87).

use ponte_values::{OrganisationId, SoftwareStatementId};
use serde::Deserialize;

use crate::profile::certificate::ClientCertificate;
use crate::profile::claims::{NumericDate, VerificationTime};

use super::fault::RegistrationFault;
use super::roles::Role;

/// Longest time between the issue of a statement and its use, in seconds (S81).
const AGE_MAX: u64 = 300;
/// Status of an organisation or a role that takes part.
const ACTIVE: &str = "Active";

/// The claims as they arrive; [`StatementClaims::check`] validates them. Unknown ones are passed over.
#[derive(Debug, Deserialize)]
pub struct StatementClaims {
    #[serde(default)]
    iat: Option<NumericDate>,
    #[serde(default)]
    software_id: Option<String>,
    #[serde(default)]
    software_client_name: Option<String>,
    #[serde(default)]
    software_client_uri: Option<String>,
    #[serde(default)]
    software_logo_uri: Option<String>,
    #[serde(default)]
    software_tos_uri: Option<String>,
    #[serde(default)]
    software_policy_uri: Option<String>,
    #[serde(default)]
    software_redirect_uris: Option<Vec<String>>,
    #[serde(default)]
    software_jwks_uri: Option<String>,
    #[serde(default)]
    software_api_webhook_uris: Option<Vec<String>>,
    #[serde(default)]
    software_statement_roles: Option<Vec<RoleClaim>>,
    #[serde(default)]
    org_id: Option<String>,
    #[serde(default)]
    org_name: Option<String>,
    #[serde(default)]
    org_status: Option<String>,
}

#[derive(Debug, Deserialize)]
struct RoleClaim {
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    status: Option<String>,
}

/// A statement in force: issued lately, of an active organisation, with an active role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoftwareStatement {
    pub(super) software: SoftwareStatementId,
    pub(super) organisation: OrganisationId,
    pub(super) organisation_name: Option<String>,
    pub(super) client_name: Option<String>,
    pub(super) client_uri: Option<String>,
    pub(super) logo_uri: Option<String>,
    pub(super) tos_uri: Option<String>,
    pub(super) policy_uri: Option<String>,
    pub(super) redirect_uris: Vec<String>,
    pub(super) jwks_uri: String,
    pub(super) webhook_uris: Vec<String>,
    pub(super) roles: Vec<Role>,
}

impl StatementClaims {
    /// Validates the claims. The skew is granted to the future only: five minutes are already a tolerance (S81).
    ///
    /// # Errors
    /// The first rule broken.
    pub fn check(self, time: VerificationTime) -> Result<SoftwareStatement, RegistrationFault> {
        let iat = self.iat.ok_or(RegistrationFault::StatementClaim("iat"))?.seconds();
        if iat > time.now.saturating_add(time.skew) {
            return Err(RegistrationFault::StatementNotYetIssued);
        }
        if time.now.saturating_sub(iat) > AGE_MAX {
            return Err(RegistrationFault::StatementTooOld);
        }
        let software = id(self.software_id, "software_id", SoftwareStatementId::parse)?;
        let organisation = id(self.org_id, "org_id", OrganisationId::parse)?;
        if self.org_status.as_deref() != Some(ACTIVE) {
            return Err(RegistrationFault::OrganisationInactive);
        }
        let roles = active(self.software_statement_roles);
        if roles.is_empty() {
            return Err(RegistrationFault::RoleInactive);
        }
        Ok(SoftwareStatement {
            software,
            organisation,
            organisation_name: text(self.org_name),
            client_name: text(self.software_client_name),
            client_uri: text(self.software_client_uri),
            logo_uri: text(self.software_logo_uri),
            tos_uri: text(self.software_tos_uri),
            policy_uri: text(self.software_policy_uri),
            redirect_uris: self.software_redirect_uris.unwrap_or_default(),
            jwks_uri: text(self.software_jwks_uri)
                .filter(|uri| uri.starts_with("https://"))
                .ok_or(RegistrationFault::StatementClaim("software_jwks_uri"))?,
            webhook_uris: self.software_api_webhook_uris.unwrap_or_default(),
            roles,
        })
    }
}

impl SoftwareStatement {
    /// `software_id`.
    #[must_use]
    pub fn software(&self) -> &SoftwareStatementId {
        &self.software
    }

    /// `org_id`.
    #[must_use]
    pub fn organisation(&self) -> &OrganisationId {
        &self.organisation
    }

    /// Name of the receiver shown to customers: that of the organisation, else that of the software.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.organisation_name.as_deref().or(self.client_name.as_deref())
    }

    /// URL at which the directory publishes the keys of the software (S82).
    #[must_use]
    pub fn jwks_uri(&self) -> &str {
        &self.jwks_uri
    }

    /// Whether the certificate is one of this software and organisation (S84).
    ///
    /// # Errors
    /// `CertificateMismatch` when it is not.
    pub fn check_owner(&self, certificate: &ClientCertificate) -> Result<(), RegistrationFault> {
        let same = certificate.software_statement_id() == Some(self.software.as_str())
            && certificate.organisation_id() == Some(self.organisation.as_str());
        if same { Ok(()) } else { Err(RegistrationFault::CertificateMismatch) }
    }
}

fn id<T, E>(
    claim: Option<String>,
    name: &'static str,
    parse: fn(&str) -> Result<T, E>,
) -> Result<T, RegistrationFault> {
    claim.and_then(|text| parse(&text).ok()).ok_or(RegistrationFault::StatementClaim(name))
}

/// An empty text says nothing.
fn text(claim: Option<String>) -> Option<String> {
    claim.filter(|text| !text.is_empty())
}

/// The roles in force, each once; names that open nothing here are passed over.
fn active(claims: Option<Vec<RoleClaim>>) -> Vec<Role> {
    let mut roles = Vec::new();
    for claim in claims.into_iter().flatten() {
        let name = claim.role.filter(|_| claim.status.as_deref() == Some(ACTIVE));
        let role = name.and_then(|name| Role::parse(&name));
        roles.extend(role.filter(|role| !roles.contains(role)));
    }
    roles
}
