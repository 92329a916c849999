//! Audit rows, as every commit writes them.

use ponte_domain::audit::AuditEntry;
use ponte_domain::ports::PortError;
use ponte_values::Moment;
use serde::Serialize;

use super::Dynamo;
use super::item::{Item, body, item, key, s};

const WHAT: &str = "audit table";

/// Row `number` of the commit `owner`.
pub(super) fn item_of(
    dynamo: &Dynamo,
    entry: &AuditEntry,
    owner: &str,
    number: usize,
) -> Result<Item, PortError> {
    item_as(dynamo, entry.at, entry, (owner, number))
}

/// The same for an entry with more to it.
pub(super) fn item_as<T: Serialize>(
    dynamo: &Dynamo,
    at: Moment,
    entry: &T,
    (owner, number): (&str, usize),
) -> Result<Item, PortError> {
    let sk = format!("{}#{owner}#{number}", at.with_millis());
    let attributes = [("owner", s(owner)), ("body", body(WHAT, entry)?)];
    Ok(item(key(dynamo.keys.audit(at), sk), attributes))
}
