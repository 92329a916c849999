//! Bodies: the value of a row as one JSON object with the number of the schema that its writer knew.
//!
//! What this release does not know stays where it is stored (D8, docs/upgrades.md). A row that it cannot read at all is
//! named in the log, skipped in lists and never written. A value that it can read is laid over its stored form when it
//! is written again: a member, or an element of a list, that only a later release knows is written back as it was.

use aws_sdk_dynamodb::types::AttributeValue;
use ponte_cloud::failure;
use ponte_ports::{PortError, StoredForm};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::item::{Item, text};
use crate::overlay;

/// The schema of the bodies that this release writes. A row without a number is of the first. It grows by one with the
/// release that first writes something which the release before it only reads.
pub(crate) const SCHEMA: u32 = 1;

/// Digits of an interaction's id that a log shows: whoever knows all of it acts in its customer's session.
const SHOWN: usize = 8;

#[derive(Serialize)]
struct Numbered<'a, T> {
    schema: u32,
    #[serde(flatten)]
    thing: &'a T,
}

#[derive(Deserialize)]
struct Number {
    #[serde(default)]
    schema: u32,
}

/// A value as the text of `body`.
pub(crate) fn body<T: Serialize>(what: &'static str, thing: &T) -> Result<AttributeValue, PortError> {
    written(what, thing, SCHEMA).map(AttributeValue::S)
}

/// A value as the text of `body`, over the form that it was read from.
pub(crate) fn body_over<T: Serialize + DeserializeOwned>(
    what: &'static str,
    thing: &T,
    stored: &StoredForm,
) -> Result<AttributeValue, PortError> {
    let Some(stored) = stored.text() else { return body(what, thing) };
    let fault = |error| failure::json(what, &error);
    let known = serde_json::from_str::<T>(stored).map_err(fault)?;
    // No number is taken back: who wrote more than this release knows finds it again.
    let schema = serde_json::from_str::<Number>(stored).map_or(SCHEMA, |number| number.schema.max(SCHEMA));
    let (known, new) = (written(what, &known, schema)?, written(what, thing, schema)?);
    if known == stored {
        return Ok(AttributeValue::S(new));
    }
    let value = |text: &str| serde_json::from_str::<Value>(text).map_err(fault);
    let merged = overlay::over(&value(stored)?, &value(&known)?, value(&new)?);
    Ok(AttributeValue::S(merged.map_or(new, |merged| merged.to_string())))
}

/// The value read back from `body`. A row that cannot be read is named in the log, by its key and the place in its text.
pub(crate) fn read<T: DeserializeOwned>(what: &'static str, item: &Item) -> Result<T, PortError> {
    let Some(text) = text(item, "body") else { return Err(unreadable(what, item, "no body")) };
    serde_json::from_str(text).map_err(|error| {
        let place = format!("not as expected at column {} ({:?})", error.column(), error.classify());
        unreadable(what, item, &place)
    })
}

/// The values of a list, without the rows that cannot be read: each is named in the log (D8).
pub(crate) fn readable<T: DeserializeOwned>(what: &'static str, items: &[Item]) -> Vec<T> {
    items.iter().filter_map(|item| read(what, item).ok()).collect()
}

/// The value read back; `keep` puts into it the form it was read from.
pub(crate) fn read_with_form<T: DeserializeOwned>(
    what: &'static str,
    item: &Item,
    keep: impl FnOnce(&mut T, StoredForm),
) -> Result<T, PortError> {
    let mut thing = read(what, item)?;
    keep(&mut thing, form_of(item));
    Ok(thing)
}

/// The stored form of what an item holds.
pub(crate) fn form_of(item: &Item) -> StoredForm {
    text(item, "body").map_or_else(StoredForm::default, StoredForm::of)
}

/// Names a row that cannot be read and gives the error of the call that met it. A metric filter of the template counts the
/// lines with the field `unreadable`.
pub(crate) fn unreadable(what: &'static str, item: &Item, reason: &str) -> PortError {
    tracing::error!(unreadable = key_of(item), what, reason, "a stored row that this release cannot read");
    PortError::unreadable(what, reason.to_owned())
}

/// The key of a row as a log may show it. Keys hold ids and hashes, and nothing of a person.
fn key_of(item: &Item) -> String {
    let [pk, sk] = ["pk", "sk"].map(|name| text(item, name).unwrap_or("?"));
    match pk.split_once("#N#") {
        Some((before, id)) => {
            let shown = id.chars().take(SHOWN).collect::<String>();
            format!("{before}#N#{shown}.. {sk}")
        }
        None => format!("{pk} {sk}"),
    }
}

fn written<T: Serialize>(what: &'static str, thing: &T, schema: u32) -> Result<String, PortError> {
    serde_json::to_string(&Numbered { schema, thing }).map_err(|error| failure::json(what, &error))
}

#[cfg(test)]
mod tests;
