//! POST /consents/{consentId}/extends (C30 to C33).

use std::sync::Arc;

use ponte_catalog::consents::{ExtendConsent, ExtendConsentData};
use ponte_data_consent::consent::{ExtensionRequest, InForce};
use ponte_edge::{Answer, Call, CustomerCall, Refusal};
use ponte_ports::audit::Actor;

use crate::ports::Ports;
use crate::{change, consent_data, create};

pub(crate) async fn extend(ports: Arc<Ports>, call: CustomerCall<InForce>) -> Result<Answer, Refusal> {
    let ExtendConsent { data } = call.json()?;
    let request = request_of(data, &call)?;
    let consent = call.proof.consent().clone();
    change::commit(&ports, &call, consent, |consent| {
        let actor = Actor::Client(consent.client.to_string());
        let change = consent.in_force(call.now)?.extend(request.clone(), ports.settings.policy, actor)?;
        let answer = call.value(201, &consent_data::summary(&change.consent, call.now))?;
        Ok((Some(change), answer))
    })
    .await
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
