//! The questions themselves.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ponte_authorization::ports::Responders;
use ponte_fapi::revocation::{list, ocsp};
use ponte_ports::PortError;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, Method, RequestBuilder, StatusCode, redirect};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use super::reach::Reach;
use crate::{failure, http};

const WHAT: &str = "responder of an authority";
const CONNECT: Duration = Duration::from_millis(500);
/// Deadline of a question: a caller waits for it, and after it there may be another and two lists.
const ANSWER: Duration = Duration::from_secs(1);
/// Deadline of a list, which may be long.
const LIST: Duration = Duration::from_secs(2);

/// Authorities over plain HTTP.
pub struct HttpResponders {
    client: Client,
    reach: Reach,
    pub(super) answer: Duration,
    pub(super) list: Duration,
}

impl HttpResponders {
    /// Those that `reach` allows.
    pub fn new(reach: Reach) -> Result<Self, PortError> {
        // The client wants to know about TLS, which is not used here: nobody is trusted.
        let tls = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| PortError::new(WHAT, error))?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(Arc::new(reach))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECT)
            .build()
            .map_err(|error| failure::http(WHAT, error))?;
        Ok(Self { client, reach, answer: ANSWER, list: LIST })
    }

    /// A request to an address that may be dialled. A name is looked at when it is resolved.
    fn request(&self, method: Method, address: &str) -> Result<RequestBuilder, PortError> {
        let refused = |reason: &'static str| PortError::new(WHAT, reason);
        let url = Url::parse(address).map_err(|_| refused("the address is not a URL"))?;
        let bare = url.scheme() == "http" && url.username().is_empty() && url.password().is_none();
        let allowed = match url.host() {
            Some(Host::Domain(_)) => true,
            Some(Host::Ipv4(address)) => self.reach.allows(address.into()),
            Some(Host::Ipv6(address)) => self.reach.allows(address.into()),
            None => false,
        };
        if bare && allowed {
            Ok(self.client.request(method, url))
        } else {
            Err(refused("the address may not be dialled"))
        }
    }
}

/// The body of an answer that is whole, of status 200, in time and not above `limit` bytes.
async fn send(request: RequestBuilder, deadline: Duration, limit: usize) -> Result<Vec<u8>, PortError> {
    let answer = request.timeout(deadline).send().await.map_err(|error| failure::http(WHAT, error))?;
    if answer.status() != StatusCode::OK {
        return Err(PortError::new(WHAT, format!("status {}", answer.status().as_u16())));
    }
    http::bounded(WHAT, answer, limit).await
}

#[async_trait]
impl Responders for HttpResponders {
    async fn ask(&self, address: &str, question: Vec<u8>) -> Result<Vec<u8>, PortError> {
        let request = self.request(Method::POST, address)?;
        let request = request
            .header(CONTENT_TYPE, "application/ocsp-request")
            .header(ACCEPT, "application/ocsp-response")
            .body(question);
        send(request, self.answer, ocsp::ANSWER_MAX).await
    }

    async fn list(&self, address: &str) -> Result<Vec<u8>, PortError> {
        let request = self.request(Method::GET, address)?.header(ACCEPT, "application/pkix-crl");
        send(request, self.list, list::LIST_MAX).await
    }
}
