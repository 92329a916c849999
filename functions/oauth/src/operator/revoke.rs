//! `api-key.revoke`: a key counts for nothing any more.

use crate::commands::KeyView;

use super::fault::CommandFault;
use super::ports::KeyOperator;
use super::view;

pub(super) async fn revoke(ports: &KeyOperator, id: &str) -> Result<KeyView, CommandFault> {
    let key = ports.find(id).await?;
    let now = ports.clock.now();
    let change = key.revoke(now)?;
    let key = change.key.clone();
    ports.commit(change).await?;
    Ok(view::of(&key, now))
}
