//! The consents that a call may touch: all, those of a customer it names, or only those of the customer it must name.

use ponte_data_consent::consent::{Consent, ConsentFault};
use ponte_edge::{Call, CustomerScope, Refusal};
use ponte_values::ConsentId;

use crate::ports::Ports;

/// Whether the call may touch a consent.
pub(super) fn sees(customer: &CustomerScope, consent: &Consent) -> bool {
    customer.sees(&consent.logged_user, consent.business.as_ref())
}

/// The consent of the path. One that the call may not touch is as unknown as one that does not exist.
pub(super) async fn consent(
    ports: &Ports,
    call: &Call,
    customer: &CustomerScope,
) -> Result<Consent, Refusal> {
    let id = ConsentId::parse(call.request.id("consentId")).map_err(|_| ConsentFault::Unknown)?;
    let consent = ports.consents.find(&id).await?.filter(|consent| sees(customer, consent));
    Ok(consent.ok_or(ConsentFault::Unknown)?)
}
