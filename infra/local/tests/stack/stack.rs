//! A stack from a small template, and HTTP calls to it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use ponte_local::aws::Cloud;
use ponte_local::gateway::Identity;
use ponte_local::runtime::{ENVIRONMENTS, Launcher};
use ponte_local::stack::{Host, Listeners, Options, Stack};
use ponte_web::front;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;

use crate::certificates::{Pair, papers};

const TEMPLATE: &str = include_str!("template.yaml");

/// Name and domain parameter of each host.
const HOSTS: [(&str, &str); 3] =
    [("mtls", "MtlsDomainName"), ("public", "PublicDomainName"), ("management", "ManagementDomainName")];

/// A running stack, its folder and the file in which its function notes what it saw.
pub(crate) struct Small {
    pub(crate) stack: Stack,
    pub(crate) seen: PathBuf,
    pub(crate) folder: PathBuf,
    /// Goes when the stack goes.
    temporary: Option<tempfile::TempDir>,
}

impl Small {
    pub(crate) async fn up() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut small = Self::up_in(folder.path()).await;
        small.temporary = Some(folder);
        small
    }

    pub(crate) async fn up_in(folder: &Path) -> Self {
        Self::up_in_with(folder, front::LIMIT).await
    }

    /// One whose hosts wait for nobody longer than `idle`.
    pub(crate) async fn impatient(idle: Duration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut small = Self::up_in_with(folder.path(), idle).await;
        small.temporary = Some(folder);
        small
    }

    async fn up_in_with(folder: &Path, idle: Duration) -> Self {
        let listen = || TcpListener::bind("127.0.0.1:0");
        let seen = folder.join("seen");
        let server = &papers().server;
        let mut parameters = BTreeMap::from([("SeenFile".to_owned(), seen.display().to_string())]);
        let mut hosts = Vec::new();
        for (name, parameter) in HOSTS {
            let listener = listen().await.unwrap();
            let port = listener.local_addr().unwrap().port();
            parameters.insert(parameter.to_owned(), format!("localhost:{port}"));
            hosts.push(Host { name, listener });
        }
        let truststores =
            [("participants", &papers().authority_pem), ("institution", &papers().institution_pem)]
                .map(|(name, pem)| (format!("s3://trust/{name}.pem"), pem.clone()));
        let options = Options {
            template: TEMPLATE.to_owned(),
            directory: folder.to_owned(),
            cloud: Cloud::open(listen().await.unwrap(), &folder.join("aws")).unwrap(),
            listeners: Listeners { hosts, control: listen().await.unwrap() },
            parameters,
            secrets: BTreeMap::new(),
            identity: Identity { chain_pem: server.chain_pem.clone(), key_pem: server.key_pem.clone() },
            truststores: truststores.into(),
            guests: BTreeMap::new(),
            launcher: Launcher {
                program: std::env::current_exe().unwrap(),
                arguments: ["--ignored", "--nocapture", "--exact"].map(str::to_owned).to_vec(),
                environments: ENVIRONMENTS,
            },
            idle,
        };
        Self { stack: Stack::up(options).await.unwrap(), seen, folder: folder.to_owned(), temporary: None }
    }

    pub(crate) fn host(&self, name: &str) -> String {
        self.stack.endpoints()["hosts"][name].as_str().unwrap().to_owned()
    }

    pub(crate) fn control(&self) -> String {
        self.stack.endpoints()["control"].as_str().unwrap().to_owned()
    }

    pub(crate) fn queue_url(&self, id: &str) -> String {
        ponte_local::aws::queue_url(self.stack.cloud().endpoint_url(), &format!("ponte-{id}"))
    }

    /// Waits until the function has noted a line that contains `text`.
    pub(crate) async fn noted(&self, text: &str) -> String {
        for _ in 0..1_000 {
            let seen = std::fs::read_to_string(&self.seen).unwrap_or_default();
            if let Some(line) = seen.lines().find(|line| line.contains(text)) {
                return line.to_owned();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("nothing noted about {text}: {}", std::fs::read_to_string(&self.seen).unwrap_or_default());
    }
}

/// How a caller speaks.
#[derive(Default)]
pub(crate) struct Caller<'p> {
    /// The only version offered.
    pub(crate) version: Option<&'static SupportedProtocolVersion>,
    /// The only cipher suite offered.
    pub(crate) suite: Option<u16>,
    pub(crate) certificate: Option<&'p Pair>,
    pub http2: bool,
}

impl Caller<'_> {
    pub(crate) fn tls(&self) -> ClientConfig {
        let mut provider = rustls::crypto::aws_lc_rs::default_provider();
        provider
            .cipher_suites
            .retain(|offered| self.suite.is_none_or(|suite| u16::from(offered.suite()) == suite));
        let version = self.version.map(|version| vec![version]);
        let versions = version.as_deref().unwrap_or(rustls::ALL_VERSIONS);
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(papers().authority_pem.as_bytes()).unwrap()).unwrap();
        let builder =
            ClientConfig::builder_with_provider(Arc::new(provider)).with_protocol_versions(versions).unwrap();
        let builder = builder.with_root_certificates(roots);
        let mut config = match self.certificate {
            None => builder.with_no_client_auth(),
            Some(pair) => {
                let chain = vec![CertificateDer::from_pem_slice(pair.chain_pem.as_bytes()).unwrap()];
                let key = PrivateKeyDer::from_pem_slice(pair.key_pem.as_bytes()).unwrap();
                builder.with_client_auth_cert(chain, key).unwrap()
            }
        };
        config.alpn_protocols = vec![if self.http2 { b"h2".to_vec() } else { b"http/1.1".to_vec() }];
        config
    }

    pub(crate) async fn connect(
        &self,
        host: &str,
    ) -> std::io::Result<tokio_rustls::client::TlsStream<TcpStream>> {
        let port: u16 = host.rsplit(':').next().unwrap().parse().unwrap();
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        TlsConnector::from(Arc::new(self.tls()))
            .connect(ServerName::try_from("localhost").unwrap(), stream)
            .await
    }

    /// One request on a connection of its own. The error is that of handshake or connection.
    pub(crate) async fn call(
        &self,
        host: &str,
        request: Request<Full<bytes::Bytes>>,
    ) -> Result<(u16, http::HeaderMap, String), String> {
        let stream = TokioIo::new(self.connect(host).await.map_err(|error| error.to_string())?);
        let response = if self.http2 {
            let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await;
            let (mut sender, connection) = handshake.map_err(|error| error.to_string())?;
            tokio::spawn(connection);
            sender.send_request(request).await
        } else {
            let handshake = hyper::client::conn::http1::handshake(stream).await;
            let (mut sender, connection) = handshake.map_err(|error| error.to_string())?;
            tokio::spawn(connection);
            sender.send_request(request).await
        };
        let (parts, body) = response.map_err(|error| error.to_string())?.into_parts();
        let body = body.collect().await.map_err(|error| error.to_string())?.to_bytes();
        Ok((parts.status.as_u16(), parts.headers, String::from_utf8_lossy(&body).into_owned()))
    }

    pub(crate) async fn get(&self, host: &str, path: &str) -> Result<(u16, http::HeaderMap, String), String> {
        let uri = if self.http2 { format!("{host}{path}") } else { path.to_owned() };
        let mut request = Request::get(uri);
        if !self.http2 {
            request = request.header("host", host.trim_start_matches("https://"));
        }
        self.call(host, request.body(Full::default()).unwrap()).await
    }
}
