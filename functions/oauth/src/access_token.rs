//! Access tokens of this server: issued over the certificate of the connection, and read back (S09, S10).

use ponte_fapi::claims::{AccessToken, ConfirmationClaim};
use ponte_values::{ConsentId, Moment};

use crate::client_authentication::AuthenticatedClient;
use crate::fault::{Fault, OAuthError};
use crate::ports::Ports;
use crate::time::{date, own_clock};

/// The claims of an access token that depend on the grant; the others follow from client, server and time.
pub(crate) struct AccessTokenClaims<'a> {
    /// Pseudonym of the customer, or the client itself.
    pub(crate) subject: &'a str,
    pub(crate) scope: &'a str,
    pub(crate) consent: Option<&'a ConsentId>,
}

/// Issues an access token of the policy's life, bound to the certificate of the connection (S09, S10).
pub(crate) async fn issue(
    ports: &Ports,
    client: &AuthenticatedClient,
    claims: AccessTokenClaims<'_>,
    now: Moment,
) -> Result<String, Fault> {
    let (server, registration) = (&ports.server, &client.registration);
    let token = AccessToken {
        iss: server.issuer().to_owned(),
        aud: server.issuer().to_owned(),
        sub: claims.subject.to_owned(),
        client_id: registration.id.to_string(),
        org_id: registration.organisation.to_string(),
        ss_id: registration.software.to_string(),
        scope: claims.scope.to_owned(),
        consent_id: claims.consent.map(ConsentId::to_string),
        iat: date(now),
        exp: date(now.plus(server.policy().access_token_life())),
        jti: ports.ids.uuid(),
        cnf: ConfirmationClaim { thumbprint: client.certificate },
    };
    let keys = ports.keyring.at(now).await;
    let token = token.mint(keys.signer()).map_err(Fault::of_our_keys)?;
    // Noted before it is out. A client that removed itself meanwhile gets none: nothing would shut it out.
    if registration.unused && !ports.clients.first_token(&registration.id).await? {
        return Err(OAuthError::unknown_client().into());
    }
    Ok(token)
}

/// Whether a token is an access token: those are JWTs, a refresh token has no dot. So the hint of the client is not
/// needed (RFC 7662 section 2.1).
pub(crate) fn is_access_token(token: &str) -> bool {
    token.contains('.')
}

/// The claims of an access token that this server signed and that has not expired.
pub(crate) async fn read(ports: &Ports, token: &str, now: Moment) -> Option<AccessToken> {
    let keys = ports.keyring.at(now).await;
    AccessToken::read(token, keys.published(), ports.server.issuer(), own_clock(now)).ok()
}

/// The same of a token that was issued to this client. The certificate it is bound to may be another one of the same
/// client: nothing is opened here.
pub(crate) async fn read_for(
    ports: &Ports,
    client: &AuthenticatedClient,
    token: &str,
    now: Moment,
) -> Option<AccessToken> {
    let claims = read(ports, token, now).await?;
    (claims.client_id == client.registration.id.as_str()).then_some(claims)
}
