//! Function oauth: the FAPI-BR authorization server of one institution (S01 to S22).
//!
//! | operation | host | file |
//! |---|---|---|
//! | `GET /.well-known/openid-configuration` | public | `discovery` |
//! | `GET /.well-known/apple-app-site-association`, `assetlinks.json` | public | `app_links` |
//! | `GET /auth/jwks` | public | `jwks` |
//! | `POST /auth/par` | mTLS | `par` |
//! | `GET`, `POST /auth/authorize` | public | `authorize` |
//! | `GET /auth/resume` | public | `resume` |
//! | `POST /auth/token` | mTLS | `token`, one file per grant type below it |
//! | `GET`, `POST /auth/userinfo` | mTLS | `userinfo` |
//! | `POST /auth/introspect` | mTLS | `introspect` |
//! | `POST /auth/revoke` | mTLS | `revoke` |
//! | `POST /auth/register` | mTLS | `register` |
//! | `GET`, `PUT`, `DELETE /auth/register/{clientId}` | mTLS | `register` |
//!
//! Invoked directly it runs operator commands (`operator`).
//!
//! **One more operation:** a file with the handler, a line in [`router`], and, if clients should know of it, a line in
//! `discovery`. Whoever calls is established by `client_authentication`; protocol errors are an
//! `OAuthError`, everything else is a refusal of the edge.

mod app_links;
mod authorize;
mod client_authentication;
mod discovery;
mod fault;
mod form;
mod id_token;
mod introspect;
mod jwks;
mod keyring;
mod operator;
mod page;
mod par;
mod register;
mod resume;
mod return_to_client;
mod revoke;
mod scopes;
mod server;
mod targets;
mod token;
mod userinfo;

#[cfg(test)]
mod certification_tests;
#[cfg(test)]
mod testing;

use std::sync::Arc;

use ponte_authorization::ports::{Clients, Directory, Grants, Interactions, Targets};
use ponte_edge::{Context, FetchedKeys, Router};
use ponte_ports::Ids;

pub use keyring::{KeySecrets, Keyring, KeyringFault, Keys};
pub use operator::KeyOperator;
pub use server::{Server, ServerFault, Settings};

/// Media type of the bodies this server takes (RFC 6749 appendix B).
const FORM: &str = "application/x-www-form-urlencoded";

/// The ports this function works through.
pub struct Ports {
    /// Registered clients.
    pub clients: Arc<dyn Clients>,
    /// What customers authorise, read only.
    pub targets: Arc<dyn Targets>,
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
    keyring: Keyring,
    ports: Ports,
    client_keys: FetchedKeys,
}

impl AuthorizationServer {
    fn new(server: Server, keyring: Keyring, ports: Ports) -> Self {
        let client_keys = FetchedKeys::new(Arc::clone(&ports.directory));
        Self { server, keyring, ports, client_keys }
    }
}

/// The operations of this function.
pub fn router(
    context: Context,
    ports: Ports,
    server: Server,
    keyring: Keyring,
) -> Router<AuthorizationServer> {
    Router::new(context, None, AuthorizationServer::new(server, keyring, ports))
        .open("GET", "/.well-known/openid-configuration", None, discovery::discovery)
        .open("GET", "/.well-known/apple-app-site-association", None, app_links::apple)
        .open("GET", "/.well-known/assetlinks.json", None, app_links::android)
        .open("GET", "/auth/jwks", None, jwks::jwks)
        .open("POST", "/auth/par", Some(FORM), par::par)
        .reported("/pushed-authorization-request")
        .open("GET", "/auth/authorize", None, authorize::authorize)
        .open("POST", "/auth/authorize", Some(FORM), authorize::authorize_by_form)
        .open("GET", "/auth/resume", None, resume::resume)
        .open("POST", "/auth/token", Some(FORM), token::token)
        .reported("/token")
        .open("GET", "/auth/userinfo", None, userinfo::userinfo)
        .open("POST", "/auth/userinfo", None, userinfo::userinfo)
        .open("POST", "/auth/introspect", Some(FORM), introspect::introspect)
        .reported("/introspection")
        .open("POST", "/auth/revoke", Some(FORM), revoke::revoke)
        .reported("/revocation")
        .open("POST", register::PATH, Some(register::JSON), register::create)
        .reported("/register")
        .open("GET", register::ONE, None, register::read)
        .reported(register::ONE_REPORTED)
        .open("PUT", register::ONE, Some(register::JSON), register::replace)
        .reported(register::ONE_REPORTED)
        .open("DELETE", register::ONE, None, register::remove)
        .reported(register::ONE_REPORTED)
}
