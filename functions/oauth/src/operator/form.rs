//! Whether the members of a command have the form of what they are. A queue records a command before it runs, and a record holds no
//! secret: the text of a key in the place of its id must not get that far.

use ponte_authorization::api_key::{ApiKeyId, ApiScope, resembles};
use ponte_ports::audit::OperatorReason;
use ponte_values::{ClientId, Moment};

use crate::commands::Command;

use super::issue::is_caller;

/// Whether every member can be what it has to be.
pub(super) fn is_well_formed(command: &Command) -> bool {
    match command {
        Command::Issue { caller, scopes, expires_at } => {
            is_caller(caller)
                && !resembles(caller)
                && scopes.iter().all(|name| ApiScope::parse(name).is_ok())
                && expires_at.as_deref().is_none_or(|text| Moment::parse(text).is_ok())
        }
        Command::Rotate { id, .. } | Command::Revoke { id } => ApiKeyId::parse(id).is_ok(),
        Command::List {} => true,
        Command::BlockClient { id, reason }
        | Command::UnblockClient { id, reason }
        | Command::RemoveClient { id, reason }
        | Command::ResetClient { id, reason } => {
            let is_reason = |text: &str| OperatorReason::parse(text).is_ok() && !resembles(text);
            ClientId::parse(id).is_ok() && !resembles(id) && reason.as_deref().is_none_or(is_reason)
        }
    }
}
