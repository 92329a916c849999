//! Events in the form of API Gateway: HTTP API, payload 2.0, mutual TLS.

use bytes::Bytes;
use serde_json::{Map, Value, json};

/// An HTTP call to be wrapped.
pub(crate) struct Http<'a> {
    /// Method.
    pub(crate) method: &'static str,
    /// Path.
    pub(crate) path: &'a str,
    /// Query without the question mark.
    pub(crate) query: &'a str,
    /// Headers beside the usual ones.
    pub(crate) headers: &'a [(&'static str, &'a str)],
    /// Body.
    pub(crate) body: Option<&'a str>,
    /// Client certificate, PEM.
    pub(crate) certificate: &'a str,
    /// Milliseconds since 1970.
    pub(crate) arrived: i64,
}

/// Host of the events.
pub(crate) const HOST: &str = "mtls.ponte.example";

impl Http<'_> {
    /// The event.
    pub(crate) fn event(&self) -> Bytes {
        let mut headers: Map<String, Value> = [
            ("accept", "application/json"),
            ("accept-encoding", "gzip, br"),
            ("host", HOST),
            ("user-agent", "receptora/1.0"),
            ("x-amzn-trace-id", "Root=1-67a1c2d3-4b5c6d7e8f90a1b2c3d4e5f6"),
            ("x-forwarded-for", "203.0.113.7"),
            ("x-forwarded-port", "443"),
            ("x-forwarded-proto", "https"),
        ]
        .iter()
        .chain(self.headers)
        .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
        .collect();
        if let Some(body) = self.body {
            headers.insert("content-length".to_owned(), body.len().to_string().into());
        }
        let mut event = json!({
            "version": "2.0", "routeKey": "ANY /{proxy+}", "rawPath": self.path, "rawQueryString": self.query,
            "headers": headers, "requestContext": self.context(), "isBase64Encoded": false,
            "pathParameters": { "proxy": self.path.trim_start_matches('/') },
        });
        if let Some(body) = self.body {
            event["body"] = body.into();
        }
        event.to_string().into()
    }

    fn context(&self) -> Value {
        json!({
            "accountId": "123456789012", "apiId": "a1b2c3d4e5", "domainName": HOST, "domainPrefix": "mtls",
            "authentication": { "clientCert": {
                "clientCertPem": self.certificate,
                "subjectDN": "CN=receptora.example,O=Receptora Exemplo,L=Sao Paulo,ST=SP,C=BR",
                "issuerDN": "CN=Autoridade de exemplo emissora,O=Mundo de exemplo,C=BR",
                "serialNumber": "1a:2b:3c:4d:5e:6f",
                "validity": { "notBefore": "Jan  1 00:00:00 2026 GMT", "notAfter": "Jan 31 00:00:00 2027 GMT" },
            } },
            "http": {
                "method": self.method, "path": self.path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7",
                "userAgent": "receptora/1.0",
            },
            "requestId": "J7bCAhGkiYcEMkg=", "routeKey": "ANY /{proxy+}", "stage": "$default",
            "time": "02/Mar/2026:12:00:00 +0000", "timeEpoch": self.arrived,
        })
    }
}
