//! POST .../cancel: the customer says no, with or without a login (C03, C06).

use std::sync::Arc;

use ponte_authorization::interaction::CustomerAnswer;
use ponte_edge::{Answer, OpenCall, Refusal};
use ponte_values::Device;
use serde::Deserialize;

use super::envelope::body;
use super::{completion, session};
use crate::ports::Ports;
use crate::proof::Wish;
use crate::steps::{decline, repeated};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    /// Absent where the institution reports the customer's way itself (M40).
    device: Option<Device>,
}

pub(crate) async fn cancel(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let request: Body = call.json()?;
    let session = session::of(&ports, &call, Wish::Decline).await?;
    let before = repeated(&ports, &call, &session, &[CustomerAnswer::No, CustomerAnswer::Ended]);
    let completed = match before {
        Some(completed) => completed,
        None => decline(&ports, &call, session, request.device.as_ref()).await?,
    };
    Ok(Answer::json(200, body(&completion::data_of(&completed)?, call.now)))
}
