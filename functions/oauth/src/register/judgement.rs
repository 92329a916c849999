//! The rules of a registration: the body held against its software statement, the certificate and the client's keys
//! (S81 to S87).

use ponte_authorization::client::Client;
use ponte_fapi::dcr::{ClientMetadata, RegistrationFault, SoftwareStatement, StatementClaims};
use ponte_fapi::jws::{CompactJws, JwsFault, Policy};
use ponte_ports::PortError;
use ponte_values::{ClientId, Moment};

use crate::ports::Ports;
use crate::time::client_clock;

use super::caller::Caller;
use super::denied::Denied;
use super::request::RegistrationRequest;

/// A registration that keeps all rules.
pub(super) struct Judged {
    pub(super) client: Client,
    /// The registered metadata, a JSON object.
    pub(super) metadata: String,
}

/// Judges a body for the client `id`: one just made up, or the one whose registration is replaced.
pub(super) async fn judge(
    ports: &Ports,
    request: &RegistrationRequest<'_>,
    caller: &Caller<'_>,
    replaced: Option<&Client>,
    id: ClientId,
) -> Result<Judged, Denied> {
    let sent = ClientMetadata::parse(request.body)?;
    if replaced.is_some() && sent.client_id()?.is_some_and(|sent| sent != id.as_str()) {
        return Err(RegistrationFault::OtherClient.into());
    }
    let statement = verified_statement(ports, sent.software_statement()?, request.now).await?;
    let same = |client: &Client| {
        client.software == *statement.software() && client.organisation == *statement.organisation()
    };
    if !replaced.is_none_or(same) {
        return Err(RegistrationFault::OtherSoftware.into());
    }
    statement.check_owner(&caller.certificate)?;
    let registered = sent.check(&statement, &caller.subject)?;
    check_keys(ports, &statement, request.now).await?;

    let metadata =
        serde_json::to_string(&registered).map_err(|error| PortError::new("client metadata", error))?;
    let client = Client {
        id,
        organisation: statement.organisation().clone(),
        software: statement.software().clone(),
        name: statement.name().unwrap_or(statement.software().as_str()).to_owned(),
        jwks_uri: statement.jwks_uri().to_owned(),
        redirect_uris: registered.redirect_uris().to_vec(),
        scopes: registered.scopes().map(str::to_owned).collect(),
        webhook_uris: registered.webhook_uris().to_vec(),
        grant_types: Some(registered.grant_types().map(str::to_owned).collect()),
        response_types: Some(registered.response_types().map(str::to_owned).collect()),
        blocked_at: None,
        unused: false,
    };
    Ok(Judged { client, metadata })
}

/// Verifies the software statement with the directory's keys (S81).
async fn verified_statement(ports: &Ports, text: &str, now: Moment) -> Result<SoftwareStatement, Denied> {
    let fault = RegistrationFault::from;
    let compact = CompactJws::parse(text, &Policy::SOFTWARE_STATEMENT).map_err(fault)?;
    let keys = ports.client_keys.at(ports.server.directory_keys(), Some(compact.kid()), now).await?;
    let key = keys.signature_key(compact.kid()).ok_or(fault(JwsFault::UnknownKey))?;
    let claims: StatementClaims = compact.verify(key).map_err(fault)?;
    Ok(claims.check(client_clock(now))?)
}

/// S82: the client must have published a key that its id_tokens can be encrypted for. A directory that does not answer says
/// nothing of the client.
async fn check_keys(ports: &Ports, statement: &SoftwareStatement, now: Moment) -> Result<(), Denied> {
    let keys = match ports.client_keys.to_encrypt(statement.jwks_uri(), now).await {
        Err(fault) if fault.cause.is_unusable() => return Err(Denied::Keys(fault.cause)),
        outcome => outcome?,
    };
    match keys.encryption_key() {
        Some(_) => Ok(()),
        None => Err(RegistrationFault::EncryptionKeyMissing.into()),
    }
}
