//! `api-key.revoke`: a key counts for nothing any more.

use ponte_ports::audit::OperatorOrder;

use crate::commands::KeyView;

use super::fault::CommandFault;
use super::ports::OperatorPorts;
use super::view;

pub(super) async fn revoke(
    ports: &OperatorPorts,
    id: &str,
    order: &OperatorOrder,
) -> Result<KeyView, CommandFault> {
    let key = ports.find(id).await?;
    let now = ports.clock.now();
    if key.revoked_at.is_some() {
        // Given again after a lost answer: the key says since when.
        return Ok(view::of(&key, now));
    }
    let change = key.revoke(now)?.ordered(order);
    let key = change.key.clone();
    ports.commit(change).await?;
    Ok(view::of(&key, now))
}
