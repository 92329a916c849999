//! `api-key.revoke`: a key counts for nothing any more.

use ponte_ports::audit::OperatorAction;

use crate::commands::KeyView;

use super::fault::CommandFault;
use super::ports::OperatorPorts;
use super::view;

pub(super) async fn revoke(
    ports: &OperatorPorts,
    id: &str,
    action: &OperatorAction,
) -> Result<KeyView, CommandFault> {
    let key = ports.find(id).await?;
    let now = ports.clock.now();
    let change = key.revoke(now)?.ordered(action);
    let key = change.key.clone();
    ports.commit(change).await?;
    Ok(view::of(&key, now))
}
