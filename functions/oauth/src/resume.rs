//! `GET /auth/resume`: the browser comes back from the channel with a ticket and is sent on to the client (S05, S06).

use std::sync::Arc;

use ponte_domain::client::Client;
use ponte_domain::consent::Standing;
use ponte_domain::grant::{CODE_LIFE, Code, Grant, PushedRequest};
use ponte_domain::interaction::{Interaction, Outcome};
use ponte_domain::ports::{CommitFault, PortError};
use ponte_edge::{Admitted, Answer, Refusal};
use ponte_fapi::secret;
use ponte_values::Moment;

use crate::AuthorizationServer;
use crate::fault::Fault;
use crate::id_token::{Audience, Beside};
use crate::page::Trouble;
use crate::return_to_client::ReturnAddress;

/// Ends a visit: the `request_uri` is consumed, and with a yes a code is issued, all or nothing.
///
/// # Errors
/// When a port fails.
pub(crate) async fn resume(server: Arc<AuthorizationServer>, call: Admitted) -> Result<Answer, Refusal> {
    // The ticket is the interaction's id and a secret that only this browser was told.
    match call.request.query("ticket").and_then(|ticket| ticket.split_once('.')) {
        Some((id, ticket_secret)) => server.end(id, ticket_secret, call.now).await,
        None => Ok(Trouble::Session.page()),
    }
}

impl AuthorizationServer {
    pub(crate) async fn end(&self, id: &str, ticket_secret: &str, now: Moment) -> Result<Answer, Refusal> {
        let Some(visit) = self.ports.interactions.find(id).await? else {
            return Ok(Trouble::Session.page());
        };
        let Ok((visit, outcome)) = visit.complete(&secret::hash(ticket_secret), now) else {
            return Ok(Trouble::Session.page());
        };
        let Some(pushed) = self.ports.grants.pushed(&visit.request_uri).await? else {
            return Ok(Trouble::Session.page());
        };
        let Some(client) = self.ports.clients.find(&visit.client).await? else {
            return Ok(Trouble::Session.page());
        };
        let Some(back) = ReturnAddress::of(&client, &pushed.redirect_uri, pushed.state.as_deref()) else {
            return Ok(Trouble::Session.page());
        };
        let grant = match outcome {
            Outcome::Granted { subject, authenticated_at } => {
                self.grant(&pushed, subject, authenticated_at, now).await?
            }
            Outcome::Denied => None,
        };
        let (code, answer) = match grant {
            Some(grant) => self.code(&client, &pushed, grant, &back, now).await?,
            None => (None, back.with_error("access_denied", "the customer did not authorise")),
        };
        if self.conclude(&visit, code.as_ref()).await? {
            Ok(answer.for_client(client.organisation))
        } else {
            Ok(Trouble::Session.page())
        }
    }

    /// What the customer granted, if the consent says the same at this moment (S12, S20).
    async fn grant(
        &self,
        pushed: &PushedRequest,
        subject: String,
        authenticated_at: Moment,
        now: Moment,
    ) -> Result<Option<Grant>, PortError> {
        let consent = self.ports.consents.find(&pushed.consent).await?;
        let authorised = consent.is_some_and(|consent| {
            consent.client == pushed.client
                && matches!(consent.at(now), Standing::Authorised(yes) if yes.subject == subject)
        });
        Ok(authorised.then(|| Grant {
            subject,
            consent: pushed.consent.clone(),
            scope: pushed.scope.clone(),
            authenticated_at,
        }))
    }

    /// A code as it will be stored, and the redirect that carries it with its id_token. Without a code if the client
    /// took its encryption key away since it pushed the request: then it hears that.
    async fn code(
        &self,
        client: &Client,
        pushed: &PushedRequest,
        grant: Grant,
        back: &ReturnAddress<'_>,
        now: Moment,
    ) -> Result<(Option<Code>, Answer), Refusal> {
        let keys = self.client_keys.at(&client.jwks_uri, None, now).await?;
        let code = self.ports.ids.secret();
        let audience = Audience { client: &client.id, keys: &keys, nonce: &pushed.nonce };
        let beside = Beside::Code(&code, pushed.state.as_deref());
        let id_token = match self.id_token(&audience, &grant, beside, now) {
            Ok(id_token) => id_token,
            Err(Fault::Protocol(_)) => {
                return Ok((None, back.with_error("server_error", "no key to encrypt the id_token for")));
            }
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

    /// Whether the visit ended here; it may have ended a moment ago in another tab.
    async fn conclude(&self, visit: &Interaction, code: Option<&Code>) -> Result<bool, PortError> {
        match self.ports.grants.conclude(visit, code).await {
            Ok(()) => Ok(true),
            Err(CommitFault::Conflict) => Ok(false),
            Err(CommitFault::Port(error)) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests;
