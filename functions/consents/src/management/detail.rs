//! GET v1/consents/{consentId}: everything about one consent, and what happened to it.

use std::sync::Arc;

use ponte_authorization::api_key::ApiScope;
use ponte_edge::{Answer, CursorPage, ManagerCall, Refusal};

use super::shown::Whole;
use super::visitor::Visitor;
use crate::ports::Ports;

/// Changes in one answer.
const CHANGES: u8 = 50;

pub(crate) async fn detail(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let visitor = Visitor::of(&ports, &call, ApiScope::ConsentsRead)?;
    let consent = visitor.consent(&ports, &call).await?;
    let cursor = call.request.query("cursor");
    let history = ports.history.of(consent.id.as_str(), cursor, CHANGES).await?;
    let whole = Whole::of(&consent, &history.entries, &visitor, (&ports.settings, call.now));
    let link = |cursor: &str| vec![("cursor", cursor.to_owned())];
    let page = CursorPage {
        own: cursor.map(link).unwrap_or_default(),
        prev: None,
        next: history.next.as_deref().map(link),
    };
    call.cursor_page(200, &whole, &page, None)
}
