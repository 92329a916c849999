//! Routes of this function: the rows of the regulatory API, and those of the management API.

use std::sync::Arc;

use ponte_edge::{Context, Guard, Router};
use ponte_payment::authority::PaymentConsentAuthority;

use crate::ports::Ports;
use crate::{management, regulatory};

/// The operations of this function.
#[must_use]
pub fn router(context: Context, guard: Guard, ports: Ports) -> Router<Ports> {
    let authority = Arc::new(PaymentConsentAuthority::new(Arc::clone(&ports.consents)));
    management::routes(regulatory::routes(Router::new(context, Some(guard), ports), &authority))
}
