//! Answers that were lost: within a minute the same statement over the same certificate gets the same 201 again, and a
//! `DELETE` its 204 (T61). Afterwards S88 and S89 have the word.

use ponte_authorization::client::ClientRegistration;
use ponte_authorization::registration_answer::RegistrationAnswer;
use ponte_edge::Answer;
use ponte_fapi::certificate::ClientCertificate;
use ponte_fapi::secret;
use ponte_values::{ClientId, Moment};

use crate::ports::Ports;
use crate::sealed;

use super::answer;
use super::caller::Caller;
use super::denied::Denied;
use super::request::RegistrationRequest;

/// What stands for a statement over a certificate.
pub(super) fn key(statement: &str, certificate: &ClientCertificate) -> String {
    secret::hash(&format!("{statement}.{}", certificate.thumbprint().to_text()))
}

/// The answer to a registration, to be kept with it. The token is stored encrypted for this server: a stolen table opens
/// no registration.
pub(super) async fn kept(
    ports: &Ports,
    key: String,
    registration: &ClientRegistration,
    token: &str,
    now: Moment,
) -> Result<RegistrationAnswer, Denied> {
    let sealed_token = sealed::seal(ports, token, &key, now).await?;
    let (client, version) = (registration.client.id.clone(), registration.version);
    Ok(RegistrationAnswer { key, client, version, sealed_token, at: now })
}

/// The answer that this statement got over this certificate a moment ago, if what it says still stands.
pub(super) async fn registration(ports: &Ports, key: &str, now: Moment) -> Result<Option<Answer>, Denied> {
    let kept = ports.clients.answer(key).await?.filter(|kept| kept.repeats(now));
    let Some(kept) = kept else { return Ok(None) };
    let stored = ports.clients.registration(&kept.client).await?;
    let stands =
        |stored: &ClientRegistration| stored.version == kept.version && stored.client.blocked_at.is_none();
    let Some(stored) = stored.filter(stands) else { return Ok(None) };
    // A key that was changed twice within the minute opens nothing: then S88 has the word at once.
    let token = sealed::open(ports, &kept.sealed_token, key, now).await;
    token.map(|token| answer::registration(ports, 201, &stored, &token)).transpose()
}

/// The answer to a `DELETE` of a registration that is not there: 204 to whom removed it a moment ago.
pub(super) async fn removal(
    ports: &Ports,
    request: &RegistrationRequest<'_>,
    caller: &Caller<'_>,
) -> Result<Answer, Denied> {
    let refused = Denied::not_this_registration;
    let token = request.bearer.ok_or_else(refused)?;
    let id = ClientId::parse(request.client).map_err(|_| refused())?;
    let removed = ports.clients.removed(&id).await?.ok_or_else(refused)?;
    let own = removed.repeats(request.now)
        && removed.token_hash == secret::hash(token)
        && caller.is_of(&removed.client);
    if !own {
        return Err(refused());
    }
    caller.check_revocation(ports).await?;
    Ok(Answer::no_content().for_client(removed.client.organisation))
}
