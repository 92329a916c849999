//! GET /consents/{consentId}/extensions (C34).

use std::sync::Arc;

use ponte_catalog::consents::{ExtensionItem, LoggedUser};
use ponte_data_consent::consent::Extension;
use ponte_edge::{Answer, ClientCall, Refusal};

use crate::ports::Ports;
use crate::read;

pub(crate) async fn list(ports: Arc<Ports>, call: ClientCall) -> Result<Answer, Refusal> {
    let page = call.page()?;
    let consent = read::own(&ports, &call).await?;
    let (size, total) = (u64::from(page.size()), u64::from(consent.renewals));
    let skip = u64::from(page.number() - 1) * size;
    let renewals =
        if skip < total { ports.extensions.list(&consent.id, skip, page.size()).await? } else { Vec::new() };
    let items: Vec<ExtensionItem> = renewals.into_iter().map(item).collect();
    let data = serde_json::to_string(&items).map_err(|_| Refusal::internal())?;
    call.paged(&data, page, total)
}

fn item(renewal: Extension) -> ExtensionItem {
    ExtensionItem {
        expiration_date_time: renewal.expires_at,
        logged_user: LoggedUser::of(renewal.logged_user),
        request_date_time: renewal.requested_at,
        previous_expiration_date_time: renewal.previous_expires_at,
        x_fapi_customer_ip_address: renewal.ip_address,
        x_customer_user_agent: renewal.user_agent,
    }
}
