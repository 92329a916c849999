//! The management API: what the institution's channel and back office do with consents.
//!
//! The host, the certificate, the key and the scope are checked before a handler here sees the call; what a handler adds
//! is whose consents it may touch ([`visitor`]). Documents name customers in queries, headers and bodies; no link, cursor
//! or key repeats one. Each change is one commit with its audit row, like every change of a consent.
//!
//! To add an operation: a file with its handler, and a line in [`routes`].

mod authorisation;
mod detail;
mod extends;
mod list;
mod notification;
mod revoke;
mod search;
mod shown;
mod visitor;

use ponte_authorization::api_key::ApiScope;
use ponte_authorization::api_key::ApiScope::{ConsentsRead, ConsentsWrite, Customer};
use ponte_edge::Router;

use crate::ports::Ports;

const LIST: &str = "/open-banking/oob-consents/v1/consents";
const DETAIL: &str = "/open-banking/oob-consents/v1/consents/{consentId}";
const EXTENDS: &str = "/open-banking/oob-consents/v1/consents/{consentId}/extends";
const AUTHORISATION: &str = "/open-banking/oob-consents/v1/consents/{consentId}/authorisation";
const REVOCATION: &str = "/open-banking/oob-consents/consents/v1/consents/{consentId}";
const NOTIFICATION: &str = "/open-banking/oob-consents/v1/resources-notification";

/// Scopes that let a caller look.
const LOOK: &[ApiScope] = &[ConsentsRead, Customer];
/// Scopes that let a caller end a consent.
const END: &[ApiScope] = &[ConsentsWrite, Customer];
/// Scopes that let a caller speak for the institution.
const SPEAK: &[ApiScope] = &[ConsentsWrite];

/// Adds the operations to the router.
pub(crate) fn routes(router: Router<Ports>) -> Router<Ports> {
    let json = Some("application/json");
    router
        .managed("GET", LIST, LOOK, None, list::list)
        .managed("GET", DETAIL, LOOK, None, detail::detail)
        .managed("GET", EXTENDS, LOOK, None, extends::extends)
        .managed("PATCH", REVOCATION, END, json, revoke::revoke)
        .managed("POST", AUTHORISATION, SPEAK, json, authorisation::authorise)
        .managed("POST", NOTIFICATION, SPEAK, json, notification::notify)
}
