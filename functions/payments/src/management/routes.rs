//! Routes of the management API, each with the scopes that open it.

use ponte_authorization::api_key::ApiScope;
use ponte_authorization::api_key::ApiScope::{ConsentsRead, ConsentsWrite, Customer, PaymentsWrite};
use ponte_edge::Router;

use super::{authorisation, cancel, legacy_ids, notification, payments, reject};
use crate::ports::Ports;

const NOTIFICATION: &str = "/open-banking/oob-consents/v1/payment-status-notification";
const PAYMENTS: &str = "/open-banking/oob-consents/consents/v1/consents/{consentId}/payments";
const REJECTION: &str = "/open-banking/oob-consents/payments/v1/consents/{consentId}";
const AUTHORISATION: &str = "/open-banking/oob-consents/v1/payments/consents/{consentId}/authorisation";
const CANCELLATION: &str = "/open-banking/oob-payments/v2/pix/payments/{paymentId}";
const LEGACY_IDS: &str = "/open-banking/oob-consents/v1/tpps/payment-legacy-ids";

/// Scopes that may read payments of a consent.
const READERS: &[ApiScope] = &[ConsentsRead, Customer];
/// Scopes that may end a consent.
const ENDERS: &[ApiScope] = &[ConsentsWrite, Customer];
/// Scopes that may cancel a payment.
const CANCELLERS: &[ApiScope] = &[PaymentsWrite, Customer];

/// Adds the operations to the router.
pub(crate) fn routes(router: Router<Ports>) -> Router<Ports> {
    let json = Some("application/json");
    router
        .managed("POST", NOTIFICATION, &[ConsentsWrite], json, notification::notify)
        .managed("GET", PAYMENTS, READERS, None, payments::list)
        .managed("PATCH", REJECTION, ENDERS, json, reject::reject)
        .managed("POST", AUTHORISATION, &[ConsentsWrite], json, authorisation::authorise)
        .managed("PATCH", CANCELLATION, CANCELLERS, json, cancel::cancel)
        .managed("GET", LEGACY_IDS, &[ConsentsRead], None, legacy_ids::list)
        .taking(legacy_ids::PARAMETERS, &[])
}
