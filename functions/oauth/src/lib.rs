//! Function oauth: the FAPI-BR authorization server of one institution (S01 to S22).
//!
//! | operation | host | file |
//! |---|---|---|
//! | `GET /.well-known/openid-configuration` | public | `discovery` |
//! | `GET /auth/jwks` | public | `jwks` |
//! | `POST /auth/par` | mTLS | `par` |
//! | `GET /auth/authorize` | public | `authorize` |
//! | `GET /auth/resume` | public | `resume` |
//! | `POST /auth/token` | mTLS | `token`, one file per grant type below it |
//!
//! **One more operation:** a file with the handler, a line in [`door`], and, if clients should know of it, a line in
//! `discovery`. Whoever calls is established by `client_authentication`; protocol errors are an
//! `OAuthError`, everything else is a refusal of the edge.

mod authorize;
mod client_authentication;
mod client_keys;
mod discovery;
mod fault;
mod form;
mod id_token;
mod jwks;
mod page;
mod par;
mod resume;
mod return_to_client;
mod scopes;
mod server;
mod token;

#[cfg(test)]
mod testing;

use std::sync::Arc;

use ponte_domain::ports::{Clients, Consents, Directory, Grants, Ids, Interactions};
use ponte_edge::{Desk, Door};

use client_keys::ClientKeys;

pub use server::{Server, ServerFault, Settings};

/// Media type of the bodies this server takes (RFC 6749 appendix B).
const FORM: &str = "application/x-www-form-urlencoded";

/// The ports this function works through.
pub struct Ports {
    /// Registered clients.
    pub clients: Arc<dyn Clients>,
    /// Consents, read only.
    pub consents: Arc<dyn Consents>,
    /// Visits of customers.
    pub interactions: Arc<dyn Interactions>,
    /// Pushed requests, codes, refresh tokens, used `jti`s.
    pub grants: Arc<dyn Grants>,
    /// Key sets of the clients.
    pub directory: Arc<dyn Directory>,
    /// Fresh ids and secrets.
    pub ids: Arc<dyn Ids>,
}

/// The authorization server at work: its own settings and keys, its ports, and the key sets it has seen.
pub struct AuthorizationServer {
    server: Server,
    ports: Ports,
    client_keys: ClientKeys,
}

impl AuthorizationServer {
    fn new(server: Server, ports: Ports) -> Self {
        let client_keys = ClientKeys::new(Arc::clone(&ports.directory));
        Self { server, ports, client_keys }
    }
}

/// The operations of this function.
pub fn door(desk: Desk, ports: Ports, server: Server) -> Door<AuthorizationServer> {
    Door::new(desk, None, AuthorizationServer::new(server, ports))
        .open("GET", "/.well-known/openid-configuration", None, discovery::discovery)
        .open("GET", "/auth/jwks", None, jwks::jwks)
        .open("POST", "/auth/par", Some(FORM), par::par)
        .reported("/pushed-authorization-request")
        .open("GET", "/auth/authorize", None, authorize::authorize)
        .open("GET", "/auth/resume", None, resume::resume)
        .open("POST", "/auth/token", Some(FORM), token::token)
        .reported("/token")
}
