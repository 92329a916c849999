//! GET v1/consents/{consentId}: one consent with its products and its history.

use std::sync::Arc;

use ponte_authorization::api_key::ApiScope;
use ponte_edge::{Answer, CursorPage, ManagerCall, Refusal};

use super::customer_scope::CustomerScope;
use super::view::ConsentDetail;
use crate::ports::Ports;

/// Changes in one answer.
const CHANGES: u8 = 50;

pub(crate) async fn detail(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let customer = CustomerScope::of(&ports, &call, ApiScope::ConsentsRead)?;
    let consent = customer.consent(&ports, &call).await?;
    let cursor = call.request.query("cursor");
    let history = ports.history.of(consent.id.as_str(), cursor, CHANGES).await?;
    let detail = ConsentDetail::of(&consent, &history.entries, &customer, (&ports.settings, call.now));
    let link = |cursor: &str| vec![("cursor", cursor.to_owned())];
    let page = CursorPage {
        own: cursor.map(link).unwrap_or_default(),
        prev: None,
        next: history.next.as_deref().map(link),
    };
    call.cursor_page(200, &detail, &page, None)
}
