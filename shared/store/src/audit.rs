//! Audit rows, as every commit writes them.

use ponte_ports::PortError;
use ponte_ports::audit::AuditEntry;
use serde::Serialize;

use crate::body::body;
use crate::dynamo::Dynamo;
use crate::item::{Item, item, key, s};

const WHAT: &str = "audit table";

/// Partition key of the index by subject; its sort key is that of the table.
pub(crate) const SUBJECT: &str = "subjectpk";

/// Row `number` of the commit `owner`.
pub(crate) fn item_of(
    dynamo: &Dynamo,
    entry: &AuditEntry,
    owner: &str,
    number: usize,
) -> Result<Item, PortError> {
    item_as(dynamo, entry, entry, (owner, number))
}

/// The same with `whole` as its body, which holds the entry and its seals.
pub(crate) fn item_as<T: Serialize>(
    dynamo: &Dynamo,
    entry: &AuditEntry,
    whole: &T,
    (owner, number): (&str, usize),
) -> Result<Item, PortError> {
    let sk = format!("{}#{owner}#{number}", entry.at.with_millis());
    let attributes = [
        ("owner", s(owner)),
        ("body", body(WHAT, whole)?),
        (SUBJECT, s(dynamo.keys.subject(&entry.subject))),
    ];
    Ok(item(key(dynamo.keys.audit(entry.at, owner), sk), attributes))
}
