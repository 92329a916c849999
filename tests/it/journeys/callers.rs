//! Raw callers of the two hosts: any method, header and body, for calls that no well-behaved client makes.

use std::sync::Arc;

use ponte_fapi::jws::{Signer, TokenType};
use reqwest::Method;
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};

use crate::stack::Stack;

/// Host of a call.
#[derive(Clone, Copy, Debug)]
pub(super) enum Host {
    Mtls,
    Public,
}

/// An answer.
pub(super) struct Got {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) interaction: Option<String>,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Got {
    /// A header; empty if there is none.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// One client of each host.
pub(super) struct Callers {
    mtls: reqwest::Client,
    public: reqwest::Client,
    hosts: [String; 2],
}

impl Callers {
    /// The first client of `endpoints.json`, with its certificate on the mTLS host.
    pub(super) fn of(stack: &Stack) -> Self {
        let trust = read(stack.text("/ca_file"));
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(trust.as_bytes()) {
            roots.add(certificate.expect("the authority is PEM")).expect("the authority can be trusted");
        }
        let trusting = || {
            let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
            let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
            builder.expect("TLS versions are known").with_root_certificates(roots.clone())
        };
        let chain = read(stack.text("/clients/0/transport_cert"));
        let chain = CertificateDer::pem_slice_iter(chain.as_bytes()).map(|one| one.expect("a chain is PEM"));
        let key = PrivateKeyDer::from_pem_slice(read(stack.text("/clients/0/transport_key")).as_bytes());
        let mtls = trusting()
            .with_client_auth_cert(chain.collect(), key.expect("a key is PEM"))
            .expect("certificate and key fit");
        Self {
            mtls: client(mtls),
            public: client(trusting().with_no_client_auth()),
            hosts: [stack.text("/hosts/mtls").to_owned(), stack.text("/hosts/public").to_owned()],
        }
    }

    /// Makes a call.
    pub(super) async fn call(
        &self,
        host: Host,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Got {
        let (client, base) = match host {
            Host::Mtls => (&self.mtls, &self.hosts[0]),
            Host::Public => (&self.public, &self.hosts[1]),
        };
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = client.request(method, format!("{base}{path}")).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap_or_else(|fault| panic!("{path}: {fault:?}"));
        let text =
            |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Got {
            status: answer.status().as_u16(),
            content_type: text("content-type").unwrap_or_default(),
            interaction: text("x-fapi-interaction-id"),
            headers: answer.headers().clone(),
            body: answer.text().await.unwrap_or_default(),
        }
    }

    /// A JSON call to one of the stack's plain services.
    pub(super) async fn service(&self, url: &str, headers: &[(&str, &str)], body: &Value) -> Value {
        let mut request = self.public.post(url).body(body.to_string());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap_or_else(|fault| panic!("{url}: {fault:?}"));
        let text = answer.text().await.unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_else(|fault| panic!("{url}: {fault} in {text}"))
    }

    /// `/status` of the control port.
    pub(super) async fn status(&self, stack: &Stack) -> Value {
        let answer = self.public.get(format!("{}/status", stack.text("/control"))).send().await;
        let text = answer.expect("the control port answers").text().await.unwrap_or_default();
        serde_json::from_str(&text).expect("the status is JSON")
    }
}

/// The fields of a form by which the first client proves who it is (S02), good for one use.
pub(super) fn authentication(stack: &Stack, now: i64, jti: &str) -> Vec<(&'static str, String)> {
    let key = read(stack.text("/clients/0/signing_key"));
    let signer = Signer::from_pkcs8_pem(&key, stack.text("/clients/0/signing_kid")).expect("the key signs");
    let id = stack.text("/clients/0/client_id");
    let audience = stack.text("/hosts/public");
    let claims = json!({ "iss": id, "sub": id, "aud": audience, "iat": now, "exp": now + 60, "jti": jti });
    vec![
        ("client_id", id.to_owned()),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
        ("client_assertion", signer.sign(TokenType::Jwt, &claims).expect("claims are signed")),
    ]
}

fn client(tls: ClientConfig) -> reqwest::Client {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(Policy::none())
        .no_proxy()
        .build()
        .expect("a client is built")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|fault| panic!("{path}: {fault}"))
}
