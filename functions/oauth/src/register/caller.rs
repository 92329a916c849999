//! The caller of the registration endpoints: the certificate first, then the token of the registration (S80, S84, S89).

use ponte_authorization::client::{Client, ClientRegistration};
use ponte_fapi::certificate::ClientCertificate;
use ponte_fapi::dn::DistinguishedName;
use ponte_fapi::secret;
use ponte_values::{ClientId, Moment};

use crate::ports::Ports;
use crate::time::client_clock;

use super::denied::Denied;
use super::request::RegistrationRequest;

/// The holder of a client certificate that may open a connection.
pub(super) struct Caller<'a> {
    /// The certificate as the gateway saw it.
    pem: &'a str,
    now: Moment,
    pub(super) certificate: ClientCertificate,
    pub(super) subject: DistinguishedName,
}

impl<'a> Caller<'a> {
    /// Judges the certificate before anything else is read. The gateway has seen that its chain is that of an accepted
    /// authority (S80).
    pub(super) fn of(request: &RegistrationRequest<'a>) -> Result<Self, Denied> {
        let pem = request.certificate.ok_or_else(|| Denied::Missing("client certificate missing".into()))?;
        let certificate = ClientCertificate::from_pem(pem).map_err(|fault| refused(&fault.to_string()))?;
        certificate.check(client_clock(request.now).now).map_err(|fault| refused(&fault.to_string()))?;
        let subject = DistinguishedName::of_certificate(pem).map_err(|fault| refused(&fault.to_string()))?;
        Ok(Self { pem, now: request.now, certificate, subject })
    }

    /// Whether the authority of the certificate has revoked it. Asked last, so that only a caller who would get through makes
    /// us ask an authority.
    pub(super) async fn check_revocation(&self, ports: &Ports) -> Result<(), Denied> {
        Ok(ports.revocations.check(self.pem, self.certificate.thumbprint(), self.now).await?)
    }

    /// Whether the certificate is one of the organisation and the software of a client.
    pub(super) fn is_of(&self, client: &Client) -> bool {
        self.certificate.organisation_id() == Some(client.organisation.as_str())
            && self.certificate.software_statement_id() == Some(client.software.as_str())
    }
}

fn refused(fault: &str) -> Denied {
    Denied::Credential(format!("client certificate: {fault}").into())
}

/// A registration and the token that was shown for it.
pub(super) struct Managed<'a> {
    pub(super) registration: ClientRegistration,
    pub(super) token: &'a str,
}

/// The registration in the path, if both the certificate and the token are its own.
pub(super) async fn managed<'a>(
    ports: &Ports,
    request: &RegistrationRequest<'a>,
    caller: &Caller<'_>,
) -> Result<Managed<'a>, Denied> {
    find(ports, request, caller).await?.ok_or_else(Denied::not_this_registration)
}

/// The same; `None` if there is no such registration, another's, or that of a client that is blocked (T60).
pub(super) async fn find<'a>(
    ports: &Ports,
    request: &RegistrationRequest<'a>,
    caller: &Caller<'_>,
) -> Result<Option<Managed<'a>>, Denied> {
    let token = request.bearer.ok_or_else(Denied::without_token)?;
    let id = ClientId::parse(request.client).map_err(|_| Denied::not_this_registration())?;
    let found = ports.clients.registration(&id).await?;
    // Hashes of 256 random bits: how long their comparison takes tells nothing of the token.
    let own = |found: &ClientRegistration| {
        found.token_hash == secret::hash(token)
            && caller.is_of(&found.client)
            && found.client.blocked_at.is_none()
    };
    let Some(registration) = found.filter(own) else { return Ok(None) };
    caller.check_revocation(ports).await?;
    Ok(Some(Managed { registration, token }))
}
