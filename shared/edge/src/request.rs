//! An HTTP call as API Gateway hands it over, read once into plain values.

use std::fmt;

use ponte_values::Moment;

use crate::event::{Headers, HttpEvent};

/// An HTTP call. Identity comes only from `certificate`, which the gateway filled, never from a header.
pub struct Request {
    /// Method in capitals.
    pub method: String,
    /// Path, decoded once by the front that the call came through.
    pub path: String,
    /// Query as sent, without the question mark.
    pub raw_query: String,
    /// Host the call came to.
    pub host: String,
    /// Address of the caller, as the gateway saw it; empty if it said none.
    pub source: String,
    /// Arrival at the gateway.
    pub arrived: Moment,
    /// Client certificate of the connection, PEM; `None` on the public host.
    pub certificate: Option<String>,
    headers: Headers,
    cookies: Vec<String>,
    query: Vec<(String, String)>,
    ids: Vec<(&'static str, String)>,
    body: Option<String>,
}

impl Request {
    /// Takes the event over. A call whose event does not say when it arrived has arrived `now`.
    #[must_use]
    pub fn read(event: HttpEvent, now: Moment) -> Self {
        Self {
            method: event.method,
            source: event.source,
            path: event.path,
            query: serde_urlencoded::from_str(&event.raw_query).unwrap_or_default(),
            raw_query: event.raw_query,
            host: event.host,
            arrived: event.arrived.unwrap_or(now),
            certificate: event.certificate,
            headers: event.headers,
            cookies: event.cookies,
            ids: Vec::new(),
            body: event.body,
        }
    }

    pub(crate) fn with_ids(mut self, ids: Vec<(&'static str, String)>) -> Self {
        self.ids = ids;
        self
    }

    /// Value of a header, if it is readable: visible ASCII, spaces and tabs.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)
    }

    /// Value of a cookie.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Names and values of the cookies, in the order in which they were sent.
    pub fn cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        self.cookies.iter().filter_map(|pair| pair.trim().split_once('='))
    }

    /// Whether a header is there, readable or not.
    #[must_use]
    pub fn carries(&self, name: &str) -> bool {
        self.headers.contains(name)
    }

    /// Value of a path parameter; empty if the route has none of that name.
    #[must_use]
    pub fn id(&self, name: &str) -> &str {
        self.ids.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }

    /// Value of a query parameter, decoded.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every query parameter in order, decoded.
    #[must_use]
    pub fn queries(&self) -> &[(String, String)] {
        &self.query
    }

    /// The body as text; empty if there was none.
    #[must_use]
    pub fn body(&self) -> &str {
        self.body.as_deref().unwrap_or_default()
    }

    /// Whether the body is compressed or in another coding that nobody here reads (RFC 9110 section 8.4).
    pub(crate) fn has_coded_body(&self) -> bool {
        let plain = |value: &str| value.split(',').all(|coding| matches!(coding.trim(), "" | "identity"));
        let named = self.carries("content-encoding")
            && !self.header("content-encoding").is_some_and(|value| plain(&value.to_ascii_lowercase()));
        named && self.body.as_deref() != Some("")
    }

    /// Whether there is no body, or one that is text.
    pub(crate) const fn has_readable_body(&self) -> bool {
        self.body.is_some()
    }

    /// Media type of the body without its parameters, in lower case.
    #[must_use]
    pub fn content_type(&self) -> Option<String> {
        let value = self.header("content-type")?;
        Some(value.split(';').next().unwrap_or("").trim().to_ascii_lowercase())
    }

    /// The Bearer token of the Authorization header (RFC 6750).
    #[must_use]
    pub fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
    }

    /// Whether the caller asks for `media_type` by its name, not only for anything.
    #[must_use]
    pub fn names(&self, media_type: &str) -> bool {
        let named = |range: &str| {
            let mut parts = range.split(';').map(str::trim);
            parts.next().is_some_and(|name| name.eq_ignore_ascii_case(media_type)) && !parts.any(is_no)
        };
        self.header("accept").is_some_and(|accept| accept.split(',').any(named))
    }

    /// Whether the caller takes `media_type` (RFC 9110 section 12.5.1; weights are not weighed, zero is a no).
    pub(crate) fn accepts(&self, media_type: &str) -> bool {
        let Some(accept) = self.header("accept") else {
            return true;
        };
        let family = media_type.split('/').next().unwrap_or("");
        accept.split(',').any(|range| {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or("");
            let refused = parts.any(is_no);
            let any_of_family = name.strip_suffix("/*").is_some_and(|f| f.eq_ignore_ascii_case(family));
            !refused && (name == "*/*" || name.eq_ignore_ascii_case(media_type) || any_of_family)
        })
    }
}

/// The method alone: a path names customers, headers hold tokens and keys.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("method", &self.method).finish_non_exhaustive()
    }
}

/// A weight of zero.
fn is_no(parameter: &str) -> bool {
    matches!(parameter, "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
}

#[cfg(test)]
mod tests;
