//! PUT .../commands/{id}/consent: what the customer decided.

use std::sync::Arc;

use ponte_data_consent::consent::{Consent, ResourceStatus};
use ponte_edge::{Answer, Call, OpenCall, Refusal};
use ponte_values::{Device, Permission};
use serde::Deserialize;

use super::command::{self, ErrorType, Head, requires_product};
use super::next::{end, offers, open};
use crate::ports::Ports;
use crate::visit::offer::{self, Offer};
use crate::visit::{Visit, agree};

/// Most products chosen at once.
const SELECTED_MAX: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    #[serde(default)]
    refused: bool,
    /// Ids of the products to share.
    #[serde(default)]
    selected_resources: Vec<String>,
    /// Whether others have a say. Who they are is known from the discovery.
    #[serde(default)]
    is_multiple_requirer: bool,
    /// Whether all that have a say said yes.
    #[serde(default = "yes")]
    is_consent_authorized: bool,
    /// What the back end signed at the login, once more: needed in a visit that was handed off, checked wherever it is.
    jwt: Option<String>,
    /// Where the customer is; without it nothing is reported to the metrics platform.
    device: Option<Device>,
}

const fn yes() -> bool {
    true
}

pub(crate) async fn consent(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let asked: Body = call.json()?;
    if asked.selected_resources.len() > SELECTED_MAX {
        return Err(Refusal::malformed("selectedResources: o máximo é 100"));
    }
    let visit = Visit::read(&ports, &call.request.id("id")).await?;
    let visit = match open(&call, visit) {
        Ok(visit) => visit,
        Err(answer) => return answer,
    };
    if asked.refused || visit.still_awaiting(&call).is_err() {
        return end(&ports, &call, visit, asked.device.as_ref()).await;
    }
    authorise(&ports, &call, visit, asked).await
}

async fn authorise(ports: &Ports, call: &Call, visit: Visit, asked: Body) -> Result<Answer, Refusal> {
    let head = Head::of(&visit.interaction);
    if visit.may_decide(call).is_err() {
        return command::error(&head, ErrorType::InvalidStatusConfirmation, None);
    }
    is_the_customer_s(ports, call, &visit, asked.jwt.as_deref()).await?;
    let offers = match offers(ports, call, &visit).await {
        Ok(offers) => offers,
        Err(kind) => return command::error(&head, kind, None),
    };
    if let Some(kind) = unfit(&visit.consent, &offers, &asked.selected_resources) {
        return command::error(&head, kind, None);
    }
    let resources = offer::choose(offers, Some(&asked.selected_resources))?;
    let waits = resources.iter().any(|r| r.at(call.now) == ResourceStatus::PendingAuthorisation);
    if !(asked.is_consent_authorized || asked.is_multiple_requirer && waits) {
        return Err(Refusal::parameter(
            "isConsentAuthorized",
            "só é falso com isMultipleRequirer e um produto que dependa de outras pessoas",
        ));
    }
    let ending = agree(ports, call, visit, resources, asked.device.as_ref()).await?;
    command::completed(&head, Some(&ending))
}

/// Refuses a yes that is not the customer's. Whoever began a visit that was handed off, or saw its code, knows its id as
/// well as the phone does; only the phone has what the back end signed.
async fn is_the_customer_s(
    ports: &Ports,
    call: &Call,
    visit: &Visit,
    jwt: Option<&str>,
) -> Result<(), Refusal> {
    let Some(jwt) = jwt else {
        return if visit.interaction.is_handed_off() { Err(Refusal::authentication()) } else { Ok(()) };
    };
    let keys = ports.channel_keys.as_ref().ok_or_else(Refusal::not_found)?;
    let customer = keys.customer(jwt, &visit.interaction, call.now).await?;
    if visit.consent.names(&customer.cpf, customer.cnpj.as_ref()) {
        Ok(())
    } else {
        Err(Refusal::authentication())
    }
}

/// What is wrong with a choice: an id that was not offered, or nothing where nothing else is shared either.
fn unfit(consent: &Consent, offers: &[Offer], chosen: &[String]) -> Option<ErrorType> {
    let offered = |id: &String| offers.iter().any(|offer| offer.id == *id);
    if !chosen.iter().all(offered) {
        return Some(ErrorType::ResourceMustContainId);
    }
    let product_only = |permission| requires_product(permission) || permission == Permission::ResourcesRead;
    let empty = chosen.is_empty() && !offers.is_empty() && consent.permissions.iter().all(product_only);
    empty.then_some(ErrorType::ResourceMustContainIdSelectableProducts)
}
