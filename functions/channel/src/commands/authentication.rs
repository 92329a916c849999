//! PUT .../commands/{id}/authentication: the institution's back end says who the customer is, or the customer refused.

use std::sync::Arc;

use ponte_authorization::interaction::CustomerAnswer;
use ponte_authorization::ports::Customer;
use ponte_edge::{Answer, Call, MalformedRequest, OpenCall, Refusal};
use ponte_values::Device;
use serde::Deserialize;

use super::command::{self, CommandHeader, ErrorType};
use super::next::{decide, end, ended_before, open};
use crate::cors;
use crate::limits;
use crate::ports::Ports;
use crate::proof::Wish;
use crate::session::Session;
use crate::steps::{LoginOutcome, log_in, repeated};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    #[serde(default)]
    refused: bool,
    /// Signed by the institution's back end; there unless the customer refused.
    jwt: Option<String>,
    /// Where the customer is; without it nothing is reported to the metrics platform.
    device: Option<Device>,
}

pub(crate) async fn authentication(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let request: Body = call.json()?;
    if request.refused == request.jwt.is_some() {
        return Err(MalformedRequest::JwtOrRefused.into());
    }
    let device = request.device.as_ref();
    let wish = if request.refused { Wish::Decline } else { Wish::LogIn };
    let session = Session::read(&ports, &call, call.request.id("id"), wish).await?;
    if let Some(answer) = ended_before(&ports, &call, &session, request.refused) {
        return answer;
    }
    if let Some(answer) = rejected_before(&ports, &call, &session, request.jwt.as_deref()).await? {
        return Ok(answer);
    }
    let session = match open(&call, session) {
        Ok(session) => session,
        Err(answer) => return answer,
    };
    let Some(jwt) = request.jwt.filter(|_| session.require_awaiting(&call).is_ok()) else {
        return end(&ports, &call, session, device).await;
    };
    let keys = ports.channel_keys.as_ref().ok_or_else(Refusal::not_found)?;
    let customer = keys.customer(&jwt, &session.authentication_jti(), call.now).await?;
    limits::admit_signed_login(&ports, &call, &session).await?;
    let header = CommandHeader::of(&session);
    let mismatch = mismatch(&session, &customer);
    match log_in(&ports, &call, session, &customer, device).await? {
        LoginOutcome::Accepted(mut session, secret) => {
            let cookie = cors::session_cookie(&ports, &call, &session.interaction, &secret);
            let answer = decide(&ports, &call, &mut session, Some(&secret)).await?;
            Ok(cookie.into_iter().fold(answer, Answer::cookie))
        }
        LoginOutcome::Rejected(completion) => command::error(&header, mismatch, Some(&completion)),
        LoginOutcome::Refused => command::error(&header, mismatch, None),
    }
}

/// The answer to a login of somebody else, if the interaction ended by one and it is asked for again (T61).
async fn rejected_before(
    ports: &Ports,
    call: &Call,
    session: &Session,
    jwt: Option<&str>,
) -> Result<Option<Answer>, Refusal> {
    let before = repeated(ports, call, session, &[CustomerAnswer::OtherPerson]);
    let (Some(completion), Some(jwt)) = (before, jwt) else { return Ok(None) };
    let keys = ports.channel_keys.as_ref().ok_or_else(Refusal::not_found)?;
    let customer = keys.customer(jwt, &session.authentication_jti(), call.now).await?;
    if session.names(&customer) {
        return Ok(None);
    }
    command::error(&CommandHeader::of(session), mismatch(session, &customer), Some(&completion)).map(Some)
}

/// The error for a customer whom the target does not name.
fn mismatch(session: &Session, customer: &Customer) -> ErrorType {
    let right_person = *session.target.customer().0 == customer.cpf;
    if right_person { ErrorType::CnpjMismatch } else { ErrorType::CpfMismatch }
}
