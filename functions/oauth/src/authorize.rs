//! `GET /auth/authorize`: the customer's browser arrives and is sent to the institution's channel (S03, S05).
//!
//! The `request_uri` is read, not consumed: a page that is loaded twice begins two visits, and one of them ends.

use std::sync::Arc;

use ponte_domain::consent::Standing;
use ponte_domain::interaction::{Interaction, NewInteraction};
use ponte_edge::{Admitted, Answer, Refusal};
use ponte_values::Moment;

use crate::AuthorizationServer;
use crate::form::Form;
use crate::page::Trouble;
use crate::return_to_client::ReturnAddress;

/// Begins a visit.
///
/// # Errors
/// When a port fails.
pub(crate) async fn authorize(server: Arc<AuthorizationServer>, call: Admitted) -> Result<Answer, Refusal> {
    let request = &call.request;
    // A parameter sent twice may mean one thing here and another elsewhere (RFC 6749 section 3.1).
    if Form::each_once(request.queries()).is_err() {
        return Ok(Trouble::Request.page());
    }
    // Whatever else stands in the query does not count: the pushed request holds all of it (RFC 9101 section 5).
    let (Some(client_id), Some(request_uri)) = (request.query("client_id"), request.query("request_uri"))
    else {
        return Ok(Trouble::Request.page());
    };
    server.begin(client_id, request_uri, call.now).await
}

impl AuthorizationServer {
    pub(crate) async fn begin(
        &self,
        client_id: &str,
        request_uri: &str,
        now: Moment,
    ) -> Result<Answer, Refusal> {
        let pushed = self.ports.grants.pushed(request_uri).await?;
        let of_client = |pushed: &ponte_domain::grant::PushedRequest| {
            pushed.client.as_str() == client_id && now < pushed.expires_at
        };
        let Some(pushed) = pushed.filter(of_client) else {
            return Ok(Trouble::Request.page());
        };
        let Some(client) = self.ports.clients.find(&pushed.client).await? else {
            return Ok(Trouble::Request.page());
        };
        let Some(back) = ReturnAddress::of(&client, &pushed.redirect_uri, pushed.state.as_deref()) else {
            return Ok(Trouble::Request.page());
        };
        let consent = self.ports.consents.find(&pushed.consent).await?;
        let awaiting = consent.is_some_and(|consent| {
            consent.client == pushed.client && matches!(consent.at(now), Standing::Awaiting)
        });
        if !awaiting {
            return Ok(back.with_error("access_denied", "consent does not await authorisation"));
        }
        let visit = Interaction::start(
            NewInteraction {
                id: self.ports.ids.uuid(),
                consent: pushed.consent.clone(),
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
