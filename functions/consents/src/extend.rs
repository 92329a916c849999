//! POST /consents/{consentId}/extends (C30 to C33).

use std::sync::Arc;

use ponte_catalog::consents::{ExtendConsent, ExtendConsentData};
use ponte_data_consent::consent::{Consent, Extension, ExtensionRequest, InForce};
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
    let (ports, call, request) = (&*ports, &call, &request);
    let extended = change::commit_after_reading(ports, call, consent, |consent| async move {
        let actor = Actor::Client(consent.client.to_string());
        let last = last_of(ports, &consent).await?;
        let in_force = consent.in_force(call.now)?;
        let change = in_force.extend(request.clone(), last.as_ref(), ports.settings.policy, actor)?;
        let answer = call.value(201, &consent_data::summary(&change.consent, call.now))?;
        Ok((Some(change), answer))
    })
    .await;
    match extended {
        Err(refusal) if refusal.status() == UNPROCESSABLE => {
            repeated(ports, call, &id, request).await?.ok_or(refusal)
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
    let last = last_of(ports, proof.consent()).await?;
    if !last.is_some_and(|last| proof.was_extended_by(request, &last)) {
        return Ok(None);
    }
    call.value(201, &consent_data::summary(proof.consent(), call.now)).map(Some)
}

/// The newest renewal of a consent. What is read of one that was renewed since is of no harm: the commit meets a conflict.
async fn last_of(ports: &Ports, consent: &Consent) -> Result<Option<Extension>, Refusal> {
    if consent.renewals == 0 {
        return Ok(None);
    }
    Ok(ports.extensions.list(&consent.id, 0, 1).await?.pop())
}

fn request_of(data: ExtendConsentData, call: &Call) -> Result<ExtensionRequest, Refusal> {
    let (ip_address, user_agent) = call.customer()?;
    let (logged_user, business) = create::named(data.logged_user, data.business_entity)?;
    Ok(ExtensionRequest {
        logged_user,
        business,
        expires_at: create::definite(data.expiration_date_time),
        ip_address: ip_address.to_owned(),
        user_agent: user_agent.to_owned(),
    })
}
