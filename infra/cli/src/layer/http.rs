//! Calls over HTTP, as Ponte makes them: no redirects, no proxies, and no more of an answer than there is room for.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use ponte_layer_check::{Received, Sent, Transport};
use ponte_ports::chain;
use rustls::RootCertStore;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use url::Url;

/// Most bytes of an answer: far more than a thousand records have.
const MOST: usize = 32 * 1024 * 1024;
const CONNECT: Duration = Duration::from_secs(5);

/// A layer behind its URL.
pub(super) struct Http {
    client: reqwest::Client,
    base: String,
}

impl Http {
    /// The layer at `url`, whose certificate is of a public authority or of those in `ca_file`.
    pub(super) fn new(url: &str, ca_file: Option<&Path>) -> Result<Self, String> {
        let parsed = Url::parse(url).map_err(|error| format!("{url}: {error}"))?;
        if !matches!(parsed.scheme(), "http" | "https")
            || parsed.query().is_some()
            || parsed.fragment().is_some()
        {
            return Err(format!("{url}: an http or https URL without a query is needed"));
        }
        let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        if let Some(file) = ca_file {
            let told = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
            for certificate in CertificateDer::pem_file_iter(file).map_err(|error| told(&error))? {
                let certificate = certificate.map_err(|error| told(&error))?;
                roots.add(certificate).map_err(|error| told(&error))?;
            }
        }
        let tls = rustls::ClientConfig::builder_with_provider(default_provider().into())
            .with_safe_default_protocol_versions()
            .map_err(|error| chain(&error))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .build()
            .map_err(|error| chain(&error))?;
        Ok(Self { client, base: url.trim_end_matches('/').to_owned() })
    }

    /// Whether anything answers there at all.
    pub(super) async fn answers(&self) -> Result<(), String> {
        let asked = self.client.get(&self.base).timeout(CONNECT).send().await;
        asked.map(drop).map_err(|error| {
            format!(
                "nothing answers at {}: {}; is the layer running, and is the port right?",
                self.base,
                chain(&error)
            )
        })
    }

    async fn answer(&self, sent: Sent) -> reqwest::Result<Received> {
        let method = sent.method.parse().unwrap_or(reqwest::Method::POST);
        let mut request = self.client.request(method, format!("{}{}", self.base, sent.path));
        request = request.header("content-type", sent.content_type).body(sent.body);
        if let Some(credential) = &sent.credential {
            request = request.bearer_auth(credential);
        }
        let mut answer = request.send().await?;
        let content_type = answer.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        let (status, content_type) = (answer.status().as_u16(), content_type.unwrap_or_default().to_owned());
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            body.extend_from_slice(&chunk);
            // What is cut off is no JSON, which is then told.
            if body.len() > MOST {
                break;
            }
        }
        Ok(Received { status, content_type, body })
    }
}

#[async_trait]
impl Transport for Http {
    async fn send(&self, sent: Sent) -> Result<Received, String> {
        self.answer(sent).await.map_err(|error| format!("no answer: {}", chain(&error.without_url())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_does_not_answer_is_told_with_its_url() {
        for url in ["ftp://localhost", "localhost:8080", "https://localhost/?a=1", ""] {
            assert!(Http::new(url, None).is_err(), "{url}");
        }
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        drop(listener);
        let fault = Http::new(&url, None).unwrap().answers().await.unwrap_err();
        assert!(
            fault.contains(url.trim_end_matches('/')) && fault.contains("is the layer running"),
            "{fault}"
        );
    }
}
