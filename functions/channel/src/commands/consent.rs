//! PUT .../commands/{id}/consent: the customer's decision.

use std::sync::Arc;

use ponte_edge::{Answer, Call, MalformedRequest, OpenCall, ParameterFault, Refusal};
use ponte_values::Device;
use serde::Deserialize;

use super::command::{self, CommandHeader, ErrorType};
use super::next::{end, ended_before, log, offers, open};
use crate::limits;
use crate::ports::Ports;
use crate::proof::Wish;
use crate::session::Session;
use crate::steps::{AgreeFault, Completion, agree, repeated};
use crate::target::{Choice, Chosen, Offer, choose};

/// Most products chosen at once.
const SELECTED_MAX: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    #[serde(default)]
    refused: bool,
    /// Ids of the products to share, or of the account to debit.
    #[serde(default)]
    selected_resources: Vec<String>,
    /// Whether a chosen product has other owners who must approve; who they are is known from the list of products.
    #[serde(default)]
    is_multiple_requirer: bool,
    /// `false` only where other owners still have to approve.
    #[serde(default = "yes")]
    is_consent_authorized: bool,
    /// The JWT of the login, once more: verified wherever it is sent, and required in an interaction that was handed off
    /// where the secret of the session is not.
    jwt: Option<String>,
    /// Where the customer is; without it nothing is reported to the metrics platform.
    device: Option<Device>,
}

const fn yes() -> bool {
    true
}

/// Takes the decision. What the channel can put right is answered as a command with status 200.
///
/// # Errors
/// A malformed body, an unknown interaction, or a `jwt` that does not hold.
pub(crate) async fn consent(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let request: Body = call.json()?;
    if request.selected_resources.len() > SELECTED_MAX {
        return Err(MalformedRequest::TooManySelected(SELECTED_MAX).into());
    }
    let wish = if request.refused { Wish::Decline } else { Wish::Agree };
    let session = Session::read(&ports, &call, call.request.id("id"), wish).await?;
    if let Some(answer) = ended_before(&ports, &call, &session, request.refused) {
        return answer;
    }
    let answer = chosen(request.selected_resources.clone()).answer();
    let before = repeated(&ports, &call, &session, &[answer.clone(), answer.refused()]);
    if let Some(completion) = before.filter(|_| !request.refused) {
        verify_customer(&ports, &call, &session, request.jwt.as_deref()).await?;
        return decided(&CommandHeader::of(&session), &completion);
    }
    let session = match open(&call, session) {
        Ok(session) => session,
        Err(answer) => return answer,
    };
    // A target that has ended cannot be authorised: the interaction ends with it.
    if request.refused || session.require_awaiting(&call).is_err() {
        return end(&ports, &call, session, request.device.as_ref()).await;
    }
    authorise(&ports, &call, session, request).await
}

async fn authorise(
    ports: &Ports,
    call: &Call,
    mut session: Session,
    request: Body,
) -> Result<Answer, Refusal> {
    let header = CommandHeader::of(&session);
    if session.may_decide(call).is_err() {
        return command::error(&header, ErrorType::InvalidStatusConfirmation, None);
    }
    verify_customer(ports, call, &session, request.jwt.as_deref()).await?;
    limits::admit_decision(ports, call, &session).await?;
    let offers = match offers(call, &mut session).await {
        Ok(offers) => offers,
        Err(kind) => return command::error(&header, kind, None),
    };
    if let Some(kind) = invalid_choice(&session, &offers, &request.selected_resources) {
        return command::error(&header, kind, None);
    }
    let wished = chosen(request.selected_resources);
    let answer = wished.answer();
    let chosen = choose(&*session.target, &offers, wished)?;
    let waits = offers.iter().any(|offer| offer.waits_for_others && chosen.contains(&offer.id));
    if !(request.is_consent_authorized || request.is_multiple_requirer && waits) {
        return Err(Refusal::invalid_parameter("isConsentAuthorized", ParameterFault::NoOtherApprovers));
    }
    let yes = agree(ports, call, session, (answer, chosen), request.device.as_ref()).await;
    match yes {
        Ok(completion) => decided(&header, &completion),
        Err(AgreeFault::NotJudged(fault)) => {
            log(call, fault);
            command::error(&header, ErrorType::NotJudged, None)
        }
        Err(AgreeFault::Refused(refusal)) => Err(refusal),
    }
}

/// What the customer chose.
const fn chosen(ids: Vec<String>) -> Chosen {
    Chosen { resources: Some(ids), debtor: None }
}

/// The end of the loop by a yes: it was taken, or the institution could not do what was agreed to (P33).
fn decided(header: &CommandHeader, completion: &Completion) -> Result<Answer, Refusal> {
    if completion.granted {
        return command::completed(header, Some(completion));
    }
    command::error(header, ErrorType::PaymentRefused, Some(completion))
}

/// Refuses a yes that is not the customer's. Where the secret of the session is not required, after a handoff the JWT of the
/// institution's back end is, which only the phone has: the browser and everybody who saw the code know the id too.
async fn verify_customer(
    ports: &Ports,
    call: &Call,
    session: &Session,
    jwt: Option<&str>,
) -> Result<(), Refusal> {
    let Some(jwt) = jwt else {
        let unknown = session.is_handed_off() && !session.proof.shows_session();
        return if unknown { Err(Refusal::authentication()) } else { Ok(()) };
    };
    let keys = ports.channel_keys.as_ref().ok_or_else(Refusal::not_found)?;
    let customer = keys.customer(jwt, &session.authentication_jti(), call.now).await?;
    if session.names(&customer) { Ok(()) } else { Err(Refusal::authentication()) }
}

/// The error of a choice: an id that was not offered, no product for a target that is about products alone, or not one account for
/// a target that debits one.
fn invalid_choice(session: &Session, offers: &[Offer], chosen: &[String]) -> Option<ErrorType> {
    let offered = |id: &String| offers.iter().any(|offer| offer.id == *id);
    if !chosen.iter().all(offered) {
        return Some(ErrorType::ResourceMustContainId);
    }
    let empty = chosen.is_empty() && !offers.is_empty();
    match session.target.choice() {
        Choice::Some | Choice::Debtor if empty => Some(ErrorType::ResourceMustContainIdSelectableProducts),
        Choice::Any | Choice::Some => None,
        Choice::Debtor => chosen.iter().any(|id| *id != chosen[0]).then_some(ErrorType::SeveralDebtors),
    }
}
