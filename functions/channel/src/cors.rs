//! Calls from the channel's pages in a browser: allowed from the one origin of the settings, from no other; with cookies where
//! that origin is of the same site as this host, because browsers keep them back from any other (RFC 6265bis).

use std::future::Future;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use ponte_authorization::interaction::Interaction;
use ponte_edge::{Answer, Call, OpenCall, Refusal};

use crate::ports::Ports;
use crate::proof::{self, SESSION_SECRET};

/// Seconds a browser may remember the answer to its preflight request.
const REMEMBER: &str = "600";

/// OPTIONS: tells a browser whether its page may call.
pub(crate) async fn preflight(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    let answer = Answer::no_content().header("vary", "origin".to_owned());
    let Some(origin) = allowed(&ports, &call) else { return Ok(answer) };
    let headers = format!("content-type, x-fapi-interaction-id, {SESSION_SECRET}");
    Ok(allowing(&ports, answer, origin)
        .header("access-control-allow-methods", "GET, POST, PUT".to_owned())
        .header("access-control-allow-headers", headers)
        .header("access-control-max-age", REMEMBER.to_owned()))
}

/// The cookie with the secret of a session, for a page that may send cookies.
pub(crate) fn session_cookie(
    ports: &Ports,
    call: &Call,
    interaction: &Interaction,
    secret: &str,
) -> Option<String> {
    let with_cookies =
        allowed(ports, call).is_some_and(|origin| same_site(&origin, &ports.settings.public_url));
    with_cookies.then(|| proof::session_cookie(interaction, secret, call.now))
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
        let outcome = handler(ports.clone(), call);
        Box::pin(async move {
            let answer = outcome.await.unwrap_or_else(|refusal| Answer::refused(&refusal, now));
            Ok(match origin {
                Some(origin) => allowing(&ports, answer, origin).header("vary", "origin".to_owned()),
                None => answer,
            })
        })
    }
}

/// Whether a page of the institution's channel calls.
pub(crate) fn is_of_channel(ports: &Ports, call: &Call) -> bool {
    allowed(ports, call).is_some()
}

/// The origin of a call, if its pages may read the answer.
fn allowed(ports: &Ports, call: &Call) -> Option<String> {
    let origin = ports.settings.channel_origin.as_deref()?;
    (call.request.header("origin") == Some(origin)).then(|| origin.to_owned())
}

/// An answer that a page of this origin may read, and send its cookies for.
fn allowing(ports: &Ports, answer: Answer, origin: String) -> Answer {
    let with_cookies = same_site(&origin, &ports.settings.public_url);
    let answer = answer.header("access-control-allow-origin", origin);
    if with_cookies { answer.header("access-control-allow-credentials", "true".to_owned()) } else { answer }
}

/// Whether two URLs are of one site: the same scheme, and hosts that share a domain which somebody registered. Which domains are
/// open to registration is told by their shape (`com.br`, `b.br`); a wrong guess lets the browser decide alone.
fn same_site(one: &str, other: &str) -> bool {
    let (Some((scheme, one)), Some((other_scheme, other))) = (one.split_once("://"), other.split_once("://"))
    else {
        return false;
    };
    let (one, other) = (host(one), host(other));
    if scheme != other_scheme || one == other {
        return scheme == other_scheme;
    }
    let pairs = one.rsplit('.').zip(other.rsplit('.'));
    let shared: Vec<&str> = pairs.take_while(|(mine, its)| mine == its).map(|(mine, _)| mine).collect();
    let open_to_all = shared.len() >= 2 && shared[0].len() == 2 && shared[1].len() <= 3;
    let numbers = shared.first().is_some_and(|top| top.bytes().all(|byte| byte.is_ascii_digit()));
    !numbers && shared.len() >= 2 + usize::from(open_to_all)
}

/// The host of a URL behind its scheme.
fn host(url: &str) -> &str {
    url.split(['/', ':']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::same_site;

    #[test]
    fn t59_cookies_go_to_the_same_site_alone() {
        for (origin, host, same) in [
            ("https://app.banco.example", "https://ofb.banco.example", true),
            ("https://banco.example", "https://ofb.banco.example:8443", true),
            ("https://app.banco.com.br", "https://ofb.banco.com.br", true),
            ("https://app.banco.b.br", "https://ofb.banco.b.br", true),
            ("https://localhost:3000", "https://localhost:8443", true),
            ("https://app.banco.com.br", "https://banco-ofb.com.br", false),
            ("https://app.banco.b.br", "https://ofb.outro.b.br", false),
            ("https://app.example", "https://ofb.example", false),
            ("http://app.banco.example", "https://ofb.banco.example", false),
            ("https://10.0.0.1", "https://11.0.0.1", false),
            ("null", "https://ofb.banco.example", false),
        ] {
            assert_eq!(same_site(origin, host), same, "{origin} {host}");
        }
    }
}
