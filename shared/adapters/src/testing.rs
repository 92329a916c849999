//! Stub servers for the tests of this crate: they answer by rule, remember what they were asked, and misbehave on demand.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ponte_values::{OrganisationId, SecretText};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, PKCS_RSA_SHA256,
};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::server::WebPkiClientVerifier;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::aws::Aws;
use crate::env::read_from;
use crate::http::{TransportCertificate, Trust};

/// A request as it arrived.
#[derive(Clone)]
pub(crate) struct Request {
    /// Request line and headers.
    pub(crate) head: String,
    pub(crate) body: String,
}

/// What a stub does with a request.
pub(crate) enum Reply {
    /// Bytes as they are; the connection is closed after them.
    Raw(Vec<u8>),
    /// A body without end and without an announced length.
    Endless,
    /// Nothing, for as long as the caller waits.
    Hang,
    /// `{}` with status 200: the head after a while, and the body after another.
    Slow { head: Duration, body: Duration },
}

impl Reply {
    pub(crate) fn json(status: u16, body: impl AsRef<str>) -> Self {
        let body = body.as_ref();
        Self::Raw(
            format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
            .into_bytes(),
        )
    }

    pub(crate) fn redirect(to: &str) -> Self {
        Self::Raw(
            format!("HTTP/1.1 302 X\r\nlocation: {to}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
                .into_bytes(),
        )
    }
}

type Rule = dyn Fn(usize, &Request) -> Reply + Send + Sync;

/// A server on a free port of the loopback interface; it ends with the runtime of the test.
pub(crate) struct Stub {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Stub {
    /// Speaks plain HTTP; `rule` gets the number of the request, from 0, and the request.
    pub(crate) async fn start(rule: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::serve(None, Arc::new(rule)).await
    }

    /// Speaks HTTPS.
    pub(crate) async fn start_tls(
        tls: ServerConfig,
        rule: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::serve(Some(TlsAcceptor::from(Arc::new(tls))), Arc::new(rule)).await
    }

    async fn serve(tls: Option<TlsAcceptor>, rule: Arc<Rule>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::<Mutex<Vec<Request>>>::default();
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, seen, rule) = (tls.clone(), Arc::clone(&seen), Arc::clone(&rule));
                tokio::spawn(async move {
                    match tls {
                        None => answer(stream, &seen, &*rule).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                answer(stream, &seen, &*rule).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, requests }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn tls_url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    pub(crate) fn heads(&self) -> Vec<String> {
        self.requests.lock().unwrap().iter().map(|request| request.head.clone()).collect()
    }

    pub(crate) fn bodies(&self) -> Vec<String> {
        self.requests.lock().unwrap().iter().map(|request| request.body.clone()).collect()
    }
}

async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, seen: &Mutex<Vec<Request>>, rule: &Rule) {
    let Some(bytes) = message(&mut stream).await else { return };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let request = Request { head: head.to_owned(), body: body.to_owned() };
    let number = {
        let mut seen = seen.lock().unwrap();
        seen.push(request.clone());
        seen.len() - 1
    };
    match rule(number, &request) {
        Reply::Raw(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Reply::Endless => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").await;
            while stream.write_all(&[b' '; 4096]).await.is_ok() {}
        }
        Reply::Hang => std::future::pending().await,
        Reply::Slow { head, body } => {
            tokio::time::sleep(head).await;
            let _ =
                stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n").await;
            let _ = stream.flush().await;
            tokio::time::sleep(body).await;
            let _ = stream.write_all(b"{}").await;
            let _ = stream.shutdown().await;
        }
    }
}

/// One HTTP message with an announced length; none if the other side closes first.
async fn message(stream: &mut (impl AsyncRead + Unpin)) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length = length.map_or(0, |length| length.trim().parse::<usize>().unwrap());
            if bytes.len() >= end + 4 + length {
                return Some(bytes);
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

/// Forwards to `upstream`, and swallows the replies that `swallow` names by the number of the exchange: the work is
/// done, the caller never hears of it (T06).
pub(crate) async fn lossy(
    upstream: SocketAddr,
    swallow: impl Fn(usize) -> bool + Send + Sync + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let swallow = Arc::new((Mutex::new(0_usize), swallow));
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let swallow = Arc::clone(&swallow);
            tokio::spawn(async move {
                let mut far = TcpStream::connect(upstream).await.unwrap();
                while let Some(request) = message(&mut near).await {
                    far.write_all(&request).await.unwrap();
                    let Some(reply) = message(&mut far).await else { return };
                    let number = {
                        let mut count = swallow.0.lock().unwrap();
                        *count += 1;
                        *count - 1
                    };
                    if (swallow.1)(number) {
                        return;
                    }
                    near.write_all(&reply).await.unwrap();
                }
            });
        }
    });
    address
}

/// SDK clients that call `endpoint`, made the way a function makes them.
pub(crate) fn aws_at(endpoint: &str) -> Aws {
    let source = |name: &str| {
        let value = match name {
            "AWS_REGION" => "sa-east-1",
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => "test",
            "AWS_ENDPOINT_URL" => endpoint,
            _ => return None,
        };
        Some(value.to_owned())
    };
    read_from(&source, Aws::SETTING).unwrap()
}

/// A certificate authority of a test.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    pub(crate) fn trust(&self) -> Trust {
        Trust::pem(self.pem.as_bytes()).unwrap()
    }

    fn issue(&self, name: &str, usage: ExtendedKeyUsagePurpose) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.extended_key_usages = vec![usage];
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }

    pub(crate) fn identity(&self) -> TransportCertificate {
        let (certificate, key) = self.issue("ponte.example", ExtendedKeyUsagePurpose::ClientAuth);
        TransportCertificate { certificate, private_key: SecretText::from(key) }
    }

    /// A BRCAC of `organisation` (S95, S96), or what `change` makes of it.
    pub(crate) fn brcac(
        &self,
        organisation: &OrganisationId,
        change: impl FnOnce(&mut CertificateParams),
    ) -> TransportCertificate {
        let key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
        let mut params = CertificateParams::default();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.distinguished_name = DistinguishedName::new();
        params
            .distinguished_name
            .push(DnType::CustomDnType(vec![2, 5, 4, 97]), format!("OFBBR-{organisation}"));
        change(&mut params);
        let certificate = params.signed_by(&key, &self.issuer).unwrap().pem();
        TransportCertificate { certificate, private_key: SecretText::from(key.serialize_pem()) }
    }

    /// A server for `localhost` that asks nobody who they are.
    pub(crate) fn server(&self) -> ServerConfig {
        self.config(false)
    }

    /// A server for `localhost` that wants a certificate of this authority.
    pub(crate) fn mutual_server(&self) -> ServerConfig {
        self.config(true)
    }

    fn config(&self, mutual: bool) -> ServerConfig {
        let provider = Arc::new(default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = if mutual {
            let verifier = WebPkiClientVerifier::builder_with_provider(self.trust().roots(), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        } else {
            builder.with_no_client_auth()
        };
        let (certificate, key) = self.issue("localhost", ExtendedKeyUsagePurpose::ServerAuth);
        let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
        builder.with_single_cert(chain, PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap()).unwrap()
    }
}
