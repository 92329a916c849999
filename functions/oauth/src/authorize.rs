//! `GET` and `POST /auth/authorize`: the customer's browser arrives and is sent to the institution's channel (S03, S05).
//!
//! The `request_uri` is read, not consumed: a page that is loaded twice begins two visits, and one of them ends. What
//! fails here ends in a page; only a client and a redirect URI that are certain get an answer.
//!
//! The institution's app may have taken the link over and replay it, asking for JSON: then the visit goes on in the
//! command loop instead of the channel's page, and what fails is told in JSON.

use std::sync::Arc;

use ponte_authorization::client::Client;
use ponte_authorization::grant::PushedRequest;
use ponte_authorization::interaction::{Interaction, NewInteraction};
use ponte_data_consent::consent::ConsentFault;
use ponte_edge::{Answer, Call, OpenCall, Refusal};
use ponte_values::Moment;

use crate::AuthorizationServer;
use crate::form::Form;
use crate::page::{self, Trouble};
use crate::return_to_client::ReturnAddress;

/// Begins a visit.
///
/// # Errors
/// Only the institution's app is told them as such; a browser sees a page.
pub(crate) async fn authorize(server: Arc<AuthorizationServer>, call: OpenCall) -> Result<Answer, Refusal> {
    if server.server.has_commands() && is_app(&call) {
        return server.arrive_by_app(&call.request.raw_query, call.now).await;
    }
    Ok(server.arrive(&call.request.raw_query, call.now).await)
}

/// A browser that loads a page names HTML, and whoever takes anything is no app.
fn is_app(call: &Call) -> bool {
    call.request.names("application/json") && !call.request.names("text/html")
}

/// The same with the parameters in a form, as OpenID Connect Core section 3.1.2.1 has it.
///
/// # Errors
/// None; the signature is that of every handler.
pub(crate) async fn authorize_by_form(
    server: Arc<AuthorizationServer>,
    call: OpenCall,
) -> Result<Answer, Refusal> {
    Ok(server.arrive(call.request.body(), call.now).await)
}

/// What became of somebody who arrived.
enum Arrival {
    /// Nobody we are sure of sent them.
    Unknown,
    /// A client did, over something that does not wait for its customer.
    TooLate(Client, Box<PushedRequest>),
    /// A visit began.
    Begun(Client, String),
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

impl AuthorizationServer {
    pub(crate) async fn arrive(&self, parameters: &str, now: Moment) -> Answer {
        let Some((client_id, request_uri)) = named(parameters) else {
            return Trouble::Request.page();
        };
        let begun = self.begin(&client_id, &request_uri, now).await;
        begun.unwrap_or_else(|refusal| page::failure(&refusal, now))
    }

    /// The institution's app arrives in its customer's place; its first command is where it is sent.
    async fn arrive_by_app(&self, parameters: &str, now: Moment) -> Result<Answer, Refusal> {
        let arrival = match named(parameters) {
            Some((client_id, request_uri)) => self.arrival(&client_id, &request_uri, now).await?,
            None => Arrival::Unknown,
        };
        match arrival {
            Arrival::Unknown => Err(Refusal::malformed("O pedido de autorização não é válido ou expirou")),
            Arrival::TooLate(..) => Err(ConsentFault::NotAwaiting.into()),
            Arrival::Begun(client, visit) => {
                Ok(Answer::redirect(self.server.command_url(&visit)).for_client(client.organisation))
            }
        }
    }

    pub(crate) async fn begin(
        &self,
        client_id: &str,
        request_uri: &str,
        now: Moment,
    ) -> Result<Answer, Refusal> {
        let (client, answer) = match self.arrival(client_id, request_uri, now).await? {
            Arrival::Unknown => return Ok(Trouble::Request.page()),
            Arrival::TooLate(client, pushed) => {
                let back = ReturnAddress::of(&client, &pushed.redirect_uri, pushed.state.as_deref());
                let Some(back) = back else { return Ok(Trouble::Request.page()) };
                let answer = back.with_error("access_denied", "consent does not await authorisation");
                (client, answer)
            }
            Arrival::Begun(client, visit) => (client, Answer::redirect(self.server.login_url(&visit))),
        };
        Ok(answer.for_client(client.organisation))
    }

    async fn arrival(&self, client_id: &str, request_uri: &str, now: Moment) -> Result<Arrival, Refusal> {
        let pushed = self.ports.grants.pushed(request_uri).await?;
        let of_client =
            |pushed: &PushedRequest| pushed.client.as_str() == client_id && now < pushed.expires_at;
        let Some(pushed) = pushed.filter(of_client) else {
            return Ok(Arrival::Unknown);
        };
        let Some(client) = self.ports.clients.find(&pushed.client).await? else {
            return Ok(Arrival::Unknown);
        };
        if ReturnAddress::of(&client, &pushed.redirect_uri, pushed.state.as_deref()).is_none() {
            return Ok(Arrival::Unknown);
        }
        if !self.awaits(&pushed.client, &pushed.target, pushed.linked.as_ref(), now).await? {
            return Ok(Arrival::TooLate(client, Box::new(pushed)));
        }
        let visit = Interaction::start(
            NewInteraction {
                id: self.ports.ids.uuid(),
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
        self.ports.interactions.start(&visit).await?;
        Ok(Arrival::Begun(client, visit.id))
    }
}

#[cfg(test)]
mod tests;
