//! The rows of both versions.

use std::sync::Arc;

use ponte_catalog::payments::{v4, v5};
use ponte_edge::Router;
use ponte_payment::authority::PaymentConsentAuthority;

use super::{cancel, cancel_all, create_consent, list, pay, read};
use crate::ports::Ports;

/// Adds the operations of the regulatory API to the router.
pub(crate) fn routes(router: Router<Ports>, authority: &Arc<PaymentConsentAuthority>) -> Router<Ports> {
    router
        .signed_client(&v5::CREATE_CONSENT, create_consent::create)
        .client(&v5::READ_CONSENT, read::consent)
        .client(&v5::PAYMENTS_OF_CONSENT, list::list)
        .signed_client(&v5::CANCEL_ALL, cancel_all::cancel)
        .signed_customer(&v5::PAY, authority, pay::pay)
        .client(&v5::READ_PAYMENT, read::payment)
        .signed_client(&v5::CANCEL, cancel::cancel)
        .signed_client(&v4::CREATE_CONSENT, create_consent::create)
        .client(&v4::READ_CONSENT, read::consent)
        .signed_client(&v4::CANCEL_ALL, cancel_all::cancel)
        .signed_customer(&v4::PAY, authority, pay::pay)
        .client(&v4::READ_PAYMENT, read::payment)
        .signed_client(&v4::CANCEL, cancel::cancel)
}
