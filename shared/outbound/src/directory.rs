//! The directory's keystore: key sets of organisations and software statements.

use std::time::Duration;

use async_trait::async_trait;
use ponte_authorization::ports::Directory;
use ponte_ports::PortError;
use reqwest::StatusCode;
use url::Url;

use crate::http::{Client, Resend};
use crate::{failure, http};

const WHAT: &str = "directory keystore";
/// Largest key set that is read.
const LIMIT: usize = 128 * 1024;
const DEADLINE: Duration = Duration::from_secs(2);

/// The keystore at one origin; no other address is fetched, not even one that a registration names.
pub struct Keystore {
    client: Client,
    base: Url,
    deadline: Duration,
}

impl Keystore {
    /// The keystore at `base` (`DIRECTORY_URL`).
    pub fn new(client: Client, base: &str) -> Result<Self, PortError> {
        let base = Url::parse(base).map_err(|error| PortError::new(WHAT, error))?;
        Ok(Self { client, base, deadline: DEADLINE })
    }

    fn address(&self, uri: &str) -> Result<Url, PortError> {
        let url = Url::parse(uri).map_err(|_| PortError::unusable(WHAT, "the jwks_uri is not a URL"))?;
        let ours = url.scheme() == "https" && url.origin() == self.base.origin();
        if ours && url.username().is_empty() && url.password().is_none() {
            Ok(url)
        } else {
            Err(PortError::unusable(WHAT, "the jwks_uri is not in the directory"))
        }
    }
}

#[async_trait]
impl Directory for Keystore {
    async fn jwks(&self, uri: &str) -> Result<String, PortError> {
        let address = self.address(uri)?;
        // Whoever keeps the sets asks again by itself, and counts (T38).
        let sent = self.client.send(Resend::AfterIdle, self.deadline, |http| http.get(address.clone()));
        let response = sent.await.map_err(|error| failure::http(WHAT, error))?;
        if response.status() != StatusCode::OK {
            return Err(of_status(response.status()));
        }
        let body = http::bounded(WHAT, response, LIMIT).await?;
        String::from_utf8(body).map_err(|_| PortError::unusable(WHAT, "the key set is not UTF-8"))
    }
}

/// The error of another status than 200. A directory that is busy or broken, or wants another wait, may answer at another try.
fn of_status(status: StatusCode) -> PortError {
    let text = format!("status {}", status.as_u16());
    let passing = status.is_server_error()
        || [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_EARLY, StatusCode::TOO_MANY_REQUESTS]
            .contains(&status);
    if passing { PortError::new(WHAT, text) } else { PortError::unusable(WHAT, text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::testing::trust;
    use ponte_kit::authority::Authority;
    use ponte_kit::clock::ManualClock;
    use ponte_kit::proxy::Proxy;
    use ponte_kit::stub::{Reply, Stub};

    async fn keystore(reply: fn() -> Reply) -> (Keystore, Stub) {
        let authority = Authority::generate();
        let stub = Stub::start_tls(authority.server(), move |_, _| reply()).await;
        let client = http::client(&trust(&authority), None).unwrap();
        let mut keystore = Keystore::new(client, &stub.tls_url()).unwrap();
        keystore.deadline = Duration::from_millis(400);
        (keystore, stub)
    }

    #[tokio::test]
    async fn s82_a_key_set_is_fetched_from_the_directory() {
        let (keystore, stub) = keystore(|| Reply::json(200, r#"{"keys":[]}"#)).await;
        let uri = format!("{}/org/application.jwks", stub.tls_url());
        assert_eq!(keystore.jwks(&uri).await.unwrap(), r#"{"keys":[]}"#);
        assert!(stub.heads()[0].starts_with("GET /org/application.jwks "));
    }

    #[tokio::test]
    async fn nothing_outside_the_directory_is_fetched() {
        let (keystore, stub) = keystore(|| Reply::json(200, "{}")).await;
        let port = stub.address.port();
        for uri in [
            "https://elsewhere.example/jwks".to_owned(),
            format!("http://localhost:{port}/jwks"),
            format!("https://localhost:{}/jwks", port ^ 1),
            format!("https://user@localhost:{port}/jwks"),
            format!("https://127.0.0.1:{port}/jwks"),
            "file:///etc/passwd".to_owned(),
            "jwks".to_owned(),
        ] {
            assert!(keystore.jwks(&uri).await.is_err(), "{uri}");
        }
        assert!(stub.heads().is_empty());
    }

    #[tokio::test]
    async fn s82_a_set_that_is_not_there_is_told_from_a_directory_that_does_not_answer() {
        for (reply, unusable) in [
            ((|| Reply::json(404, "{}")) as fn() -> Reply, true),
            (|| Reply::json(410, "{}"), true),
            (|| Reply::redirect("https://localhost:1/"), true),
            (|| Reply::json(200, "x".repeat(LIMIT + 1)), true),
            (|| Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n\xff\xff".to_vec()), true),
            (|| Reply::json(429, "{}"), false),
            (|| Reply::json(500, "{}"), false),
            (|| Reply::json(503, "{}"), false),
            (|| Reply::Hang, false),
        ] {
            let (keystore, stub) = keystore(reply).await;
            let error = keystore.jwks(&format!("{}/jwks", stub.tls_url())).await.unwrap_err();
            assert_eq!(error.is_unusable(), unusable, "{error:?}");
        }
        let (keystore, _stub) = keystore(|| Reply::json(200, "{}")).await;
        for uri in ["https://elsewhere.example/jwks", "jwks"] {
            assert!(keystore.jwks(uri).await.unwrap_err().is_unusable(), "{uri}");
        }
    }

    #[tokio::test]
    async fn large_slow_and_redirected_answers_are_refused() {
        for (reply, timeout) in [
            ((|| Reply::json(200, "x".repeat(LIMIT + 1))) as fn() -> Reply, false),
            (|| Reply::Endless, false),
            (|| Reply::redirect("https://localhost:1/"), false),
            (|| Reply::json(404, "{}"), false),
            (|| Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n\xff\xff".to_vec()), false),
            (|| Reply::Hang, true),
        ] {
            let (keystore, stub) = keystore(reply).await;
            let error = keystore.jwks(&format!("{}/jwks", stub.tls_url())).await.unwrap_err();
            assert_eq!(error.is_timeout(), timeout, "{error:?}");
            assert_eq!(stub.heads().len(), 1);
        }
    }

    #[tokio::test]
    async fn lb01_a_connection_that_died_costs_no_key_set_and_a_fresh_one_is_tried_by_who_counts() {
        let authority = Authority::generate();
        let stub = Stub::start_tls(authority.server(), |_, _| Reply::kept(r#"{"keys":[]}"#)).await;
        let (proxy, clock) = (Proxy::before(stub.address).await, Arc::new(ManualClock::default()));
        let client = http::client(&trust(&authority), None).unwrap().by(clock.clone());
        let keystore = Keystore::new(client, &proxy.tls_url()).unwrap();
        let uri = format!("{}/jwks", proxy.tls_url());
        for _ in 0..5 {
            keystore.jwks(&uri).await.unwrap();
            proxy.reset_open();
        }
        assert_eq!((proxy.connections(), stub.heads().len()), (5, 5));
        proxy.silence_open();
        clock.forward(20);
        keystore.jwks(&uri).await.unwrap();
        assert_eq!((proxy.connections(), stub.heads().len()), (6, 6));
        clock.forward(20);
        proxy.refuse(1);
        assert!(keystore.jwks(&uri).await.is_err(), "six requests in thirty seconds are six (T38)");
        keystore.jwks(&uri).await.unwrap();
        assert_eq!((proxy.connections(), stub.heads().len()), (8, 7));
    }
}
