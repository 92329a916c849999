//! PATCH consents/v1/consents/{consentId}: an end at the customer's wish, or by the institution itself (C04, C06, C10).

use std::sync::Arc;

use ponte_authorization::api_key::ApiScope;
use ponte_data_consent::consent::{
    Consent, ConsentChange, InstitutionReason, Note, RejectedBy, RejectionReason,
};
use ponte_edge::{Answer, Call, CustomerScope, ManagementFault, ManagerCall, ParameterFault, Refusal};
use ponte_ports::audit::Actor;
use serde::Deserialize;

use super::customer_scope;
use crate::ports::Ports;
use crate::{change, ended_products};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    data: Data,
    /// Name that the caller gives itself; its certificate and key say who it is.
    #[serde(rename = "applicationName")]
    _application_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Data {
    #[serde(rename = "status")]
    _status: Status,
    revocation: Revocation,
}

/// The only status that a consent is brought to here.
#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    Revoked,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Revocation {
    revoked_by: RevokedBy,
    reason: Option<Reason>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum RevokedBy {
    User,
    Aspsp,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Reason {
    code: Option<RejectionReason>,
    additional_information: Option<Note>,
}

/// Cause of an end: the customer's wish, or a reason of the institution.
enum RevocationCause {
    /// The customer wants it; the code, if one was sent, must be the one that follows from the consent's state.
    Customer(Option<RejectionReason>),
    Institution(InstitutionReason),
}

pub(crate) async fn revoke(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let customer = CustomerScope::of(&call, &ports.settings.institution, ApiScope::ConsentsWrite)?;
    let Body { data: Data { revocation, .. }, .. } = call.json()?;
    if revocation.revoked_by == RevokedBy::Aspsp && customer.is_customer() {
        return Err(ManagementFault::NotForInstitution.into());
    }
    let (code, note) = match revocation.reason {
        Some(reason) => (reason.code, reason.additional_information),
        None => (None, None),
    };
    let cause = RevocationCause::of(revocation.revoked_by, code)?;
    let actor = call.manager.actor();
    let consent = customer_scope::consent(&ports, &call, &customer).await?;
    let with_products = ended_products::of(&consent);
    change::commit(&ports, &call, consent, |consent| {
        let change = cause.apply(consent, &call, actor.clone())?;
        Ok((Some(change.with_note(note.clone())), ()))
    })
    .await?;
    ended_products::shorten(&ports, &call, with_products).await;
    Ok(Answer::no_content())
}

impl RevocationCause {
    fn of(by: RevokedBy, code: Option<RejectionReason>) -> Result<Self, Refusal> {
        match (by, code) {
            (RevokedBy::User, code) => Ok(Self::Customer(code)),
            (RevokedBy::Aspsp, Some(RejectionReason::InternalSecurityReason)) => {
                Ok(Self::Institution(InstitutionReason::Security))
            }
            (RevokedBy::Aspsp, Some(RejectionReason::ConsentTechnicalIssue)) => {
                Ok(Self::Institution(InstitutionReason::TechnicalIssue))
            }
            (RevokedBy::Aspsp, _) => {
                Err(Refusal::invalid_parameter("reason.code", ParameterFault::InstitutionReason))
            }
        }
    }

    fn apply(&self, consent: Consent, call: &Call, actor: Actor) -> Result<ConsentChange, Refusal> {
        match self {
            Self::Institution(reason) => Ok(consent.withdraw(*reason, actor, call.now)?),
            Self::Customer(code) => {
                let change = consent.revoke(RejectedBy::User, actor, call.now)?;
                let other = code.is_some_and(|code| change.audit.reason.as_deref() != Some(code.as_str()));
                if other {
                    return Err(Refusal::invalid_parameter("reason.code", ParameterFault::CustomerReason));
                }
                Ok(change)
            }
        }
    }
}
