//! PATCH oob-payments/v2/pix/payments/{paymentId}: the customer cancels a payment in the institution's own channel (P55).

use std::sync::Arc;

use ponte_authorization::api_key::ApiScope;
use ponte_edge::{Answer, CustomerScope, ManagementFault, ManagerCall, Refusal};
use ponte_payment::payment::CancelledFrom;
use serde::Deserialize;

use super::customers;
use crate::cancellation::{self, CancellationRequest};
use crate::ports::Ports;
use crate::view;

/// How often it is decided again because the payment changed in between.
const ATTEMPTS: u32 = 4;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    data: CancellationRequest,
}

pub(super) async fn cancel(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let customer = CustomerScope::of(&call, &ports.settings.institution, ApiScope::PaymentsWrite)?;
    let Body { data } = call.json()?;
    let by = data.by()?;
    // A key for customers acts for the customer that it names, and for no other.
    if !customer.may_see(&by) {
        return Err(ManagementFault::CustomerNotNamed.into());
    }
    for attempt in 1..=ATTEMPTS {
        let payment = customers::payment(&ports, &call, &customer).await?;
        let who = (by.clone(), CancelledFrom::Detentora, call.manager.actor());
        match cancellation::cancel(&ports, &call, None, payment, who).await? {
            Some(payment) => return call.value(200, &view::payment(&payment)),
            None => call.pause_before(attempt + 1).await,
        }
    }
    Err(Refusal::overloaded())
}
