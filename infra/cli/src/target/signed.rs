//! Signed calls of AWS services whose SDK is not here: two calls do not pay for the build of two.

use std::error::Error;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_credential_types::provider::ProvideCredentials as _;
use ponte_cloud::aws::Post;
use ponte_cloud::environment::SystemClock;
use ponte_ports::{Clock as _, chain};
use rustls::RootCertStore;
use rustls::crypto::aws_lc_rs::default_provider;

/// A function runs for fifteen minutes at most.
const LONGEST: Duration = Duration::from_mins(16);
const CONNECT: Duration = Duration::from_secs(10);

/// Makes signed calls.
pub(super) struct Caller {
    config: SdkConfig,
    http: reqwest::Client,
}

/// An answer with a body of text.
pub(super) struct Answer {
    /// HTTP status.
    pub(super) status: u16,
    /// Whether Lambda says that the function failed.
    pub(super) failed: bool,
    /// The body.
    pub(super) body: String,
}

impl Caller {
    /// A caller with the credentials and the region of `config`.
    pub(super) fn of(config: &SdkConfig) -> Result<Self, String> {
        if config.region().is_none() {
            return Err("no region: set AWS_REGION, or a region in the profile".to_owned());
        }
        let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        let tls = rustls::ClientConfig::builder_with_provider(default_provider().into())
            .with_safe_default_protocol_versions()
            .map_err(|error| told(&error))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .connect_timeout(CONNECT)
            .timeout(LONGEST)
            .build()
            .map_err(|error| told(&error))?;
        Ok(Self { config: config.clone(), http })
    }

    /// Posts a body to a service, once: a command may not run twice because an answer was lost.
    pub(super) async fn post(
        &self,
        service: &str,
        path: &str,
        kind: &str,
        body: Vec<u8>,
    ) -> Result<Answer, String> {
        let region = self.config.region().map(ToString::to_string).unwrap_or_default();
        let regional = format!("https://{service}.{region}.amazonaws.com");
        let endpoint = self.config.endpoint_url().unwrap_or(&regional).trim_end_matches('/');
        let url = format!("{endpoint}{path}");
        let provider = self.config.credentials_provider().ok_or("no AWS credentials")?;
        let credentials = provider.provide_credentials().await.map_err(|error| told(&error))?;
        let headers = [("content-type", kind)];
        let post = Post { service, region: &region, url: &url, headers: &headers, body: &body };
        let signed = post.signed(credentials, SystemClock.now()).map_err(|error| told(&*error))?;
        let request = self.http.post(&url).header("content-type", kind);
        let request = signed.into_iter().fold(request, |request, (name, value)| request.header(name, value));
        let answer = request.body(body).send().await.map_err(|error| told(&error))?;
        let (status, failed) =
            (answer.status().as_u16(), answer.headers().contains_key("x-amz-function-error"));
        let body = answer.text().await.map_err(|error| told(&error))?;
        Ok(Answer { status, failed, body })
    }
}

/// An error with its causes.
fn told(error: &(dyn Error + 'static)) -> String {
    chain(error)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread;

    use aws_config::{BehaviorVersion, Region};
    use aws_credential_types::Credentials;
    use aws_credential_types::provider::SharedCredentialsProvider;
    use aws_lc_rs::{digest, hmac};

    use super::*;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    /// A server that takes one call, answers it, and gives what it got.
    fn server(answer: &'static str) -> (String, thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let (mut got, mut piece) = (Vec::new(), [0; 4096]);
            // The bodies of these tests end with a brace.
            while !got.ends_with(b"}") {
                let read = stream.read(&mut piece).unwrap();
                got.extend_from_slice(&piece[..read]);
            }
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8(got).unwrap()
        });
        (url, serving)
    }

    fn config(endpoint: &str) -> SdkConfig {
        let credentials =
            Credentials::new("AKIAINVENTED", SECRET, Some("a token".to_owned()), None, "this test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("sa-east-1"))
            .endpoint_url(endpoint)
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build()
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    fn sha256(text: &str) -> String {
        hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
    }

    fn keyed(key: &[u8], text: &str) -> Vec<u8> {
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
    }

    /// The signature of a call as AWS computes it, from nothing but its text and the secret.
    fn signature(call: &str, (path, service): (&str, &str), signed: &str) -> String {
        let (head, body) = call.split_once("\r\n\r\n").unwrap();
        let header = |name: &str| {
            let lines = head.lines().filter_map(|line| line.split_once(": "));
            let mut found = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
            found
                .next()
                .map_or_else(|| panic!("no header {name}: {head}"), |(_, value)| value.trim().to_owned())
        };
        let headers = signed.split(';').fold(String::new(), |mut text, name| {
            let _ = writeln!(text, "{name}:{}", header(name));
            text
        });
        let request = format!("POST\n{path}\n\n{headers}\n{signed}\n{}", sha256(body));
        let time = header("x-amz-date");
        let day = &time[..8];
        let scope = format!("{day}/sa-east-1/{service}/aws4_request");
        let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", sha256(&request));
        let parts = [day, "sa-east-1", service, "aws4_request", text.as_str()];
        hex(&parts.iter().fold(format!("AWS4{SECRET}").into_bytes(), |key, part| keyed(&key, part)))
    }

    #[tokio::test]
    async fn a_call_is_signed_as_aws_reads_it() {
        for (service, path) in
            [("lambda", "/2015-03-31/functions/s-PcmFunction-1AB/invocations"), ("cloudformation", "/")]
        {
            let (url, serving) =
                server("HTTP/1.1 200 OK\r\nx-amz-function-error: Unhandled\r\ncontent-length: 2\r\n\r\n{}");
            let caller = Caller::of(&config(&url)).unwrap();
            let answer = caller.post(service, path, "application/json", b"{\"a\":1}".to_vec()).await.unwrap();
            assert_eq!((answer.status, answer.failed, answer.body.as_str()), (200, true, "{}"));
            let call = serving.join().unwrap();
            let (_, authorization) = call.split_once("AWS4-HMAC-SHA256 ").unwrap();
            let (authorization, _) = authorization.split_once("\r\n").unwrap();
            let part = |name: &str| {
                let (_, rest) = authorization.split_once(&format!("{name}=")).unwrap();
                rest.split(',').next().unwrap().trim().to_owned()
            };
            let signed = part("SignedHeaders");
            for needed in ["host", "x-amz-date", "x-amz-security-token"] {
                assert!(signed.split(';').any(|name| name == needed), "{needed} is not signed: {signed}");
            }
            assert!(part("Credential").starts_with("AKIAINVENTED/"));
            assert_eq!(part("Signature"), signature(&call, (path, service), &signed));
        }
    }

    #[tokio::test]
    async fn a_session_without_a_region_or_credentials_is_told() {
        let nowhere = SdkConfig::builder().behavior_version(BehaviorVersion::latest()).build();
        assert!(Caller::of(&nowhere).err().unwrap().contains("AWS_REGION"));
        let nobody = nowhere.into_builder().region(Region::new("sa-east-1")).build();
        let caller = Caller::of(&nobody).unwrap();
        let fault = caller.post("lambda", "/", "application/json", Vec::new()).await.err().unwrap();
        assert!(fault.contains("no AWS credentials"), "{fault}");
    }
}
