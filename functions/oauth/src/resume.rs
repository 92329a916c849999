//! `GET /auth/resume`: the browser comes back from the channel with a ticket and is sent on to the client (S05, S06).
//!
//! It ends the interaction once. The same browser with the same ticket is sent to the same place again for a minute, because
//! the first redirect may have been lost, or the link was opened twice at once (T61). A browser is known by the cookie of its
//! arrival. One that an app opened never arrived: before anything ends it gets a cookie and is sent here again, so that whoever
//! finds the ticket later is told nothing (T59).

use std::sync::Arc;

use ponte_authorization::client::Client;
use ponte_authorization::grant::{CODE_LIFE, Code, Grant, PushedRequest};
use ponte_authorization::interaction::{Interaction, Outcome, arrival_cookie};
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
    let prefix = return_cookie(id);
    let known = call.request.cookies().filter(|(name, _)| name.starts_with(&prefix));
    let browser = Browser {
        arrival: call.request.cookie(&arrival_cookie(id)),
        returns: known.map(|(_, value)| secret::hash(value)).collect(),
        asked: form.as_ref().is_some_and(|form| form.get(RETURNING).is_some()),
    };
    let ended = conclude(ports, (id, ticket_secret), &browser, now).await;
    ended.unwrap_or_else(|refusal| page::failure(&refusal, now))
}

/// The parameter of a ticket that comes the second time, with the cookie if the browser takes any.
const RETURNING: &str = "returning";

/// Beginning of the names of the cookies of browsers that bring an app's ticket. Each answer gives one of its own: of two tabs
/// at once neither takes the other's away.
fn return_cookie(interaction: &str) -> String {
    format!("__Host-return-{interaction}-")
}

/// The browser that brings a ticket.
#[derive(Default)]
pub(crate) struct Browser<'a> {
    /// Secret of its arrival.
    pub(crate) arrival: Option<&'a str>,
    /// Hashes of the secrets that it got for an app's ticket, the oldest first (RFC 6265 section 5.4).
    pub(crate) returns: Vec<String>,
    /// Whether it was sent here by us, with a cookie if it takes any.
    pub(crate) asked: bool,
}

/// Attempts to end an interaction: a conflict is another tab that ended it at this moment, and tells where that went.
const ATTEMPTS: u32 = 2;

/// Ends an interaction with what its customer decided, for the browser through which she logged in. In any other nothing is
/// consumed (T59).
pub(crate) async fn conclude(
    ports: &PublicPorts,
    (id, ticket_secret): (&str, &str),
    browser: &Browser<'_>,
    now: Moment,
) -> Result<Answer, Refusal> {
    let ticket_hash = secret::hash(ticket_secret);
    for _ in 0..ATTEMPTS {
        let Some(interaction) = ports.interactions.find(id).await? else { break };
        let returning = is_returning(&interaction, browser);
        if ports.site.session_required() && !returning {
            break;
        }
        let new = !browser.asked && browser.returns.is_empty() && interaction.returning_browser().is_none();
        let awaited = interaction.awaits_ticket(&ticket_hash, now);
        if new && (awaited || interaction.has_returned(&ticket_hash, now)) {
            let again = ask_again(ports, (id, ticket_secret));
            return Ok(if awaited { with_cookie(ports, again, &interaction, now) } else { again });
        }
        // Told again to the browser that arrived alone, whatever the setting: a code is in it.
        let again = interaction.returns_again(&ticket_hash, &browser.returns, now).filter(|_| returning);
        if let Some(sealed) = again {
            return repeat(ports, &interaction, &ticket_hash, sealed, now).await;
        }
        match conclude_once(ports, interaction, (&ticket_hash, browser), now).await? {
            Attempt::Ended(answer) => return Ok(answer),
            Attempt::Late => {}
        }
    }
    Ok(PageError::Session.page())
}

/// Sends a browser that never arrived here once more.
fn ask_again(ports: &PublicPorts, (id, ticket_secret): (&str, &str)) -> Answer {
    Answer::redirect(ports.site.resume_url(id, ticket_secret, RETURNING))
}

/// With a cookie of its own, by which it is known from then on.
fn with_cookie(ports: &PublicPorts, answer: Answer, interaction: &Interaction, now: Moment) -> Answer {
    let text = ports.shared.ids.secret();
    let seconds = interaction.over_at().seconds() - now.seconds();
    let name = return_cookie(&interaction.id) + secret::hash(&text).get(..8).unwrap_or_default();
    answer.cookie(format!("{name}={text}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax"))
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
    (ticket_hash, browser): (&str, &Browser<'_>),
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
            let place = place(&interaction, ticket_hash);
            let sealed = sealed::seal(&ports.shared, redirect, &place, now).await?;
            interaction.returned(ticket_hash.to_owned(), sealed, browser.returns.first().cloned(), now)
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
    ticket_hash: &str,
    sealed: &str,
    now: Moment,
) -> Result<Answer, Refusal> {
    let client = ports.shared.clients.find(&interaction.client).await?;
    let client = client.filter(|client| ReturnAddress::of(client, &interaction.redirect_uri, None).is_some());
    let redirect = sealed::open(&ports.shared, sealed, &place(interaction, ticket_hash), now).await;
    // Everybody can encrypt for us: whatever the row says, a browser goes to this client's address.
    let own = |redirect: &String| {
        redirect.strip_prefix(&interaction.redirect_uri).is_some_and(|rest| rest.starts_with('#'))
    };
    let (Some(client), Some(redirect)) = (client, redirect.filter(own)) else {
        return Ok(PageError::Session.page());
    };
    Ok(Answer::redirect(redirect).for_client(client.organisation))
}

/// Whether this browser is the one that must come back, or any may, because the customer decided in an app.
fn is_returning(interaction: &Interaction, browser: &Browser<'_>) -> bool {
    let Some(reference) = interaction.returning_browser() else { return true };
    let arrivals = interaction.arrivals();
    let secret = browser.arrival.and_then(|text| arrivals.read(text));
    secret.is_some_and(|secret| arrivals.is_of(&secret, reference))
}

/// Where the redirect of a ticket is stored, and opens.
fn place(interaction: &Interaction, ticket_hash: &str) -> String {
    format!("{}.{ticket_hash}", interaction.id)
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
