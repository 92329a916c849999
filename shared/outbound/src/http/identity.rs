//! The client that shows the institution's certificate (BRCAC) and follows its secret (S96, T45).

use std::sync::Arc;

use ponte_fapi::certificate::ClientCertificate;
use ponte_ports::rotation::{InvalidSecret, Rotating, VersionPair, WatchedSecret};
use ponte_ports::{Alarms, PortError, SecretVersions};
use ponte_values::{Moment, OrganisationId};

use super::certificate::TransportCertificate;
use super::client::{Client, client};
use super::trust::Trust;

/// A client that shows the certificate of `TransportCertificateSecret`, as it is when it is asked for. Calls under way
/// end on the client they began with.
pub async fn mutual_client(
    trust: &Trust,
    organisation: &OrganisationId,
    versions: Arc<dyn SecretVersions>,
    alarms: Arc<dyn Alarms>,
    now: Moment,
) -> Result<Rotating<Client>, PortError> {
    follow(trust, organisation, versions, alarms, now, |client, _| client).await
}

/// When the certificate ends that [`mutual_client`] shows.
pub async fn certificate_end(
    trust: &Trust,
    organisation: &OrganisationId,
    versions: Arc<dyn SecretVersions>,
    alarms: Arc<dyn Alarms>,
    now: Moment,
) -> Result<Rotating<Moment>, PortError> {
    follow(trust, organisation, versions, alarms, now, |_, end| end).await
}

/// What `of` makes of the client and of the end of the certificate, for the last version of the secret that is sound.
async fn follow<T: Send + Sync + 'static>(
    trust: &Trust,
    organisation: &OrganisationId,
    versions: Arc<dyn SecretVersions>,
    alarms: Arc<dyn Alarms>,
    now: Moment,
    of: fn(Client, Moment) -> T,
) -> Result<Rotating<T>, PortError> {
    let secret = WatchedSecret { name: "TransportCertificateSecret", versions, alarms };
    let (trust, organisation) = (trust.clone(), organisation.clone());
    let check = move |versions: &VersionPair, now: Moment| {
        let identity: TransportCertificate = serde_json::from_str(versions.current.text.expose())
            .map_err(|_| InvalidSecret::new("not an object of certificate and private_key"))?;
        let (client, end) = checked(&trust, &identity, &organisation, now)?;
        Ok(of(client, end))
    };
    Rotating::start(secret, Box::new(check), now).await
}

/// The client of an identity that is this organisation's, made for clients, valid now, and of one piece with its key; and
/// when its certificate ends.
fn checked(
    trust: &Trust,
    identity: &TransportCertificate,
    organisation: &OrganisationId,
    now: Moment,
) -> Result<(Client, Moment), InvalidSecret> {
    let certificate = ClientCertificate::from_pem(&identity.certificate).map_err(InvalidSecret::new)?;
    certificate.check(u64::try_from(now.seconds()).unwrap_or(0)).map_err(InvalidSecret::new)?;
    if certificate.organisation_id() != Some(organisation.as_str()) {
        return Err(InvalidSecret::new("certificate of another organisation"));
    }
    let client = client(trust, Some(identity))
        .map_err(|_| InvalidSecret::new("the private key is not that of the certificate"))?;
    Ok((client, Moment::from_seconds(certificate.not_after())))
}

#[cfg(test)]
mod tests;
