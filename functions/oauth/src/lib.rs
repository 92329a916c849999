//! Function oauth: the FAPI-BR authorization server of one institution (S01 to S22).
//!
//! | operation | host | file |
//! |---|---|---|
//! | `GET /.well-known/openid-configuration` | public | `well_known`, the document in `discovery` |
//! | `GET /.well-known/apple-app-site-association`, `assetlinks.json` | public | `well_known`, the documents in `app_links` |
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
//! It is two functions of one binary, so that nothing on the public host costs the mTLS host an environment (T62): `oauth` serves
//! the mTLS host, `authorize` the public one, each with a role of its own.
//!
//! Invoked directly, `oauth` runs operator commands: their types are in [`commands`], `operator` runs them.
//!
//! **One more operation:** a file with the handler, `async fn(Arc<Ports>, OpenCall)` or of [`PublicPorts`], a line in `routes` at its host, and, if
//! clients should know of it, a line in `discovery`. An endpoint for clients runs in
//! `client_authentication::for_client`, which authenticates the client first; protocol errors are an `OAuthError`,
//! everything else is a refusal of the edge.

mod access_token;
mod app_links;
mod arriving;
mod authorize;
mod client_authentication;
pub mod commands;
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
mod paths;
mod ports;
mod register;
mod resume;
mod return_to_client;
mod revoke;
mod routes;
mod scopes;
mod sealed;
mod server;
mod settings;
mod site;
mod targets;
mod time;
mod token;
mod userinfo;
mod well_known;

#[cfg(test)]
mod alike_tests;
#[cfg(test)]
mod certification_tests;
#[cfg(test)]
mod payment_tests;
#[cfg(test)]
mod shut_out_tests;
#[cfg(test)]
mod testing;

pub use keyring::{KeySecrets, Keyring, KeyringFault, Keys};
pub use operator::OperatorPorts;
pub use ports::{Ports, PublicPorts};
pub use routes::{public_router, router};
pub use scopes::Scopes;
pub use server::Server;
pub use settings::{Settings, SiteSettings};
pub use site::{Site, SiteFault};
