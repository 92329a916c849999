//! `GET` and `POST /auth/authorize`: the customer's browser arrives and is sent to the institution's channel (S03, S05).
//!
//! The `request_uri` is read, not consumed: a page that is loaded twice begins two visits, and one of them ends. What
//! fails here ends in a page; only a client and a redirect URI that are certain get an answer.

use std::sync::Arc;

use ponte_domain::grant::PushedRequest;
use ponte_domain::interaction::{Interaction, NewInteraction};
use ponte_edge::{Admitted, Answer, Refusal};
use ponte_values::Moment;

use crate::AuthorizationServer;
use crate::form::Form;
use crate::page::{self, Trouble};
use crate::return_to_client::ReturnAddress;

/// Begins a visit.
///
/// # Errors
/// None; the signature is that of every handler.
pub(crate) async fn authorize(server: Arc<AuthorizationServer>, call: Admitted) -> Result<Answer, Refusal> {
    Ok(server.arrive(&call.request.raw_query, call.now).await)
}

/// The same with the parameters in a form, as OpenID Connect Core section 3.1.2.1 has it.
///
/// # Errors
/// None; the signature is that of every handler.
pub(crate) async fn authorize_by_form(
    server: Arc<AuthorizationServer>,
    call: Admitted,
) -> Result<Answer, Refusal> {
    Ok(server.arrive(call.request.body(), call.now).await)
}

impl AuthorizationServer {
    pub(crate) async fn arrive(&self, parameters: &str, now: Moment) -> Answer {
        // A parameter sent twice may mean one thing here and another elsewhere (RFC 6749 section 3.1).
        let Ok(form) = Form::parse(parameters) else {
            return Trouble::Request.page();
        };
        let (Some(client_id), Some(request_uri)) = (form.get("client_id"), form.get("request_uri")) else {
            return Trouble::Request.page();
        };
        // Never both (RFC 9101 section 5). Whatever else is there does not count: the pushed request holds all of it.
        if form.get("request").is_some() {
            return Trouble::Request.page();
        }
        let begun = self.begin(client_id, request_uri, now).await;
        begun.unwrap_or_else(|refusal| page::failure(refusal, now))
    }

    pub(crate) async fn begin(
        &self,
        client_id: &str,
        request_uri: &str,
        now: Moment,
    ) -> Result<Answer, Refusal> {
        let pushed = self.ports.grants.pushed(request_uri).await?;
        let of_client =
            |pushed: &PushedRequest| pushed.client.as_str() == client_id && now < pushed.expires_at;
        let Some(pushed) = pushed.filter(of_client) else {
            return Ok(Trouble::Request.page());
        };
        let Some(client) = self.ports.clients.find(&pushed.client).await? else {
            return Ok(Trouble::Request.page());
        };
        let Some(back) = ReturnAddress::of(&client, &pushed.redirect_uri, pushed.state.as_deref()) else {
            return Ok(Trouble::Request.page());
        };
        if !self.awaits(&pushed.client, &pushed.target, pushed.linked.as_ref(), now).await? {
            let answer = back.with_error("access_denied", "consent does not await authorisation");
            return Ok(answer.for_client(client.organisation));
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
        Ok(Answer::redirect(self.server.login_url(&visit.id)).for_client(client.organisation))
    }
}

#[cfg(test)]
mod tests;
