//! The next command of an interaction.

use ponte_authorization::interaction::{CustomerAnswer, Waiting};
use ponte_edge::{Answer, Call, Refusal};
use ponte_ports::InstitutionFault;
use ponte_values::Device;

use super::command::{self, CommandHeader, ErrorType};
use crate::limits;
use crate::ports::Ports;
use crate::session::Session;
use crate::steps::{Completion, decline, repeated};
use crate::target::Offer;

/// The command an interaction waits for; changes nothing. Where no proof is required, the id or the code of an interaction
/// that was handed off is known to others too: there the products are shown after a login alone. `phone_secret` is that of a phone
/// which takes the interaction over by this call.
pub(super) async fn next(
    ports: &Ports,
    call: &Call,
    mut session: Session,
    phone_secret: Option<&str>,
) -> Result<Answer, Refusal> {
    let header = CommandHeader::of(&session);
    match session.waits_for(call) {
        Waiting::Expired => command::error(&header, ErrorType::InvalidSession, None),
        _ if session.interaction.was_aborted() => command::aborted(&header),
        Waiting::Page(_) | Waiting::Browser(_) | Waiting::Nothing => command::completed(&header, None),
        Waiting::Login | Waiting::Decision(_) if session.require_awaiting(call).is_err() => {
            command::error(&header, ErrorType::ExpiredConsent, None)
        }
        Waiting::Login => command::authenticate(&session, phone_secret),
        Waiting::Decision(_) if session.is_handed_off() && !session.proof.shows_session() => {
            command::authenticate(&session, phone_secret)
        }
        Waiting::Decision(_) => {
            limits::admit_products(ports, call, &session).await?;
            decide(ports, call, &mut session, None).await
        }
    }
}

/// The customer has logged in and shall decide. `session_secret` is that of a login whose answer this is.
pub(super) async fn decide(
    ports: &Ports,
    call: &Call,
    session: &mut Session,
    session_secret: Option<&str>,
) -> Result<Answer, Refusal> {
    match offers(call, session).await {
        Ok(offers) => command::decide(ports, session, &offers, session_secret),
        Err(kind) => command::undiscovered(&CommandHeader::of(session), kind, session_secret),
    }
}

/// The offers to choose from, or the error that the loop shows in their place.
pub(super) async fn offers(call: &Call, session: &mut Session) -> Result<Vec<Offer>, ErrorType> {
    let fault = match session.target.offers(call).await {
        Ok(offers) => return Ok(offers),
        Err(fault) => fault,
    };
    let slow = matches!(&fault, InstitutionFault::Port(error) if error.is_timeout());
    log(call, fault);
    Err(if slow { ErrorType::DiscoveryTimeout } else { ErrorType::DiscoveryError })
}

/// Only the log hears the cause of a fault that the loop shows as an error, as an answer of the edge would have told it.
pub(super) fn log(call: &Call, fault: InstitutionFault) {
    let _logged = Answer::refused(&fault.into(), call.now);
}

/// The session if it takes a result, else the answer in its place.
pub(super) fn open(call: &Call, session: Session) -> Result<Session, Result<Answer, Refusal>> {
    let header = CommandHeader::of(&session);
    let kind = match session.interaction.at(call.now) {
        Waiting::Login | Waiting::Decision(_) => return Ok(session),
        Waiting::Expired => ErrorType::InvalidSession,
        _ if session.interaction.was_aborted() => return Err(command::aborted(&header)),
        Waiting::Page(_) | Waiting::Browser(_) | Waiting::Nothing => ErrorType::InvalidStatusConfirmation,
    };
    Err(command::error(&header, kind, None))
}

/// The answer to a no, or to whatever came after the end of the target, if it was given before and is asked for again (T61).
pub(super) fn ended_before(
    ports: &Ports,
    call: &Call,
    session: &Session,
    refused: bool,
) -> Option<Result<Answer, Refusal>> {
    let header = CommandHeader::of(session);
    let told = |answer| repeated(ports, call, session, &[answer]);
    let refusal = told(CustomerAnswer::No).filter(|_| refused);
    let ended = || told(CustomerAnswer::Ended);
    refusal
        .map(|completion| command::completed(&header, Some(&completion)))
        .or_else(|| Some(expired(&header, &ended()?)))
}

fn expired(header: &CommandHeader, completion: &Completion) -> Result<Answer, Refusal> {
    command::error(header, ErrorType::ExpiredConsent, Some(completion))
}

/// Ends an interaction with a no. A target that ended before is an error, with the way back for those whose interaction it is.
pub(super) async fn end(
    ports: &Ports,
    call: &Call,
    session: Session,
    device: Option<&Device>,
) -> Result<Answer, Refusal> {
    let header = CommandHeader::of(&session);
    let awaited = session.require_awaiting(call).is_ok();
    if !session.may_decline() {
        return command::error(&header, ErrorType::ExpiredConsent, None);
    }
    let completion = decline(ports, call, session, device).await?;
    if awaited { command::completed(&header, Some(&completion)) } else { expired(&header, &completion) }
}
