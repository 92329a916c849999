//! TLS to a system of the institution: the institution's own authority, and the certificate that Ponte shows it, followed as their secret
//! changes (T45).

use std::sync::Arc;

use ponte_fapi::certificate::validity;
use ponte_ports::rotation::{InvalidSecret, Rotating, WatchedSecret};
use ponte_ports::{Alarms, PortError, SecretVersions};
use ponte_values::{Moment, SecretText};
use serde::Deserialize;

use crate::http::{Client, TransportCertificate, Trust, client};

/// What the secret says before it has a first value: nothing besides the usual trust.
const NONE: &str = "none";

/// The value of `InstitutionTlsSecret`; each member may be missing, the certificate and its key together.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InstitutionTls {
    /// PEM of authorities that are trusted besides the usual ones, for this layer alone.
    authority: Option<String>,
    /// PEM chain, the leaf first.
    certificate: Option<String>,
    /// PKCS#8 PEM.
    private_key: Option<SecretText>,
}

/// The client that calls the layer or the connector, as the secret of this name in the template says when it is asked for. Calls under way end on the client
/// they began with.
pub(crate) async fn layer_client(
    name: &'static str,
    trust: &Trust,
    versions: Arc<dyn SecretVersions>,
    alarms: Arc<dyn Alarms>,
    now: Moment,
) -> Result<Rotating<Client>, PortError> {
    let secret = WatchedSecret { name, versions, alarms };
    let trust = trust.clone();
    let check = move |versions: &ponte_ports::rotation::VersionPair, now: Moment| {
        checked(&trust, versions.current.text.expose(), now)
    };
    Rotating::start(secret, Box::new(check), now).await
}

fn checked(trust: &Trust, text: &str, now: Moment) -> Result<Client, InvalidSecret> {
    if text.trim() == NONE {
        return client(trust, None).map_err(InvalidSecret::new);
    }
    let InstitutionTls { authority, certificate, private_key } =
        serde_json::from_str(text).map_err(|_| {
            InvalidSecret::new("neither none nor an object of authority, certificate and private_key")
        })?;
    let trust = match authority {
        None => trust.clone(),
        Some(pem) => trust
            .with(pem.as_bytes())
            .map_err(|_| InvalidSecret::new("the authority is not PEM of certificates"))?,
    };
    let identity = match (certificate, private_key) {
        (Some(certificate), Some(private_key)) => Some(TransportCertificate { certificate, private_key }),
        (None, None) => None,
        _ => return Err(InvalidSecret::new("certificate and private_key come together")),
    };
    if let Some(identity) = &identity {
        let valid = validity(&identity.certificate).map_err(InvalidSecret::new)?;
        if !valid.contains(&now.seconds()) {
            return Err(InvalidSecret::new("the certificate is not valid now"));
        }
    }
    client(&trust, identity.as_ref())
        .map_err(|_| InvalidSecret::new("the private key is not that of the certificate"))
}

#[cfg(test)]
mod tests;
