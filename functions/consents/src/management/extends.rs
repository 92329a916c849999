//! GET v1/consents/{consentId}/extends: the renewals, newest first (C34).

use std::sync::Arc;

use ponte_authorization::api_key::ApiScope;
use ponte_edge::{Answer, CursorPage, CustomerScope, ManagerCall, Query, Refusal};
use ponte_values::Page;

use super::customer_scope;
use super::view::Renewal;
use crate::ports::Ports;

pub(crate) async fn extends(ports: Arc<Ports>, call: ManagerCall) -> Result<Answer, Refusal> {
    let customer = CustomerScope::of(&call, &ports.settings.institution, ApiScope::ConsentsRead)?;
    let page = call.page()?;
    let consent = customer_scope::consent(&ports, &call, &customer).await?;
    let total = u64::from(consent.renewals);
    let pages = page.total_pages(total);
    if page.number() > 1 && u64::from(page.number()) > pages {
        return Err(Refusal::page_not_found());
    }
    let skip = u64::from(page.number() - 1) * u64::from(page.size());
    let renewals =
        if skip < total { ports.extensions.list(&consent.id, skip, page.size()).await? } else { Vec::new() };
    let items: Vec<Renewal<'_>> = renewals.iter().map(|renewal| Renewal::of(renewal, &customer)).collect();
    let number = page.number();
    let page = CursorPage {
        own: link(page, number),
        prev: (number > 1).then(|| link(page, number - 1)),
        next: (u64::from(number) < pages).then(|| link(page, number + 1)),
    };
    call.cursor_page(200, &items, &page, Some((total, pages)))
}

fn link(page: Page, number: u32) -> Query {
    vec![("page", number.to_string()), ("page-size", page.size().to_string())]
}
