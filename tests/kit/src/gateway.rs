//! Events and answers of API Gateway as JSON.

use serde_json::{Value, json};

/// A call; fields may be left empty.
#[derive(Clone, Debug, Default)]
pub struct GatewayCall<'a> {
    /// Method.
    pub method: &'a str,
    /// Path as sent, with its query if it has one.
    pub path: &'a str,
    /// Host the call comes to.
    pub host: &'a str,
    /// Client certificate of the connection, PEM.
    pub certificate: Option<&'a str>,
    /// Headers; the gateway takes `cookie` out of them.
    pub headers: Value,
    /// Body.
    pub body: Option<String>,
    /// Arrival, in milliseconds since 1970.
    pub at: i64,
}

impl GatewayCall<'_> {
    /// The event of an HTTP API, payload 2.0.
    #[must_use]
    pub fn event(&self) -> Value {
        let (path, query) = self.path.split_once('?').unwrap_or((self.path, ""));
        let path = decoded(path);
        let authentication = self.certificate.map(|pem| {
            json!({"clientCert": {
                "clientCertPem": pem, "subjectDN": "", "issuerDN": "", "serialNumber": "1",
                "validity": {"notBefore": "", "notAfter": ""},
            }})
        });
        json!({
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query,
            "headers": if self.headers.is_null() { json!({}) } else { self.headers.clone() },
            "requestContext": {
                "authentication": authentication,
                "http": {"method": self.method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
                "timeEpoch": self.at,
                "domainName": self.host,
            },
            "body": self.body,
            "cookies": self.headers["cookie"].as_str().map(|cookie| vec![cookie]).unwrap_or_default(),
            "isBase64Encoded": false,
        })
    }
}

/// An HTTP API hands the path over decoded.
fn decoded(path: &str) -> String {
    let mut pieces = path.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let (digits, rest) = piece.split_at(2);
        bytes.push(u8::from_str_radix(digits, 16).unwrap());
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).unwrap()
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Status.
    pub status: i64,
    /// Headers.
    pub headers: Value,
    /// Cookies that are set.
    pub cookies: Value,
    /// Body: JSON, or any other text as a string; null without a body.
    pub body: Value,
}

impl Reply {
    /// Reads the answer of a function to the gateway.
    #[must_use]
    pub fn read(answer: &Value) -> Self {
        let text = |body: &str| serde_json::from_str(body).unwrap_or_else(|_| json!(body));
        Self {
            status: answer["statusCode"].as_i64().unwrap(),
            headers: answer["headers"].clone(),
            cookies: answer["cookies"].clone(),
            body: answer["body"].as_str().map_or(Value::Null, text),
        }
    }

    /// Code of the first error; empty if there is none.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body["errors"][0]["code"].as_str().unwrap_or("")
    }

    /// `data` of the body.
    #[must_use]
    pub fn data(&self) -> &Value {
        &self.body["data"]
    }
}
