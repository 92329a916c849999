//! A TLS handshake and nothing after it: whether the other side refuses the connection, and with which alert.
//!
//! With TLS 1.3 the refusal of a missing certificate arrives after our side of the handshake is done. An HTTP client
//! that is already writing its request then sees the alert, or only a connection that ended; who only reads always
//! sees the alert.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::Url;

/// A refusal is there at once; a host that takes the connection says nothing until it is asked.
const LIMIT: Duration = Duration::from_secs(2);

/// The alert the host of `url` refuses the connection with, if it does.
pub(crate) async fn refusal(tls: ClientConfig, url: &str) -> Option<rustls::Error> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?.to_owned();
    let address = format!("{host}:{}", url.port_or_known_default()?);
    let name = ServerName::try_from(host).ok()?;
    let attempt = async {
        let mut connection =
            TlsConnector::from(Arc::new(tls)).connect(name, TcpStream::connect(address).await?).await?;
        connection.read_u8().await
    };
    alert(&timeout(LIMIT, attempt).await.ok()?.err()?)
}

/// The alert inside an error of a connection.
fn alert(error: &io::Error) -> Option<rustls::Error> {
    let inner = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    matches!(inner, rustls::Error::AlertReceived(_)).then(|| inner.clone())
}
