//! POST .../login: the channel says who is in front of it; only the person the consent names goes on (S20).

use std::sync::Arc;

use ponte_authorization::interaction::{CustomerAnswer, InteractionFault};
use ponte_edge::{Answer, Call, OpenCall, Refusal};
use ponte_ports::InstitutionFault;
use ponte_values::Device;
use serde::Deserialize;

use super::show::{Stage, view};
use super::{completion, session};
use crate::cors;
use crate::limits;
use crate::ports::Ports;
use crate::proof::Wish;
use crate::steps::{Completion, LoginOutcome, log_in, repeated};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    /// Made by the institution; it tells us whose it is.
    access_token: String,
    /// Absent where the institution reports the customer's way itself (M40).
    device: Option<Device>,
}

pub(crate) async fn login(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let request: Body = call.json()?;
    let session = session::of(&ports, &call, Wish::LogIn).await?;
    let before = repeated(&ports, &call, &session, &[CustomerAnswer::OtherPerson]);
    // Before the institution is asked for nothing.
    if before.is_none() {
        session.may_log_in(&call)?;
    }
    limits::admit_login(&ports, &call, &session).await?;
    // All software of an organisation is one client to the breaker (T63).
    let organisation = session.target.organisation();
    let customer = ports.customers.identify(&request.access_token, organisation, call.time_left()).await;
    if matches!(customer, Err(InstitutionFault::NotFound)) {
        limits::refused_login(&ports, &call, &session).await?;
    }
    let customer = customer.map_err(|fault| match fault {
        InstitutionFault::NotFound => Refusal::unauthenticated(),
        other => other.into(),
    })?;
    if let Some(completed) = before.filter(|_| !session.names(&customer)) {
        return rejected(&call, &completed);
    }
    match log_in(&ports, &call, session, &customer, request.device.as_ref()).await? {
        LoginOutcome::Accepted(session, secret) => {
            let cookie = cors::session_cookie(&ports, &call, &session.interaction, &secret);
            let answer = view(&call, *session, Stage::AwaitingDecision, Some(&secret)).await?;
            Ok(cookie.into_iter().fold(answer, Answer::cookie))
        }
        LoginOutcome::Rejected(completed) => rejected(&call, &completed),
        LoginOutcome::Refused => Err(InteractionFault::DocumentMismatch.into()),
    }
}

/// The refusal, with the `data` that sends the browser back in front of its errors.
fn rejected(call: &Call, completed: &Completion) -> Result<Answer, Refusal> {
    let data = completion::data_of(completed)?;
    let refusal = Answer::refused(&InteractionFault::DocumentMismatch.into(), call.now);
    let errors = refusal.body().strip_prefix('{').unwrap_or_default();
    Ok(Answer::json(refusal.status(), format!(r#"{{"data":{data},{errors}"#)))
}
