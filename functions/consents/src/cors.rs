//! Calls from the channel's pages in a browser: allowed from the one origin of the settings, from no other.

use std::sync::Arc;

use ponte_edge::{Answer, Call, OpenCall, Refusal};

use crate::Ports;

/// Seconds a browser may remember the answer to its preflight request.
const REMEMBER: &str = "600";

/// OPTIONS: tells a browser whether its page may call.
pub(crate) async fn preflight(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let answer = Answer::nothing().header("vary", "origin".to_owned());
    let Some(origin) = allowed(&ports, &call) else { return Ok(answer) };
    Ok(answer
        .header("access-control-allow-origin", origin.to_owned())
        .header("access-control-allow-methods", "GET, POST, PUT".to_owned())
        .header("access-control-allow-headers", "content-type, x-fapi-interaction-id".to_owned())
        .header("access-control-max-age", REMEMBER.to_owned()))
}

/// The answer of a step; a page of the allowed origin may read a refusal as well.
pub(crate) fn finish(ports: &Ports, call: &Call, outcome: Result<Answer, Refusal>) -> Answer {
    let answer = outcome.unwrap_or_else(|refusal| Answer::refused(&refusal, call.now));
    match allowed(ports, call) {
        Some(origin) => answer
            .header("access-control-allow-origin", origin.to_owned())
            .header("vary", "origin".to_owned()),
        None => answer,
    }
}

fn allowed<'a>(ports: &'a Ports, call: &Call) -> Option<&'a str> {
    let origin = ports.settings.channel_origin.as_deref()?;
    (call.request.header("origin") == Some(origin)).then_some(origin)
}
