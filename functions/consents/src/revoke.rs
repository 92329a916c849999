//! DELETE /consents/{consentId} (C04, C10).

use std::sync::Arc;

use ponte_data_consent::consent::RejectedBy;
use ponte_edge::{Answer, ClientCall, Refusal};
use ponte_ports::audit::Actor;

use crate::ports::Ports;
use crate::{change, ended_products, read};

pub(crate) async fn revoke(ports: Arc<Ports>, call: ClientCall) -> Result<Answer, Refusal> {
    let consent = read::own(&ports, &call).await?;
    let with_products = ended_products::of(&consent);
    change::commit(&ports, &call, consent, |consent| {
        let actor = Actor::Client(consent.client.to_string());
        // The client deletes at its customer's wish; the codes of C06 for it are the customer's.
        Ok((Some(consent.revoke(RejectedBy::User, actor, call.now)?), ()))
    })
    .await?;
    ended_products::shorten(&ports, &call, with_products).await;
    Ok(Answer::no_content())
}
