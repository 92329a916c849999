//! Client authentication: `private_key_jwt` over the client's own certificate, both or nothing (S02, S10, S84).

use std::sync::Arc;

use ponte_authorization::client::Client;
use ponte_authorization::grant::JTI_MEMORY;
use ponte_edge::{Answer, Call, Refusal};
use ponte_fapi::binding::Thumbprint;
use ponte_fapi::certificate::ClientCertificate;
use ponte_fapi::claims::ClientAssertion;
use ponte_fapi::jwk::KeySet;
use ponte_fapi::jws::{CompactJws, JwsFault, Policy};
use ponte_values::{ClientId, Moment};

use crate::fault::{Fault, OAuthError};
use crate::form::Form;
use crate::ports::Ports;
use crate::time::client_clock;

/// `client_assertion_type` of RFC 7523 section 2.2.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A request to an endpoint that authenticates clients.
pub(crate) struct ClientRequest<'a> {
    pub(crate) now: Moment,
    /// Client certificate of the connection, PEM, as the gateway saw it.
    pub(crate) certificate: Option<&'a str>,
    /// The Authorization header, if one came along: a second way to authenticate, which is one too many. Empty if it cannot be
    /// read.
    pub(crate) authorization: Option<&'a str>,
    pub(crate) body: &'a str,
}

impl<'a> ClientRequest<'a> {
    pub(crate) fn of(call: &'a Call) -> Self {
        let request = &call.request;
        Self {
            now: call.now,
            certificate: request.certificate.as_deref(),
            authorization: request
                .carries("authorization")
                .then(|| request.header("authorization").unwrap_or_default()),
            body: request.body(),
        }
    }
}

/// A client that proved who it is.
pub(crate) struct AuthenticatedClient {
    pub(crate) registration: Client,
    pub(crate) keys: Arc<KeySet>,
    pub(crate) certificate: Thumbprint,
}

/// Runs `operation` for the client behind a request, and names that client in the answer: the report of the call goes
/// by it. Protocol errors are answers.
pub(crate) async fn for_client<F>(
    ports: &Ports,
    request: &ClientRequest<'_>,
    operation: F,
) -> Result<Answer, Refusal>
where
    F: AsyncFnOnce(&Ports, &AuthenticatedClient, &Form, Moment) -> Result<Answer, Fault>,
{
    let (client, form) = match authenticate(ports, request).await {
        Ok(authenticated) => authenticated,
        Err(fault) => return Ok(challenged(request, fault.into_outcome()?)),
    };
    let answer = operation(ports, &client, &form, request.now).await.or_else(Fault::into_outcome)?;
    Ok(answer.for_client(client.registration.organisation))
}

/// The answer to a client that is not known. The challenge is of the scheme that it tried (RFC 6749 section 5.2), though none of an
/// Authorization header is taken.
fn challenged(request: &ClientRequest<'_>, answer: Answer) -> Answer {
    let scheme = request.authorization.and_then(|header| header.split(' ').next()).unwrap_or_default();
    let basic = scheme.eq_ignore_ascii_case("basic") && answer.status() == 401;
    if basic { answer.header("www-authenticate", r#"Basic realm="oauth""#.to_owned()) } else { answer }
}

/// The client behind a request, and the parameters of its body. The order is by cost: certificate, shape, look-up,
/// signature, revocation, `jti`.
async fn authenticate(
    ports: &Ports,
    request: &ClientRequest<'_>,
) -> Result<(AuthenticatedClient, Form), Fault> {
    let now = request.now;
    let form = Form::parse(request.body)?;
    let (pem, certificate) = certificate(request)?;
    let token =
        CompactJws::parse(assertion(request, &form)?, &Policy::CLIENT_ASSERTION).map_err(not_accepted)?;
    let id = claimed_client(&token, &form)?;
    let registration = ports.clients.find(&id).await?.ok_or_else(OAuthError::unknown_client)?;
    check_owner(&certificate, &registration)?;

    let keys = ports.client_keys.at(&registration.jwks_uri, Some(token.kid()), now).await?;
    let key = keys.signature_key(token.kid()).ok_or_else(|| not_accepted(JwsFault::UnknownKey))?;
    let claims: ClientAssertion = token.verify(key).map_err(not_accepted)?;
    let proof = claims
        .check(id.as_str(), &ports.server.assertion_audiences(), client_clock(now))
        .map_err(|fault| OAuthError::invalid_client(format!("client_assertion: {fault}")))?;

    // An authority is asked about a certificate of a client of ours alone.
    ports.revocations.check(pem, certificate.thumbprint(), now).await?;

    let until = Moment::from_seconds(i64::try_from(proof.remember_until).unwrap_or(i64::MAX));
    let until = until.max(now.plus(JTI_MEMORY));
    let owner = ports.ids.uuid();
    if !ports.grants.claim_jti(&id, &proof.jti, until, &owner).await? {
        return Err(OAuthError::invalid_client("client_assertion: jti was used before").into());
    }
    let client = AuthenticatedClient { registration, keys, certificate: *certificate.thumbprint() };
    Ok((client, form))
}

fn certificate<'a>(request: &ClientRequest<'a>) -> Result<(&'a str, ClientCertificate), OAuthError> {
    let pem = request.certificate.ok_or_else(|| OAuthError::invalid_client("client certificate missing"))?;
    let refused = |fault| OAuthError::invalid_client(format!("client certificate: {fault}"));
    let certificate = ClientCertificate::from_pem(pem).map_err(refused)?;
    certificate.check(client_clock(request.now).now).map_err(refused)?;
    Ok((pem, certificate))
}

/// The assertion, when it is the only way the request authenticates (RFC 6749 section 2.3, S02).
fn assertion<'a>(request: &ClientRequest<'_>, form: &'a Form) -> Result<&'a str, OAuthError> {
    if request.authorization.is_some() || form.get("client_secret").is_some() {
        return Err(OAuthError::invalid_client("only private_key_jwt is accepted"));
    }
    let (Some(kind), Some(assertion)) = (form.get("client_assertion_type"), form.get("client_assertion"))
    else {
        return Err(OAuthError::invalid_client("client_assertion missing"));
    };
    if kind != JWT_BEARER {
        return Err(OAuthError::invalid_client("client_assertion_type not supported"));
    }
    Ok(assertion)
}

/// The client the assertion says it comes from; the signature will tell whether that is so.
fn claimed_client(token: &CompactJws<'_>, form: &Form) -> Result<ClientId, OAuthError> {
    let issuer = token
        .claimed_issuer()
        .ok_or_else(|| OAuthError::invalid_client("client_assertion: iss is missing"))?;
    if form.get("client_id").is_some_and(|client_id| client_id != issuer) {
        return Err(OAuthError::invalid_client("client_id is not the issuer of the client_assertion"));
    }
    ClientId::parse(&issuer).map_err(|_| OAuthError::unknown_client())
}

/// The certificate names the organisation and the software statement the client was registered for (S84).
fn check_owner(certificate: &ClientCertificate, client: &Client) -> Result<(), OAuthError> {
    let same = certificate.organisation_id() == Some(client.organisation.as_str())
        && certificate.software_statement_id() == Some(client.software.as_str());
    // Whoever shows a certificate of another learns no more about a client than that it is not theirs.
    if same { Ok(()) } else { Err(OAuthError::unknown_client()) }
}

fn not_accepted(fault: JwsFault) -> OAuthError {
    OAuthError::invalid_client(format!("client_assertion: {fault}"))
}

#[cfg(test)]
mod tests;
