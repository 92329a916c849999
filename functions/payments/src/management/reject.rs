//! PATCH payments/v1/consents/{consentId}: a payment consent ends before it is used, at the customer's wish or by the institution. The
//! API of payments has no REVOKED: what was AUTHORISED ends as REJECTED too (P04).

use std::sync::Arc;

use ponte_authorization::api_key::ApiScope;
use ponte_edge::{Answer, CustomerScope, ManagementFault, ManagerCall, ParameterFault, Refusal};
use ponte_payment::consent::{ConsentRejectionCode, EffectiveStatus};
use ponte_payment::wire::Text;
use serde::Deserialize;

use super::{change, customers};
use crate::ports::Ports;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    data: Data,
    /// Name that the caller gives itself; its certificate and key say who it is.
    #[serde(rename = "applicationName")]
    _application_name: Option<String>,
}

/// One of both: how an end is called before the customer agreed, and after.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Data {
    Rejection(Rejection),
    Revocation(Revocation),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Rejection {
    rejected_by: By,
    reason: Option<Reason<ConsentRejectionCode>>,
    #[serde(rename = "rejectedFrom")]
    _rejected_from: Option<Side>,
    #[serde(rename = "rejectedAt")]
    _rejected_at: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Revocation {
    revoked_by: By,
    reason: Option<Reason<RevocationCode>>,
    #[serde(rename = "revokedFrom")]
    _revoked_from: Option<Side>,
    #[serde(rename = "revokedAt")]
    _revoked_at: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason<C> {
    code: C,
    detail: Option<Text<2048>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum By {
    Iniciadora,
    Usuario,
    Detentora,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Side {
    Iniciadora,
    Detentora,
}

/// The reasons of a revocation; none of them is a code of the API of payments.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum RevocationCode {
    NaoInformado,
    RevogadoUsuario,
    RevogadoRecebedor,
}

pub(super) async fn reject(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let customer = CustomerScope::of(&call, &ports.settings.institution, ApiScope::ConsentsWrite)?;
    let Body { data, .. } = call.json()?;
    let (by, code, detail) = match data {
        Data::Rejection(Rejection { rejected_by, reason, .. }) => {
            let (code, detail) = reason.map_or((None, None), |reason| (Some(reason.code), reason.detail));
            (rejected_by, code, detail)
        }
        Data::Revocation(Revocation { revoked_by, reason, .. }) => {
            (revoked_by, None, reason.and_then(|reason| reason.detail))
        }
    };
    if customer.is_customer() && by != By::Usuario {
        return Err(ManagementFault::NotForInstitution.into());
    }
    // Only time itself makes these.
    let of_time =
        [ConsentRejectionCode::TempoExpiradoAutorizacao, ConsentRejectionCode::TempoExpiradoConsumo];
    if code.is_some_and(|code| of_time.contains(&code)) {
        return Err(Refusal::invalid_parameter("reason.code", ParameterFault::InstitutionReason));
    }
    let detail = detail.map(|detail| detail.expose().to_owned());
    let actor = call.manager.actor();
    let consent = customers::consent(&ports, &call, &customer).await?;
    change::commit(&ports, &call, consent, |consent| {
        // After the customer agreed nobody refuses the authorisation any more.
        let agreed = matches!(consent.at(call.now), EffectiveStatus::Authorised(_));
        let code = match code {
            Some(ConsentRejectionCode::RejeitadoUsuario) | None if agreed => {
                ConsentRejectionCode::NaoInformado
            }
            None if by == By::Usuario => ConsentRejectionCode::RejeitadoUsuario,
            None => ConsentRejectionCode::NaoInformado,
            Some(code) => code,
        };
        consent.reject(code, detail.clone(), actor.clone(), call.now)
    })
    .await?;
    Ok(Answer::no_content())
}
