//! Places in a listing by creation: `<time>#<id>` is the sort key of an entry, and the text of its cursor.

use std::fmt::Display;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ponte_ports::IndexFault;
use ponte_values::{Invalid, Moment};

/// Sort keys before and after those of every entry; a place begins with a digit of its year.
pub(crate) const FIRST: &str = "0";
pub(crate) const LAST: &str = ":";

/// Where a cursor goes on.
pub(crate) struct Place<I> {
    /// Sort key of the entry that the cursor names.
    pub(crate) text: String,
    pub(crate) created: Moment,
    pub(crate) id: I,
}

/// Sort key of what was created then.
pub(crate) fn place(created: Moment, id: impl Display) -> String {
    format!("{}#{id}", created.with_millis())
}

/// The place that a cursor names, which must lie between these two.
pub(crate) fn place_of<I>(
    cursor: &str,
    (from, until): (&str, &str),
    id_of: impl FnOnce(&str) -> Result<I, Invalid>,
) -> Result<Place<I>, IndexFault> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| IndexFault::Cursor)?;
    let text = String::from_utf8(bytes).map_err(|_| IndexFault::Cursor)?;
    let (created, id) = text.split_once('#').ok_or(IndexFault::Cursor)?;
    let id = id_of(id).map_err(|_| IndexFault::Cursor)?;
    let moment = Moment::parse(created).ok().filter(|moment| moment.with_millis() == created);
    let created = moment.filter(|_| (from..=until).contains(&text.as_str())).ok_or(IndexFault::Cursor)?;
    Ok(Place { text, created, id })
}

/// The cursor of the entry with this sort key.
pub(crate) fn cursor_of(place: &str) -> String {
    URL_SAFE_NO_PAD.encode(place)
}
