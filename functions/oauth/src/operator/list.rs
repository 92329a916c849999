//! `api-key.list`: every key there is or was.

use crate::commands::KeyList;

use super::fault::CommandFault;
use super::ports::OperatorPorts;
use super::view;

pub(super) async fn list(ports: &OperatorPorts) -> Result<KeyList, CommandFault> {
    let now = ports.clock.now();
    let keys = ports.keys.list().await?;
    Ok(KeyList { keys: keys.iter().map(|key| view::of(key, now)).collect() })
}
