//! GET v1/consents/{consentId}: one consent with its products and its history.

use std::sync::Arc;

use ponte_authorization::api_key::ApiScope;
use ponte_data_consent::consent::Consent;
use ponte_data_consent::discovery::DiscoveredResource;
use ponte_edge::{Answer, CursorPage, CustomerScope, ManagerCall, Refusal};
use ponte_values::ResourceKind;

use super::customer_scope;
use super::view::ConsentDetail;
use crate::ports::Ports;

/// Changes in one answer.
const CHANGES: u8 = 50;
/// Most discovered products in one answer.
const PRODUCTS: usize = 1_000;

pub(crate) async fn detail(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let customer = CustomerScope::of(&call, &ports.settings.institution, ApiScope::ConsentsRead)?;
    let consent = customer_scope::consent(&ports, &call, &customer).await?;
    let cursor = call.request.query("cursor");
    let history = ports.history.of(consent.id.as_str(), cursor, CHANGES).await?;
    let found = discovered(&ports, &consent).await?;
    let detail =
        ConsentDetail::of(&consent, &found, &history.entries, &customer, (&ports.settings, call.now));
    let link = |cursor: &str| vec![("cursor", cursor.to_owned())];
    let page = CursorPage {
        own: cursor.map(link).unwrap_or_default(),
        prev: None,
        next: history.next.as_deref().map(link),
    };
    call.cursor_page(200, &detail, &page, None)
}

/// The products that were discovered under a consent, if some can be.
async fn discovered(ports: &Ports, consent: &Consent) -> Result<Vec<DiscoveredResource>, Refusal> {
    let permits = |kind: &ResourceKind| !kind.selectable() && consent.permits(kind.permission());
    if !ResourceKind::ALL.iter().any(permits) {
        return Ok(Vec::new());
    }
    Ok(ports.discovered.list(&consent.id, None, PRODUCTS).await?.known)
}
