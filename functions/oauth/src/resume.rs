//! `GET /auth/resume`: the browser comes back from the channel with a ticket and is sent on to the client (S05, S06).
//!
//! It ends the interaction once. The same browser with the same ticket is sent to the same place again for a minute, because
//! the first redirect may have been lost, or the link was opened twice at once (T61).

use std::sync::Arc;

use ponte_authorization::client::Client;
use ponte_authorization::grant::{CODE_LIFE, Code, Grant, PushedRequest};
use ponte_authorization::interaction::{ArrivalSecret, Interaction, Outcome, arrival_cookie};
use ponte_edge::{Answer, Call, OpenCall, Refusal, RevocationFault};
use ponte_fapi::secret;
use ponte_ports::{CommitFault, PortError};
use ponte_values::Moment;

use crate::fault::Fault;
use crate::form::Form;
use crate::id_token::{self, Audience, Delivery};
use crate::page::{self, PageError};
use crate::ports::PublicPorts;
use crate::return_to_client::ReturnAddress;
use crate::sealed;
use crate::targets;

/// Ends an interaction: the `request_uri` is consumed, and with a yes a code is issued, all or nothing.
pub(crate) async fn resume(ports: Arc<PublicPorts>, call: OpenCall) -> Result<Answer, Refusal> {
    Ok(end(&ports, &call).await)
}

/// Ends the interaction of the ticket among the parameters.
async fn end(ports: &PublicPorts, call: &Call) -> Answer {
    let (parameters, now) = (&call.request.raw_query, call.now);
    let form = Form::parse(parameters).ok();
    // The ticket is the interaction's id and a secret that the channel was told for this browser.
    let ticket = form.as_ref().and_then(|form| form.get("ticket")).and_then(|it| it.split_once('.'));
    let Some((id, ticket_secret)) = ticket else {
        return PageError::Session.page();
    };
    let cookie = call.request.cookie(&arrival_cookie(id));
    let ended = conclude(ports, (id, ticket_secret), cookie, now).await;
    ended.unwrap_or_else(|refusal| page::failure(&refusal, now))
}

/// Attempts to end an interaction: a conflict is another tab that ended it at this moment, and tells where that went.
const ATTEMPTS: u32 = 2;

/// Ends an interaction with what its customer decided, for the browser through which she logged in: `cookie` is the secret of
/// its arrival. In any other nothing is consumed (T59).
pub(crate) async fn conclude(
    ports: &PublicPorts,
    (id, ticket_secret): (&str, &str),
    cookie: Option<&str>,
    now: Moment,
) -> Result<Answer, Refusal> {
    let ticket_hash = secret::hash(ticket_secret);
    for _ in 0..ATTEMPTS {
        let Some(interaction) = ports.interactions.find(id).await? else { break };
        if ports.site.session_required() && !is_returning(&interaction, cookie) {
            break;
        }
        // Told again to the browser that arrived alone, whatever the setting: a code is in it.
        let again =
            interaction.returns_again(&ticket_hash, now).filter(|_| is_returning(&interaction, cookie));
        if let Some(sealed) = again {
            return repeat(ports, &interaction, sealed, now).await;
        }
        match conclude_once(ports, interaction, &ticket_hash, now).await? {
            Attempt::Ended(answer) => return Ok(answer),
            Attempt::Late => {}
        }
    }
    Ok(PageError::Session.page())
}

/// What became of an attempt to end an interaction.
enum Attempt {
    /// It is answered: with a redirect, or a page where there is none.
    Ended(Answer),
    /// Somebody else consumed the request since the interaction was read.
    Late,
}

async fn conclude_once(
    ports: &PublicPorts,
    interaction: Interaction,
    ticket_hash: &str,
    now: Moment,
) -> Result<Attempt, Refusal> {
    let page = || Ok(Attempt::Ended(PageError::Session.page()));
    let Ok((interaction, outcome)) = interaction.complete(ticket_hash, now) else { return page() };
    let Some(pushed) = ports.shared.grants.pushed(&interaction.request_uri).await? else {
        return Ok(Attempt::Late);
    };
    let Some(client) = ports.shared.clients.find(&interaction.client).await? else { return page() };
    let Some(back) = ReturnAddress::of(&client, &pushed.redirect_uri, pushed.state.as_deref()) else {
        return page();
    };
    let (code, answer) = match grant(ports, &pushed, outcome, now).await? {
        Some(grant) => issue_code(ports, &client, &pushed, grant, &back, now).await?,
        None => (None, back.with_error("access_denied", "the customer did not authorise")),
    };
    let interaction = match answer.header_value("location") {
        Some(redirect) => {
            let sealed = sealed::seal(&ports.shared, redirect, now).await?;
            interaction.returned(ticket_hash.to_owned(), sealed, now)
        }
        None => interaction,
    };
    if commit(ports, &interaction, code.as_ref()).await? {
        Ok(Attempt::Ended(answer.for_client(client.organisation)))
    } else {
        Ok(Attempt::Late)
    }
}

/// The redirect that ended an interaction, once more, if the client may still be sent customers there.
async fn repeat(
    ports: &PublicPorts,
    interaction: &Interaction,
    sealed: &str,
    now: Moment,
) -> Result<Answer, Refusal> {
    let client = ports.shared.clients.find(&interaction.client).await?;
    let client = client.filter(|client| ReturnAddress::of(client, &interaction.redirect_uri, None).is_some());
    let (Some(client), Some(redirect)) = (client, sealed::open(&ports.shared, sealed, now).await) else {
        return Ok(PageError::Session.page());
    };
    Ok(Answer::redirect(redirect).for_client(client.organisation))
}

/// Whether the browser with this cookie is the one that must come back, or any may, because the customer decided in an app.
fn is_returning(interaction: &Interaction, cookie: Option<&str>) -> bool {
    let Some(reference) = interaction.returning_browser() else { return true };
    let secret = cookie.and_then(|text| ArrivalSecret::read(text, &interaction.request_uri));
    secret.is_some_and(|secret| secret.is_of(reference))
}

/// The grant of a customer who agreed, if its targets are authorised.
async fn grant(
    ports: &PublicPorts,
    pushed: &PushedRequest,
    outcome: Outcome,
    now: Moment,
) -> Result<Option<Grant>, PortError> {
    let Outcome::Granted { subject, authenticated_at, assurance } = outcome else { return Ok(None) };
    let target = pushed.target.clone();
    let linked = pushed.linked.clone();
    let scope = pushed.scope.clone();
    let granted = Grant { subject, target, linked, scope, assurance, authenticated_at };
    Ok(targets::is_authorised(&ports.shared, &granted, &pushed.client, now).await?.then_some(granted))
}

/// A code as it will be stored, and the redirect that carries it with its id_token. Without a code if the client
/// took its encryption key away since it pushed the request: then it hears that.
async fn issue_code(
    ports: &PublicPorts,
    client: &Client,
    pushed: &PushedRequest,
    grant: Grant,
    back: &ReturnAddress<'_>,
    now: Moment,
) -> Result<(Option<Code>, Answer), Refusal> {
    let keys = ports.shared.client_keys.at(&client.jwks_uri, None, now).await?;
    let code = ports.shared.ids.secret();
    let audience = Audience { client: &client.id, keys: &keys, nonce: &pushed.nonce };
    let delivery = Delivery::AuthorizationResponse { code: &code, state: pushed.state.as_deref() };
    let id_token = match id_token::issue(&ports.shared, &audience, &grant, delivery, now).await {
        Ok(id_token) => id_token,
        Err(Fault::Protocol(_)) => {
            return Ok((None, back.with_error("server_error", "no key to encrypt the id_token for")));
        }
        Err(Fault::Unavailable(fault)) => return Err(fault.into()),
        Err(Fault::NotVerified) => return Err(RevocationFault::NotKnown.into()),
        Err(Fault::Refused(refusal)) => return Err(refusal),
    };
    let stored = Code {
        hash: secret::hash(&code),
        client: client.id.clone(),
        redirect_uri: pushed.redirect_uri.clone(),
        code_challenge: pushed.code_challenge.clone(),
        nonce: pushed.nonce.clone(),
        grant,
        expires_at: now.plus(CODE_LIFE),
    };
    Ok((Some(stored), back.with_code(&code, &id_token)))
}

/// Commits the end of an interaction; false if another tab ended it at this moment.
async fn commit(
    ports: &PublicPorts,
    interaction: &Interaction,
    code: Option<&Code>,
) -> Result<bool, PortError> {
    match ports.shared.grants.conclude(interaction, code).await {
        Ok(()) => Ok(true),
        Err(CommitFault::Conflict) => Ok(false),
        Err(CommitFault::Port(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests;
