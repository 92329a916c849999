//! The whole function behind its router, called with the events of the gateway.

use std::sync::Arc;

use ponte_edge::{Context, Router, Serve};
use ponte_kit::clock::ManualClock;
use ponte_values::OrganisationId;
use serde_json::{Value, json};

use crate::ports::{Ports, PublicPorts};
use crate::routes::{public_router, router};

use super::keys::own_certificate;
use super::memory::Memory;
use super::names::{MTLS, ORGANISATION, now};
use super::world::{ports, public_ports};

/// An interaction id a client sends.
pub(crate) const INTERACTION: &str = "22222222-2222-4222-8222-222222222222";

/// What the public host serves; anything else is called on the mTLS host.
const PUBLIC: [&str; 4] = ["/.well-known/", "/auth/jwks", "/auth/authorize", "/auth/resume"];

/// The two functions as the gateway sees them.
pub(crate) struct Gateway {
    mtls: Router<Ports>,
    public: Router<PublicPorts>,
    /// The time at which calls come.
    pub(crate) clock: Arc<ManualClock>,
}

/// The response of the function.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: i64,
    pub(crate) headers: Value,
    pub(crate) cookies: Value,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn is_page(&self, status: i64) -> bool {
        self.status == status
            && self.headers.get("location").is_none()
            && self.body.starts_with("<!doctype html>")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Gateway {
    /// The same stores as those of a [`super::World`].
    pub(crate) fn over(memory: &Arc<Memory>) -> Self {
        let clock = Arc::new(ManualClock::at(now()));
        let context = Context {
            clock: clock.clone(),
            ids: memory.ids.clone(),
            outbox: memory.reports.clone(),
            organisation: OrganisationId::parse(ORGANISATION).unwrap(),
            base_url: MTLS.to_owned(),
        };
        let public = public_router(context.clone(), public_ports(memory));
        Self { mtls: router(context, ports(memory)), public, clock }
    }

    /// A call on the host without client certificates.
    pub(crate) async fn public(&self, method: &str, path: &str, query: &str) -> Reply {
        self.call(method, &format!("{path}?{query}"), json!({}), "", None).await
    }

    /// The browser of an interaction comes back with a ticket and the cookie of its arrival.
    pub(crate) async fn resume(&self, interaction: &str, ticket: &str, cookie: Option<String>) -> Reply {
        let cookie = cookie.map(|value| format!("__Host-arrival-{interaction}={value}"));
        let target = format!("/auth/resume?ticket={interaction}.{ticket}");
        self.call("GET", &target, json!({ "cookie": cookie }), "", None).await
    }

    /// A form, over the client's certificate.
    pub(crate) async fn form(&self, path: &str, body: &str) -> Reply {
        let headers = json!({
            "content-type": "application/x-www-form-urlencoded",
            "x-fapi-interaction-id": INTERACTION,
        });
        self.call("POST", path, headers, body, Some(own_certificate())).await
    }

    /// Any call; `target` is the path with the query, if there is one.
    pub(crate) async fn call(
        &self,
        method: &str,
        target: &str,
        headers: Value,
        body: &str,
        certificate: Option<&str>,
    ) -> Reply {
        let public = PUBLIC.iter().any(|family| target.starts_with(family));
        self.call_on(public, (method, target), headers, body, certificate).await
    }

    /// The same on a host of the test's choice.
    pub(crate) async fn call_on(
        &self,
        public: bool,
        (method, target): (&str, &str),
        headers: Value,
        body: &str,
        certificate: Option<&str>,
    ) -> Reply {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query,
            "headers": headers, "body": body, "isBase64Encoded": false,
            "cookies": headers["cookie"].as_str().map(|text| text.split("; ").collect::<Vec<_>>()).unwrap_or_default(),
            "requestContext": {
                "domainName": "as.example",
                "http": { "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1" },
                "timeEpoch": now().seconds() * 1_000,
                "authentication": certificate.map(|pem| json!({ "clientCert": {
                    "clientCertPem": pem, "validity": { "notBefore": "", "notAfter": "" },
                } })),
            },
        });
        let host: &dyn Serve = if public { &self.public } else { &self.mtls };
        let reply = host.serve(serde_json::from_value(event).unwrap()).await;
        let reply = serde_json::to_value(reply).unwrap();
        Reply {
            status: reply["statusCode"].as_i64().unwrap(),
            headers: reply["headers"].clone(),
            cookies: reply["cookies"].clone(),
            body: reply["body"].as_str().unwrap_or_default().to_owned(),
        }
    }
}
