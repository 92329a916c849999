//! `api-key.rotate`: another secret for a key; the one it had counts for a while more.

use std::time::Duration;

use ponte_authorization::api_key::GRACE_MAX;
use ponte_fapi::secret;
use ponte_ports::audit::OperatorOrder;

use crate::commands::KeyView;

use super::fault::CommandFault;
use super::ports::OperatorPorts;
use super::view;

/// Grace when the command names none.
const GRACE: Duration = Duration::from_hours(24);

pub(super) async fn rotate(
    ports: &OperatorPorts,
    id: &str,
    grace_seconds: Option<u64>,
    order: &OperatorOrder,
) -> Result<KeyView, CommandFault> {
    let grace = grace_seconds.map_or(GRACE, Duration::from_secs);
    if grace > GRACE_MAX {
        return Err(CommandFault::Input("graceSeconds: 0 to 604800"));
    }
    let key = ports.find(id).await?;
    let now = ports.clock.now();
    let secret = ports.ids.secret();
    let change = key.rotate(secret::hash(&secret), grace, now)?.ordered(order);
    let key = change.key.clone();
    ports.commit(change).await?;
    Ok(view::with_text(&key, &secret, now))
}
