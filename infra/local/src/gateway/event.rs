//! The event of an HTTP API, payload format 2.0, field by field as API Gateway writes it.

use std::collections::BTreeMap;
use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Version, header};
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use super::certificate::ClientCertificate;
use super::routes::{Matched, decoded};
use crate::clock;
use crate::template::{ACCOUNT, Route};

/// `12/Mar/2020:19:03:58 +0000`
const TIME: &[BorrowedFormatItem<'_>] =
    format_description!("[day]/[month repr:short]/[year]:[hour]:[minute]:[second] +0000");

/// Headers of one connection only (RFC 9110, 7.6.1); `cookie` travels in `cookies`.
const NOT_FORWARDED: [&str; 9] = [
    "connection",
    "cookie",
    "expect",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// Beginnings of header names in which proxies pass on client certificates: from a caller they are a forgery.
const CERTIFICATE_HEADERS: [&str; 4] =
    ["x-amzn-mtls-", "x-client-cert", "x-forwarded-client-cert", "ssl-client-cert"];

/// The other end of the connection.
pub(super) struct Caller {
    pub(super) address: IpAddr,
    /// Port of the host the caller reached.
    pub(super) port: u16,
    pub(super) certificate: Option<ClientCertificate>,
}

/// A request on its way to becoming an event.
pub(super) struct Event<'c> {
    api_id: &'c str,
    pub(super) caller: &'c Caller,
    method: String,
    wire_path: String,
    query: String,
    version: Version,
    headers: BTreeMap<String, String>,
    cookies: Vec<String>,
    request_id: String,
    at: OffsetDateTime,
    route: Option<(Route, BTreeMap<String, String>)>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'e> {
    version: &'static str,
    route_key: &'e str,
    raw_path: &'e str,
    raw_query_string: &'e str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cookies: &'e [String],
    headers: &'e BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    query_string_parameters: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    path_parameters: BTreeMap<String, String>,
    request_context: Context<'e>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    is_base64_encoded: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Context<'e> {
    account_id: &'static str,
    api_id: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    authentication: Option<Authentication<'e>>,
    domain_name: &'e str,
    domain_prefix: &'e str,
    http: Http<'e>,
    request_id: &'e str,
    route_key: &'e str,
    stage: &'static str,
    time: String,
    time_epoch: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Authentication<'e> {
    client_cert: &'e ClientCertificate,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Http<'e> {
    method: &'e str,
    path: &'e str,
    protocol: &'static str,
    source_ip: String,
    user_agent: &'e str,
}

impl<'c> Event<'c> {
    pub(super) fn new(api_id: &'c str, caller: &'c Caller, parts: &Parts) -> Self {
        let at = clock::now();
        let authority = parts.uri.authority().map(|authority| authority.as_str().to_owned());
        let mut event = Self {
            api_id,
            caller,
            method: parts.method.as_str().to_owned(),
            wire_path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            version: parts.version,
            headers: joined(&parts.headers),
            cookies: cookies(&parts.headers),
            request_id: STANDARD.encode(clock::request_id().as_bytes().split_at(11).0),
            at,
            route: None,
        };
        event.add_gateway_headers(authority);
        event
    }

    /// Headers that API Gateway adds: a host even under HTTP/2, the caller's address, the trace.
    fn add_gateway_headers(&mut self, authority: Option<String>) {
        // Under HTTP/2 the host is the `:authority`.
        let host = authority.unwrap_or_else(|| "localhost".to_owned());
        self.headers.entry("host".to_owned()).or_insert(host);
        let address = self.caller.address.to_string();
        self.headers
            .entry("x-forwarded-for".to_owned())
            .and_modify(|known| {
                known.push_str(", ");
                known.push_str(&address);
            })
            .or_insert(address);
        self.headers.insert("x-forwarded-port".to_owned(), self.caller.port.to_string());
        self.headers.insert("x-forwarded-proto".to_owned(), "https".to_owned());
        let random = clock::request_id().simple().to_string();
        let trace =
            format!("Root=1-{:08x}-{}", self.at.unix_timestamp(), random.get(..24).unwrap_or_default());
        self.headers.entry("x-amzn-trace-id".to_owned()).or_insert(trace);
        self.headers.entry("content-length".to_owned()).or_insert_with(|| "0".to_owned());
    }

    pub(super) fn set_route(&mut self, matched: Matched<'_>) {
        self.route = Some((matched.route.clone(), matched.variables));
    }

    pub(super) fn method(&self) -> &str {
        &self.method
    }

    /// The path as it came, still encoded.
    pub(super) fn wire_path(&self) -> &str {
        &self.wire_path
    }

    pub(super) fn request_id(&self) -> &str {
        &self.request_id
    }

    /// `GET /pets/{id}`, the key of the chosen route.
    pub(super) fn route_key(&self) -> String {
        self.route.as_ref().map(|(route, _)| format!("{} {}", route.method, route.path)).unwrap_or_default()
    }

    /// `12/Mar/2020:19:03:58 +0000`
    pub(super) fn time(&self) -> String {
        self.at.format(TIME).unwrap_or_default()
    }

    /// The protocol as the caller spoke it.
    pub(super) fn protocol(&self) -> &'static str {
        match self.version {
            Version::HTTP_2 => "HTTP/2.0",
            Version::HTTP_10 => "HTTP/1.0",
            _ => "HTTP/1.1",
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(super) fn to_json(&self, body: &Bytes) -> Bytes {
        // HTTP APIs hand the path over decoded.
        let path = decoded(&self.wire_path);
        let route_key = self.route_key();
        let host = self.header("host").unwrap_or_default();
        let domain_name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let (body, is_base64_encoded) = encoded(self.header("content-type"), body);
        let wire = Wire {
            version: "2.0",
            route_key: &route_key,
            raw_path: &path,
            raw_query_string: &self.query,
            cookies: &self.cookies,
            headers: &self.headers,
            query_string_parameters: query_parameters(&self.query),
            path_parameters: self.route.as_ref().map(|(_, variables)| variables.clone()).unwrap_or_default(),
            request_context: Context {
                account_id: ACCOUNT,
                api_id: self.api_id,
                authentication: self
                    .caller
                    .certificate
                    .as_ref()
                    .map(|client_cert| Authentication { client_cert }),
                domain_name,
                domain_prefix: domain_name.split('.').next().unwrap_or_default(),
                http: Http {
                    method: &self.method,
                    path: &path,
                    protocol: self.protocol(),
                    source_ip: self.caller.address.to_string(),
                    user_agent: self.header("user-agent").unwrap_or_default(),
                },
                request_id: &self.request_id,
                route_key: &route_key,
                stage: "$default",
                time: self.time(),
                time_epoch: i64::try_from(self.at.unix_timestamp_nanos() / 1_000_000).unwrap_or_default(),
            },
            body,
            is_base64_encoded,
        };
        serde_json::to_vec(&wire).map(Bytes::from).unwrap_or_default()
    }
}

/// Names in lower case, values of one name joined with a comma.
fn joined(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    let named_by_connection = connection_tokens(headers);
    for (name, value) in headers {
        let name = name.as_str();
        let forged = CERTIFICATE_HEADERS.iter().any(|prefix| name.starts_with(prefix));
        if forged || NOT_FORWARDED.contains(&name) || named_by_connection.iter().any(|token| token == name) {
            continue;
        }
        let value = String::from_utf8_lossy(value.as_bytes());
        joined
            .entry(name.to_owned())
            .and_modify(|known| {
                known.push(',');
                known.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    joined
}

/// Headers that `Connection` declares to be of this connection only.
fn connection_tokens(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(header::CONNECTION).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(|token| token.trim().to_lowercase()).collect()
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(';'))
        .map(|pair| pair.trim().to_owned())
        .filter(|pair| !pair.is_empty())
        .collect()
}

/// Decoded; values of one name joined with a comma.
fn query_parameters(query: &str) -> BTreeMap<String, String> {
    let mut parameters: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        parameters
            .entry(name.into_owned())
            .and_modify(|known| {
                known.push(',');
                known.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    parameters
}

/// As measured on AWS: `text/*` and three `application` types travel as text, everything else as base64, forms and
/// bodies without a content type included.
fn encoded(content_type: Option<&str>, body: &Bytes) -> (Option<String>, bool) {
    if body.is_empty() {
        return (None, false);
    }
    let media_type =
        content_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim().to_lowercase();
    let is_text = media_type.starts_with("text/")
        || ["application/json", "application/javascript", "application/xml"].contains(&media_type.as_str());
    match std::str::from_utf8(body) {
        Ok(text) if is_text => (Some(text.to_owned()), false),
        _ => (Some(STANDARD.encode(body)), true),
    }
}

#[cfg(test)]
mod tests;
