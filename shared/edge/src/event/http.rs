//! The event of an HTTP API, payload 2.0, as far as we read it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ponte_values::Moment;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::headers::Headers;
use super::member::Member;
use super::members::EventMembers;

/// An HTTP call as API Gateway hands it over: what we read of it and nothing else. No `Debug`: headers hold tokens and keys.
pub struct HttpEvent {
    pub(crate) method: String,
    /// Address of the caller; empty if the gateway said none.
    pub(crate) source: String,
    /// Decoded, once, by the gateway.
    pub(crate) path: String,
    /// As sent, without the question mark.
    pub(crate) raw_query: String,
    /// The host the call came to.
    pub(crate) host: String,
    /// Arrival at the gateway.
    pub(crate) arrived: Option<Moment>,
    /// The time the call goes by, where our clock is wrong.
    pub(crate) now: Option<Moment>,
    /// The client certificate of the connection, PEM.
    pub(crate) certificate: Option<String>,
    pub(crate) headers: Headers,
    /// Payload 2.0 takes them out of the headers, one pair an entry.
    pub(crate) cookies: Vec<String>,
    /// Empty if there was none; `None` if it is no text.
    pub(crate) body: Option<String>,
}

/// Members of `requestContext`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ContextMembers<'a> {
    #[serde(borrow)]
    http: Member<'a>,
    #[serde(borrow)]
    domain_name: Member<'a>,
    #[serde(borrow)]
    time_epoch: Member<'a>,
    #[serde(borrow)]
    authentication: Member<'a>,
}

/// Members of `requestContext.http`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct HttpDescription<'a> {
    #[serde(borrow)]
    method: Member<'a>,
    #[serde(borrow)]
    source_ip: Member<'a>,
}

/// Members of `requestContext.authentication`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Authentication<'a> {
    #[serde(borrow)]
    client_cert: Member<'a>,
}

/// Members of `requestContext.authentication.clientCert`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ClientCertificate<'a> {
    #[serde(borrow)]
    client_cert_pem: Member<'a>,
}

impl HttpEvent {
    /// The call; `None` without the method of payload 2.0.
    pub(super) fn read(event: &EventMembers<'_>) -> Option<Self> {
        let context: ContextMembers<'_> = event.request_context.members();
        let http: HttpDescription<'_> = context.http.members();
        let authentication: Authentication<'_> = context.authentication.members();
        let certificate: ClientCertificate<'_> = authentication.client_cert.members();
        let is_encoded = event.is_base64_encoded.read().unwrap_or_default();
        Some(Self {
            method: http.method.read()?,
            source: http.source_ip.text(),
            path: event.raw_path.text(),
            raw_query: event.raw_query_string.text(),
            host: context.domain_name.text(),
            arrived: context.time_epoch.read().map(Moment::from_millis),
            now: None,
            certificate: certificate.client_cert_pem.read(),
            headers: event.headers.members(),
            cookies: event.cookies.elements().into_iter().filter_map(Member::read).collect(),
            body: if event.body.is_there() { body(event.body, is_encoded) } else { Some(String::new()) },
        })
    }
}

/// The text of a body: every body here is JSON, a form or a JWT.
fn body(body: Member<'_>, is_encoded: bool) -> Option<String> {
    let text: String = body.read()?;
    if is_encoded { String::from_utf8(STANDARD.decode(text).ok()?).ok() } else { Some(text) }
}

impl<'de> Deserialize<'de> for HttpEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let event = Box::<RawValue>::deserialize(deserializer)?;
        let members = serde_json::from_str(event.get()).map_err(|_| D::Error::custom("no object"))?;
        Self::read(&members).ok_or_else(|| D::Error::custom("no event of an HTTP API, payload 2.0"))
    }
}
