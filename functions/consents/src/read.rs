//! GET /consents/{consentId} (C06, C09), and how a client's own consent is found.

use std::sync::Arc;

use ponte_data_consent::consent::{Consent, ConsentFault};
use ponte_edge::{Answer, ClientCall, Refusal};
use ponte_values::ConsentId;

use crate::consent_data;
use crate::ports::Ports;

pub(crate) async fn read(ports: Arc<Ports>, call: ClientCall) -> Result<Answer, Refusal> {
    let consent = own(&ports, &call).await?;
    call.value(200, &consent_data::full(&consent, call.now))
}

/// The consent of the path, which must be the caller's (C09). An id that no consent can have is unknown too.
pub(crate) async fn own(ports: &Ports, call: &ClientCall) -> Result<Consent, Refusal> {
    let id = ConsentId::parse(call.request.id("consentId")).map_err(|_| ConsentFault::Unknown)?;
    let consent = ports.consents.find(&id).await?.ok_or(ConsentFault::Unknown)?;
    if consent.client == call.client.id { Ok(consent) } else { Err(ConsentFault::OtherClient.into()) }
}
