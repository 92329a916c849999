//! Routes of the management API, each with the scopes that open it.

use ponte_authorization::api_key::ApiScope;
use ponte_authorization::api_key::ApiScope::{ConsentsRead, ConsentsWrite, Customer};
use ponte_edge::Router;

use super::{authorisation, detail, extends, list, notification, revoke};
use crate::ports::Ports;

const LIST: &str = "/open-banking/oob-consents/v1/consents";
const DETAIL: &str = "/open-banking/oob-consents/v1/consents/{consentId}";
const EXTENDS: &str = "/open-banking/oob-consents/v1/consents/{consentId}/extends";
const AUTHORISATION: &str = "/open-banking/oob-consents/v1/consents/{consentId}/authorisation";
/// The contract has `consents/v1` here, where the others have `v1`.
const REVOCATION: &str = "/open-banking/oob-consents/consents/v1/consents/{consentId}";
const NOTIFICATION: &str = "/open-banking/oob-consents/v1/resources-notification";

/// Scopes that may read consents.
const READERS: &[ApiScope] = &[ConsentsRead, Customer];
/// Scopes that may end a consent.
const REVOKERS: &[ApiScope] = &[ConsentsWrite, Customer];
/// Scopes that may act for the institution.
const WRITERS: &[ApiScope] = &[ConsentsWrite];

/// Adds the operations to the router.
pub(crate) fn routes(router: Router<Ports>) -> Router<Ports> {
    let json = Some("application/json");
    router
        .managed("GET", LIST, READERS, None, list::list)
        .taking(list::PARAMETERS, &["status"])
        .managed("GET", DETAIL, READERS, None, detail::detail)
        .taking(&["cursor"], &[])
        .managed("GET", EXTENDS, READERS, None, extends::extends)
        .taking(&["page", "page-size"], &[])
        .managed("PATCH", REVOCATION, REVOKERS, json, revoke::revoke)
        .managed("POST", AUTHORISATION, WRITERS, json, authorisation::authorise)
        .managed("POST", NOTIFICATION, WRITERS, json, notification::notify)
        .taking(&["cursor"], &[])
}
