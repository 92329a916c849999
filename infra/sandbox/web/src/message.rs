//! Request and answer of a [`Site`](crate::Site).

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use rustls_pki_types::CertificateDer;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A request, read to its end.
pub struct Request {
    /// Method.
    pub method: Method,
    /// Path, as it came.
    pub path: String,
    /// Query without its question mark, empty when there is none.
    pub query: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
    /// The client certificate, where the server asks for one.
    pub certificate: Option<CertificateDer<'static>>,
}

impl Request {
    /// The first value of a header, as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The credential of `Authorization: Bearer ..`.
    pub fn bearer(&self) -> Option<&str> {
        let (scheme, credential) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(credential)
    }

    /// Whether the body says it is of this media type.
    pub fn is(&self, media_type: &str) -> bool {
        let said = self.header("content-type").unwrap_or_default();
        said.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(media_type))
    }

    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, String> {
        serde_json::from_slice(&self.body).map_err(|problem| problem.to_string())
    }

    /// One value of a form body or, with `query`, of the query.
    #[must_use]
    pub fn field(text: &str, name: &str) -> Option<String> {
        url::form_urlencoded::parse(text.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

/// An answer.
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Answer {
    /// A JSON body.
    pub fn json(status: StatusCode, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => Self::json_text(status, bytes),
            Err(problem) => Self::json_text(
                StatusCode::INTERNAL_SERVER_ERROR,
                serde_json::json!({ "message": problem.to_string() }).to_string(),
            ),
        }
    }

    /// A JSON body that is already text.
    pub fn json_text(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::typed(status, "application/json", body)
    }

    /// A body of bytes, status 200.
    pub fn binary(media_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self::typed(StatusCode::OK, media_type, body)
    }

    /// A page.
    #[must_use]
    pub fn html(status: StatusCode, body: String) -> Self {
        Self::typed(status, "text/html; charset=utf-8", body)
    }

    /// A redirect by 303.
    pub fn see_other(location: &str) -> Self {
        let answer = Self::typed(StatusCode::SEE_OTHER, "text/plain", Bytes::new());
        match HeaderValue::from_str(location) {
            Ok(location) => answer.with(http::header::LOCATION, location),
            Err(_) => Self::message(StatusCode::INTERNAL_SERVER_ERROR, "unusable location"),
        }
    }

    /// `{"message":".."}`, the error form of the metrics platform and of gateways.
    #[must_use]
    pub fn message(status: StatusCode, message: &str) -> Self {
        Self::json(status, &serde_json::json!({ "message": message }))
    }

    /// One more header.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    fn typed(status: StatusCode, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers.insert(http::header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Self { status, headers, body: body.into() }
    }
}
