//! POST /consents/{consentId}/extends (C30 to C33).

use std::sync::Arc;

use ponte_catalog::consents::{ExtendConsent, ExtendConsentData};
use ponte_data_consent::consent::{ExtensionRequest, InForce};
use ponte_edge::{Answer, Call, CustomerCall, Refusal};
use ponte_ports::audit::Actor;
use ponte_values::ConsentId;

use crate::ports::Ports;
use crate::{change, consent_data, create};

/// Status of a renewal that the rules refuse.
const UNPROCESSABLE: u16 = 422;

pub(crate) async fn extend(ports: Arc<Ports>, call: CustomerCall<InForce>) -> Result<Answer, Refusal> {
    let ExtendConsent { data } = call.json()?;
    let request = request_of(data, &call)?;
    let consent = call.proof.consent().clone();
    let id = consent.id.clone();
    let extended = change::commit(&ports, &call, consent, |consent| {
        let actor = Actor::Client(consent.client.to_string());
        let change = consent.in_force(call.now)?.extend(request.clone(), ports.settings.policy, actor)?;
        let answer = call.value(201, &consent_data::summary(&change.consent, call.now))?;
        Ok((Some(change), answer))
    })
    .await;
    match extended {
        Err(refusal) if refusal.status() == UNPROCESSABLE => {
            repeated(&ports, &call, &id, &request).await?.ok_or(refusal)
        }
        outcome => outcome,
    }
}

/// The answer to a renewal that was made a moment ago and is asked for again, since its answer was lost. Nothing lies
/// after its own end, so such a call has been refused before.
async fn repeated(
    ports: &Ports,
    call: &Call,
    id: &ConsentId,
    request: &ExtensionRequest,
) -> Result<Option<Answer>, Refusal> {
    let Some(consent) = ports.consents.find(id).await? else { return Ok(None) };
    let Ok(proof) = consent.in_force(call.now) else { return Ok(None) };
    let last = ports.extensions.list(&proof.consent().id, 0, 1).await?;
    if !last.first().is_some_and(|last| proof.was_extended_by(request, last)) {
        return Ok(None);
    }
    call.value(201, &consent_data::summary(proof.consent(), call.now)).map(Some)
}

fn request_of(data: ExtendConsentData, call: &Call) -> Result<ExtensionRequest, Refusal> {
    let (ip_address, user_agent) = call.customer()?;
    Ok(ExtensionRequest {
        logged_user: data.logged_user.document.identification,
        business: data.business_entity.map(|company| company.document.identification),
        expires_at: create::definite(data.expiration_date_time),
        ip_address: ip_address.to_owned(),
        user_agent: user_agent.to_owned(),
    })
}
