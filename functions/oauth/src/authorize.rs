//! `GET` and `POST /auth/authorize`: the customer's browser arrives and is sent to the institution's channel (S03,
//! S05).
//!
//! The `request_uri` is read, not consumed: a page that is loaded twice begins two interactions, and one of them ends.
//! A failure here ends in a page; only a client and a redirect URI that are certain get an answer.
//!
//! The institution's app may have taken the link over and replay it, asking for JSON: then the interaction goes on in
//! the command loop instead of the channel's page, and failures are answered in JSON.

use std::sync::Arc;

use ponte_authorization::client::Client;
use ponte_authorization::grant::PushedRequest;
use ponte_authorization::interaction::{Interaction, NewInteraction};
use ponte_data_consent::consent::ConsentFault;
use ponte_edge::{Answer, Call, MalformedRequest, OpenCall, Refusal};
use ponte_values::Moment;

use crate::form::Form;
use crate::page::{self, PageError};
use crate::ports::Ports;
use crate::return_to_client::ReturnAddress;
use crate::targets;

/// Begins an interaction.
///
/// # Errors
/// For the institution's app; a browser sees a page instead.
pub(crate) async fn authorize(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    if ports.server.has_commands() && is_app(&call) {
        return authorize_app(&ports, &call.request.raw_query, call.now).await;
    }
    Ok(authorize_browser(&ports, &call.request.raw_query, call.now).await)
}

/// Whether the institution's app calls: a browser that loads a page names HTML, and a client that takes anything is no
/// app.
fn is_app(call: &Call) -> bool {
    call.request.names("application/json") && !call.request.names("text/html")
}

/// The same with the parameters in a form, as OpenID Connect Core section 3.1.2.1 has it.
pub(crate) async fn authorize_by_form(ports: Arc<Ports>, call: OpenCall) -> Result<Answer, Refusal> {
    Ok(authorize_browser(&ports, call.request.body(), call.now).await)
}

/// The outcome of an authorization request.
enum AuthorizeOutcome {
    /// No client that we are sure of sent the customer.
    UnknownRequest,
    /// The client's target does not wait for its customer.
    NotAwaiting(Client, Box<PushedRequest>),
    /// An interaction began; its id.
    Started(Client, String),
}

/// The client and the pushed request that an authorization request names.
fn named(parameters: &str) -> Option<(String, String)> {
    // A parameter sent twice may mean one thing here and another elsewhere (RFC 6749 section 3.1).
    let form = Form::parse(parameters).ok()?;
    // Never both (RFC 9101 section 5). Whatever else is there does not count: the pushed request holds all of it.
    if form.get("request").is_some() {
        return None;
    }
    Some((form.get("client_id")?.to_owned(), form.get("request_uri")?.to_owned()))
}

/// Begins an interaction in a browser: it is sent to the channel, back to the client, or sees a page.
pub(crate) async fn authorize_browser(ports: &Ports, parameters: &str, now: Moment) -> Answer {
    let Some((client_id, request_uri)) = named(parameters) else {
        return PageError::Request.page();
    };
    let begun = begin(ports, &client_id, &request_uri, now).await;
    begun.unwrap_or_else(|refusal| page::failure(&refusal, now))
}

/// Begins an interaction in the institution's app: it is sent to its first command.
async fn authorize_app(ports: &Ports, parameters: &str, now: Moment) -> Result<Answer, Refusal> {
    let outcome = match named(parameters) {
        Some((client_id, request_uri)) => start(ports, &client_id, &request_uri, now).await?,
        None => AuthorizeOutcome::UnknownRequest,
    };
    match outcome {
        AuthorizeOutcome::UnknownRequest => Err(MalformedRequest::AuthorizationRequest.into()),
        AuthorizeOutcome::NotAwaiting(..) => Err(ConsentFault::NotAwaiting.into()),
        AuthorizeOutcome::Started(client, interaction) => {
            Ok(Answer::redirect(ports.server.command_url(&interaction)).for_client(client.organisation))
        }
    }
}

/// Begins an interaction for a browser, and answers where that goes.
pub(crate) async fn begin(
    ports: &Ports,
    client_id: &str,
    request_uri: &str,
    now: Moment,
) -> Result<Answer, Refusal> {
    let (client, answer) = match start(ports, client_id, request_uri, now).await? {
        AuthorizeOutcome::UnknownRequest => return Ok(PageError::Request.page()),
        AuthorizeOutcome::NotAwaiting(client, pushed) => {
            let back = ReturnAddress::of(&client, &pushed.redirect_uri, pushed.state.as_deref());
            let Some(back) = back else { return Ok(PageError::Request.page()) };
            let answer = back.with_error("access_denied", "consent does not await authorisation");
            (client, answer)
        }
        AuthorizeOutcome::Started(client, interaction) => {
            (client, Answer::redirect(ports.server.login_url(&interaction)))
        }
    };
    Ok(answer.for_client(client.organisation))
}

/// Starts an interaction over a pushed request, if it is this client's and its targets still wait.
async fn start(
    ports: &Ports,
    client_id: &str,
    request_uri: &str,
    now: Moment,
) -> Result<AuthorizeOutcome, Refusal> {
    let pushed = ports.grants.pushed(request_uri).await?;
    let of_client = |pushed: &PushedRequest| pushed.client.as_str() == client_id && now < pushed.expires_at;
    let Some(pushed) = pushed.filter(of_client) else {
        return Ok(AuthorizeOutcome::UnknownRequest);
    };
    let Some(client) = ports.clients.find(&pushed.client).await? else {
        return Ok(AuthorizeOutcome::UnknownRequest);
    };
    if ReturnAddress::of(&client, &pushed.redirect_uri, pushed.state.as_deref()).is_none() {
        return Ok(AuthorizeOutcome::UnknownRequest);
    }
    if !targets::await_decision(ports, &pushed.client, &pushed.target, pushed.linked.as_ref(), now).await? {
        return Ok(AuthorizeOutcome::NotAwaiting(client, Box::new(pushed)));
    }
    let interaction = Interaction::start(
        NewInteraction {
            id: ports.ids.uuid(),
            target: pushed.target.clone(),
            linked: pushed.linked.clone(),
            assurance: pushed.assurance,
            client: client.id.clone(),
            client_name: client.name.clone(),
            redirect_uri: pushed.redirect_uri.clone(),
            request_uri: pushed.request_uri.clone(),
        },
        now,
    );
    ports.interactions.start(&interaction).await?;
    Ok(AuthorizeOutcome::Started(client, interaction.id))
}

#[cfg(test)]
mod tests;
