//! Calls from the channel's pages in a browser: allowed from the one origin of the settings, from no other.

use std::future::Future;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use ponte_edge::{Answer, Call, OpenCall, Refusal};

use crate::ports::Ports;

/// Seconds a browser may remember the answer to its preflight request.
const REMEMBER: &str = "600";

/// OPTIONS: tells a browser whether its page may call.
pub(crate) async fn preflight(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let answer = Answer::no_content().header("vary", "origin".to_owned());
    let Some(origin) = allowed(&ports, &call) else { return Ok(answer) };
    Ok(answer
        .header("access-control-allow-origin", origin)
        .header("access-control-allow-methods", "GET, POST, PUT".to_owned())
        .header("access-control-allow-headers", "content-type, x-fapi-interaction-id".to_owned())
        .header("access-control-max-age", REMEMBER.to_owned()))
}

/// A handler whose answers, refusals too, a page of the allowed origin may read.
pub(crate) fn readable<F, R>(
    handler: F,
) -> impl Fn(Arc<Ports>, OpenCall) -> BoxFuture<'static, Result<Answer, Refusal>>
where
    F: Fn(Arc<Ports>, OpenCall) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Answer, Refusal>> + Send + 'static,
{
    move |ports, call| {
        let (origin, now) = (allowed(&ports, &call), call.now);
        let outcome = handler(ports, call);
        Box::pin(async move {
            let answer = outcome.await.unwrap_or_else(|refusal| Answer::refused(&refusal, now));
            Ok(match origin {
                Some(origin) => {
                    answer.header("access-control-allow-origin", origin).header("vary", "origin".to_owned())
                }
                None => answer,
            })
        })
    }
}

/// The origin of a call, if its pages may read the answer.
fn allowed(ports: &Ports, call: &Call) -> Option<String> {
    let origin = ports.settings.channel_origin.as_deref()?;
    (call.request.header("origin") == Some(origin)).then(|| origin.to_owned())
}
