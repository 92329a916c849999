//! Requests of clients, and their answers.

use ponte_edge::{Answer, Refusal};
use ponte_fapi::jws::{Signer, TokenType};
use ponte_ports::Ids as _;
use ponte_values::Moment;
use serde_json::{Value, json};

use crate::client_authentication::{ClientRequest, for_client};
use crate::{introspect, par, revoke, token};

use super::keys::{client_signer, other_certificate, own_certificate, stranger};
use super::names::{CLIENT, ISSUER, OTHER_CLIENT, now};
use super::world::World;

/// A client that calls.
#[derive(Clone, Copy)]
pub(crate) struct Party {
    pub(crate) id: &'static str,
    pub(crate) certificate: &'static str,
    pub(crate) signer: fn() -> Signer,
}

/// The client most tests are about.
pub(crate) fn first() -> Party {
    Party { id: CLIENT, certificate: own_certificate(), signer: client_signer }
}

/// Another one, with its own organisation, certificate and keys. [`World::register_second`] makes it known.
pub(crate) fn second() -> Party {
    Party { id: OTHER_CLIENT, certificate: other_certificate(), signer: || stranger("sig-2") }
}

/// The endpoints that authenticate clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Par,
    Token,
    Introspect,
    Revoke,
}

impl World {
    /// A fresh assertion of the client.
    pub(crate) fn assertion(&self) -> String {
        client_signer().sign(TokenType::Jwt, &self.assertion_claims()).unwrap()
    }

    pub(crate) fn assertion_claims(&self) -> Value {
        self.assertion_claims_of(CLIENT, now())
    }

    fn assertion_claims_of(&self, id: &str, at: Moment) -> Value {
        let seconds = at.seconds();
        let jti = self.memory.ids.uuid();
        json!({ "iss": id, "sub": id, "aud": ISSUER, "exp": seconds + 300, "iat": seconds, "jti": jti })
    }

    /// A body of the client: these parameters and its assertion.
    pub(crate) fn body(&self, parameters: &[(&str, &str)]) -> String {
        with_assertion(parameters, &self.assertion())
    }

    /// The answer of an endpoint to this client.
    pub(crate) async fn ask(
        &self,
        endpoint: Endpoint,
        party: Party,
        parameters: &[(&str, &str)],
        at: Moment,
    ) -> (u16, Value) {
        let assertion =
            (party.signer)().sign(TokenType::Jwt, &self.assertion_claims_of(party.id, at)).unwrap();
        let body = with_assertion(parameters, &assertion);
        let request = ClientRequest { certificate: Some(party.certificate), ..client_request(&body, at) };
        self.send(endpoint, &request).await
    }

    pub(crate) async fn send(&self, endpoint: Endpoint, request: &ClientRequest<'_>) -> (u16, Value) {
        let answer = match endpoint {
            Endpoint::Par => for_client(&self.ports, request, par::push).await,
            Endpoint::Token => for_client(&self.ports, request, token::issue).await,
            Endpoint::Introspect => for_client(&self.ports, request, introspect::describe).await,
            Endpoint::Revoke => for_client(&self.ports, request, revoke::revoke_for).await,
        };
        outcome(&answer.unwrap())
    }

    pub(crate) async fn token(&self, parameters: &[(&str, &str)], at: Moment) -> (u16, Value) {
        let body = self.body(parameters);
        self.send(Endpoint::Token, &client_request(&body, at)).await
    }

    /// The refusal of a request for a token that no protocol error answers.
    pub(crate) async fn token_refused(&self, parameters: &[(&str, &str)], at: Moment) -> Refusal {
        let body = self.body(parameters);
        for_client(&self.ports, &client_request(&body, at), token::issue).await.unwrap_err()
    }

    pub(crate) async fn par(&self, request: &Value) -> (u16, Value) {
        let request = client_signer().sign(TokenType::RequestObject, request).unwrap();
        self.push_token(&request).await
    }

    /// Pushes this in the place of a request object.
    pub(crate) async fn push_token(&self, request: &str) -> (u16, Value) {
        self.ask(Endpoint::Par, first(), &[("request", request)], now()).await
    }
}

/// A body with these parameters and this in the place of the assertion.
pub(crate) fn with_assertion(parameters: &[(&str, &str)], assertion: &str) -> String {
    let mut parameters = parameters.to_vec();
    parameters.push(("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
    parameters.push(("client_assertion", assertion));
    serde_urlencoded::to_string(parameters).unwrap()
}

pub(crate) fn client_request(body: &str, at: Moment) -> ClientRequest<'_> {
    ClientRequest { now: at, certificate: Some(own_certificate()), authorization: None, body }
}

pub(crate) fn outcome(answer: &Answer) -> (u16, Value) {
    (answer.status(), serde_json::from_str(answer.body()).unwrap())
}
