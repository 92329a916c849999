//! A layer that somebody is writing, in the place of the sandbox bank's. The bank keeps its channel: pages, logins, and the
//! tokens that only it can read; all other operations are handed on as they come.

use http::header::{CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use ponte_machine::{SandboxError, clock};
use ponte_web::caller::{Call, Caller};
use ponte_web::{Answer, Request};
use serde_json::json;
use url::Url;

use crate::config::OtherLayer;

/// Paths that the bank keeps, and the beginning of its orders.
const KEPT: [&str; 5] = ["/", "/login", "/login/consent", "/login/cancel", "/authentication/decrypt"];
const ORDERS: &str = "/sandbox/";

/// Headers of Ponte that the layer sees, and of the layer that Ponte does.
const ASKED: [&str; 4] = ["accept", "accept-encoding", "content-encoding", "x-fapi-interaction-id"];
const ANSWERED: [http::HeaderName; 3] = [CONTENT_TYPE, CONTENT_ENCODING, RETRY_AFTER];

/// Hands calls on.
pub(crate) struct Relay {
    caller: Caller,
    base: String,
    /// What the layer expects.
    credential: String,
    /// What Ponte shows.
    shown: String,
}

impl Relay {
    /// To `layer`, for calls with the credential `shown`; the layer expects the same one if none of its own is known.
    pub(crate) fn to(layer: &OtherLayer, shown: &str) -> Result<Self, SandboxError> {
        let url = Url::parse(&layer.url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        if !url.is_some_and(|url| url.query().is_none() && url.fragment().is_none()) {
            let told = format!("{} is no URL of a layer: http or https, without a query", layer.url);
            return Err(SandboxError::unusable(told));
        }
        let credential = layer.credential.clone().unwrap_or_else(|| shown.to_owned());
        let base = layer.url.trim_end_matches('/').to_owned();
        Ok(Self { caller: Caller::public()?, base, credential, shown: shown.to_owned() })
    }

    /// Whether a path is the layer's.
    pub(crate) fn takes(path: &str) -> bool {
        !KEPT.contains(&path) && !path.starts_with(ORDERS)
    }

    /// Why nothing answers at the layer; `None` if something does.
    pub(crate) async fn silence(&self) -> Option<String> {
        self.caller.send(Call::get(&self.base)).await.err().map(|problem| problem.reason)
    }

    /// Hands a call on and its answer back.
    pub(crate) async fn answer(&self, request: Request) -> Answer {
        let mut call = Call::new(request.method.clone(), format!("{}{}", self.base, request.path));
        for name in ASKED {
            if let Some(value) = request.header(name) {
                call = call.header(name, value);
            }
        }
        call = match request.bearer() {
            Some(shown) if shown == self.shown => call.bearer(&self.credential),
            Some(other) => call.bearer(other),
            None => call,
        };
        if request.is("application/json") {
            call = call.with_json(request.body);
        }
        match self.caller.send(call).await {
            Ok(reply) => {
                let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::BAD_GATEWAY);
                let known = ANSWERED.into_iter().filter_map(|name| {
                    let value = reply.headers.get(&name).cloned()?;
                    Some((name, value))
                });
                Answer { status, headers: known.collect::<HeaderMap>(), body: reply.body }
            }
            Err(problem) => {
                let status =
                    if problem.timed_out { StatusCode::GATEWAY_TIMEOUT } else { StatusCode::BAD_GATEWAY };
                let detail = format!("nothing answers at {}: {}", self.base, problem.reason);
                let error = json!({ "code": "SEM_RESPOSTA", "title": "Sem resposta", "detail": detail });
                let meta = json!({ "requestDateTime": clock::now().to_string() });
                Answer::json(status, &json!({ "errors": [error], "meta": meta }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue, Method, header};
    use ponte_web::{Server, Site};

    use super::*;

    /// A layer that says what it was asked.
    struct Echo;

    impl Site for Echo {
        async fn answer(&self, request: Request) -> Answer {
            let body = String::from_utf8_lossy(&request.body).into_owned();
            let said = json!({
                "path": request.path, "bearer": request.bearer(), "body": body,
                "encoding": request.header("accept-encoding"),
            });
            let answer = Answer::json(StatusCode::TOO_MANY_REQUESTS, &said);
            answer.with(RETRY_AFTER, HeaderValue::from_static("7"))
        }
    }

    fn request(path: &str, bearer: &str) -> Request {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, format!("Bearer {bearer}").parse().unwrap());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        let (query, body) = (String::new(), Bytes::from_static(b"{}"));
        Request { method: Method::POST, path: path.to_owned(), query, headers, body, certificate: None }
    }

    fn relay(url: &str, credential: Option<&str>) -> Relay {
        let layer = OtherLayer { url: url.to_owned(), credential: credential.map(str::to_owned) };
        Relay::to(&layer, "shown").unwrap()
    }

    #[tokio::test]
    async fn a_call_is_handed_on_with_the_credential_of_the_layer() {
        let server = Server::bind("a layer", 0, None).await.unwrap();
        let url = format!("{}/base/", server.url());
        server.spawn(Arc::new(Echo));
        for (own, bearer, expected) in
            [(Some("own"), "shown", "own"), (None, "shown", "shown"), (Some("own"), "another", "another")]
        {
            let answer = relay(&url, own).answer(request("/loans/find", bearer)).await;
            let said: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
            assert_eq!(said["bearer"], expected);
            assert_eq!((&said["path"], &said["body"]), (&json!("/base/loans/find"), &json!("{}")));
            assert_eq!(said["encoding"], "gzip", "the layer is offered what Ponte offers");
            assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
            assert_eq!(answer.headers.get(RETRY_AFTER).unwrap(), "7");
        }
        assert_eq!(relay(&url, None).silence().await, None);
    }

    #[tokio::test]
    async fn a_layer_that_does_not_answer_is_named() {
        let server = Server::bind("nobody", 0, None).await.unwrap();
        let url = server.url();
        drop(server);
        let answer = relay(&url, None).answer(request("/loans/find", "shown")).await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
        assert!(String::from_utf8_lossy(&answer.body).contains(&url));
        assert!(relay(&url, None).silence().await.is_some());
        for url in ["ftp://localhost", "localhost:80", "http://localhost/?a=1", ""] {
            let layer = OtherLayer { url: url.to_owned(), credential: None };
            assert!(Relay::to(&layer, "").is_err(), "{url}");
        }
    }

    #[test]
    fn the_channel_stays_with_the_bank() {
        for path in ["/", "/login", "/login/consent", "/authentication/decrypt", "/sandbox/resources"] {
            assert!(!Relay::takes(path), "{path}");
        }
        for path in ["/accounts/find", "/check-account-holder", "/loans/discovery", "/logins"] {
            assert!(Relay::takes(path), "{path}");
        }
    }
}
