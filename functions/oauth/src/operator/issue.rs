//! `api-key.issue`: a key for a caller.

use std::collections::BTreeSet;

use ponte_authorization::api_key::{ApiKey, ApiKeyId, ApiScope, NewApiKey};
use ponte_fapi::secret;
use ponte_ports::PortError;
use ponte_ports::audit::OperatorOrder;
use ponte_values::Moment;

use crate::commands::KeyView;

use super::fault::CommandFault;
use super::ports::OperatorPorts;
use super::view;

/// Longest common name of a certificate (X.520).
const CALLER_MAX: usize = 64;

/// The new key as the command describes it.
pub(super) struct NewKey {
    pub(super) caller: String,
    pub(super) scopes: Vec<String>,
    pub(super) expires_at: Option<String>,
}

pub(super) async fn issue(
    ports: &OperatorPorts,
    asked: NewKey,
    order: &OperatorOrder,
) -> Result<KeyView, CommandFault> {
    let now = ports.clock.now();
    let id = ApiKeyId::from_uuid(&ports.ids.uuid())
        .map_err(|invalid| PortError::new("ids of the operator commands", invalid))?;
    let secret = ports.ids.secret();
    let new = NewApiKey {
        id,
        scopes: scopes(&asked.scopes)?,
        expires_at: asked.expires_at.map(|text| expiry(&text, now)).transpose()?,
        caller: caller(asked.caller)?,
        hash: secret::hash(&secret),
    };
    let change = ApiKey::issue(new, now).ordered(order);
    let key = change.key.clone();
    ports.commit(change).await?;
    Ok(view::with_text(&key, &secret, now))
}

/// Whether a text can be the common name of a certificate.
pub(super) fn is_caller(name: &str) -> bool {
    let printable = !name.chars().any(char::is_control) && name.trim() == name;
    printable && (1..=CALLER_MAX).contains(&name.chars().count())
}

fn caller(name: String) -> Result<String, CommandFault> {
    if is_caller(&name) {
        Ok(name)
    } else {
        Err(CommandFault::Input("caller: 1 to 64 printable characters, the common name of its certificate"))
    }
}

fn scopes(names: &[String]) -> Result<BTreeSet<ApiScope>, CommandFault> {
    let scopes: Result<BTreeSet<ApiScope>, _> = names.iter().map(|name| ApiScope::parse(name)).collect();
    let scopes = scopes.map_err(|_| CommandFault::Scope(ApiScope::ALL.map(ApiScope::as_str).join(", ")))?;
    if scopes.is_empty() { Err(CommandFault::Input("scopes: at least one")) } else { Ok(scopes) }
}

fn expiry(text: &str, now: Moment) -> Result<Moment, CommandFault> {
    let end = Moment::parse(text).ok().filter(|end| *end > now);
    end.ok_or(CommandFault::Input("expiresAt: a date-time of RFC 3339 in the future"))
}
