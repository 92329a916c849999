//! GET consents/v1/consents/{consentId}/payments: the payments that a consent was used for, in the order of their request.

use std::sync::Arc;

use ponte_authorization::api_key::ApiScope;
use ponte_edge::{Answer, CustomerScope, ManagerCall, Refusal};

use super::customers;
use crate::ports::Ports;
use crate::view;

pub(super) async fn list(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let customer = CustomerScope::of(&call, &ports.settings.institution, ApiScope::ConsentsRead)?;
    let consent = customers::consent(&ports, &call, &customer).await?;
    let payments = ports.payments.find_all(consent.payments()).await?;
    call.value(200, &payments.iter().map(view::payment).collect::<Vec<_>>())
}
