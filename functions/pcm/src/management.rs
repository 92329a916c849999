//! The management API: the days and their rates for the back office, and the journey API for its apps.
//!
//! | route | scope | answer |
//! |---|---|---|
//! | GET `/open-banking/oob-pcm/v1/days?days=n` | `pcm:read` | the last n days (8, at most 31), the newest first |
//! | GET `/open-banking/oob-pcm/v1/days/{date}` | `pcm:read` | a day by API and role, with its last check |
//! | POST `/api/journey/v1/consents/{consentId}/report` | `pcm:write` | 202 and the id of the step's report |
//!
//! Host, certificate, key and scope are checked before a handler here sees the call.

use std::sync::Arc;

use ponte_edge::{Answer, MalformedRequest, ManagerCall, ParameterFault, Refusal};
use ponte_values::{ConsentId, Date};
use serde::Serialize;

use crate::days;
use crate::journey::{Report, StepFault};
use crate::ports::Ports;

/// Days of a list that says nothing else, and at most.
const LISTED: u8 = 8;
const MOST: u8 = 31;

pub(crate) async fn list_days(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let count = match call.request.query("days") {
        None => LISTED,
        Some(text) => {
            let count = text.parse::<u8>().ok().filter(|count| (1..=MOST).contains(count));
            count.ok_or_else(|| Refusal::invalid_parameter("days", ParameterFault::Days(MOST)))?
        }
    };
    call.value(200, &days::last(&ports, count).await?)
}

pub(crate) async fn read_day(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let date = Date::parse(call.request.id("date"));
    let date = date.map_err(|_| Refusal::invalid_parameter("date", ParameterFault::Date))?;
    call.value(200, &days::in_detail(&ports, date).await?)
}

#[derive(Serialize)]
struct Left {
    id: String,
}

pub(crate) async fn report_step(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let consent = ConsentId::parse(call.request.id("consentId"));
    let consent = consent.map_err(|_| MalformedRequest::ConsentUrn)?;
    let report = Report::read(&consent, call.request.body().as_bytes(), call.now).map_err(refused)?;
    let id = report.leave(&ports).await?;
    call.value(202, &Left { id })
}

/// The refusal of a step, by the name of its wrong member; nothing of what was sent is repeated.
const fn refused(fault: StepFault) -> MalformedRequest {
    match fault {
        StepFault::Unreadable => MalformedRequest::Step,
        StepFault::Missing(name) => MalformedRequest::StepMemberMissing(name),
        StepFault::Invalid(name) => MalformedRequest::StepMember(name),
        StepFault::Unwanted(name) => MalformedRequest::StepMemberUnwanted(name),
    }
}

#[cfg(test)]
mod tests;
