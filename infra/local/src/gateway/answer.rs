//! Conversion of a function's answer (payload 2.0) to an HTTP response.
//!
//! `multiValueHeaders` belongs to payload 1.0: API Gateway ignores it here, and so does this gateway.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Headers that the gateway alone writes.
const OWN_HEADERS: [HeaderName; 5] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("keep-alive"),
];

/// An answer before it is HTTP.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status_code: u16,
    #[serde(default)]
    headers: Option<Map<String, Value>>,
    #[serde(default)]
    cookies: Option<Vec<String>>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: Option<bool>,
}

impl Reply {
    /// One of the gateway's own answers.
    pub(super) fn message(status: StatusCode, text: &str) -> Self {
        let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Self {
            status,
            headers: HeaderMap::from_iter([json]),
            body: format!(r#"{{"message":"{text}"}}"#).into(),
        }
    }

    /// The response of the function, or why its answer is none.
    pub(super) fn from_function(answer: &Bytes) -> Result<Self, String> {
        let value: Value = serde_json::from_slice(answer).map_err(|error| error.to_string())?;
        if value.get("statusCode").is_none() {
            // Payload 2.0: any JSON without a status is the body of a 200.
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            let body = match value {
                Value::String(text) => Bytes::from(text),
                other => Bytes::from(other.to_string()),
            };
            return Ok(Self { status: StatusCode::OK, headers, body });
        }
        let answer: Answer = serde_json::from_value(value).map_err(|error| error.to_string())?;
        let status = StatusCode::from_u16(answer.status_code).map_err(|error| error.to_string())?;
        let mut headers = header_map(answer.headers.unwrap_or_default())?;
        for cookie in answer.cookies.unwrap_or_default() {
            headers.append(header::SET_COOKIE, header_value(&cookie)?);
        }
        let text = answer.body.unwrap_or_default();
        let body = if answer.is_base64_encoded == Some(true) {
            Bytes::from(STANDARD.decode(text).map_err(|error| error.to_string())?)
        } else {
            Bytes::from(text)
        };
        if !body.is_empty() && !headers.contains_key(header::CONTENT_TYPE) {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain;charset=utf-8"));
        }
        Ok(Self { status, headers, body })
    }

    pub(super) fn into_response(self, request_id: &str) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if let Ok(id) = HeaderValue::from_str(request_id) {
            response.headers_mut().insert("apigw-requestid", id);
        }
        response
    }
}

fn header_map(wanted: Map<String, Value>) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in wanted {
        let name =
            HeaderName::try_from(name.as_str()).map_err(|_| format!("`{name}` is not a header name"))?;
        let value = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            _ => return Err(format!("header {name} is neither text, number nor flag")),
        };
        if !OWN_HEADERS.contains(&name) {
            headers.insert(name, header_value(&value)?);
        }
    }
    Ok(headers)
}

fn header_value(text: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(text).map_err(|_| "a header value holds control characters".to_owned())
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    async fn text(reply: Reply) -> (StatusCode, HeaderMap, String) {
        let (parts, body) = reply.into_response("id").into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
    }

    fn reply(answer: &str) -> Result<Reply, String> {
        Reply::from_function(&Bytes::copy_from_slice(answer.as_bytes()))
    }

    #[tokio::test]
    async fn status_headers_cookies_and_body_come_through() {
        let answer = r#"{"statusCode":201,"headers":{"Content-Type":"application/json","x-n":7,"Content-Length":"9"},
            "multiValueHeaders":{"x-m":["a","b"]},"cookies":["a=1","b=2; Secure"],"body":"{}","isBase64Encoded":false}"#;
        let (status, headers, body) = text(reply(answer).unwrap()).await;
        assert_eq!((status.as_u16(), body.as_str()), (201, "{}"));
        assert_eq!(headers["content-type"], "application/json");
        assert_eq!(headers["x-n"], "7");
        assert_eq!(headers["apigw-requestid"], "id");
        assert_eq!(headers.get_all("set-cookie").iter().count(), 2);
        assert!(!headers.contains_key("x-m") && !headers.contains_key("content-length"));
    }

    #[tokio::test]
    async fn base64_is_decoded_and_a_missing_type_is_plain_text() {
        let (_, headers, body) =
            text(reply(r#"{"statusCode":200,"body":"b2k=","isBase64Encoded":true}"#).unwrap()).await;
        assert_eq!(body, "oi");
        assert_eq!(headers["content-type"], "text/plain;charset=utf-8");
    }

    #[tokio::test]
    async fn json_without_a_status_is_the_body_of_a_200() {
        let (status, headers, body) = text(reply(r#"{"hello":1}"#).unwrap()).await;
        assert_eq!((status.as_u16(), body.as_str()), (200, r#"{"hello":1}"#));
        assert_eq!(headers["content-type"], "application/json");
    }

    #[test]
    fn nonsense_is_refused() {
        for answer in [
            "nonsense",
            r#"{"statusCode":"201"}"#,
            r#"{"statusCode":99}"#,
            r#"{"statusCode":200,"body":{"a":1}}"#,
            r#"{"statusCode":200,"headers":{"a b":"x"}}"#,
            r#"{"statusCode":200,"headers":{"a":["x"]}}"#,
            r#"{"statusCode":200,"headers":{"a":"x\ny"}}"#,
            r#"{"statusCode":200,"body":"%","isBase64Encoded":true}"#,
        ] {
            assert!(reply(answer).is_err(), "{answer}");
        }
    }
}
