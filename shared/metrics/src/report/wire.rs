//! The forms in which the platform takes rows, times and texts (M10, M11).

use std::time::Duration;

use ponte_ports::outbox::OutboxRow;
use ponte_values::Moment;
use serde::Serialize;

/// The row that carries `item`.
pub(super) fn row<T: Serialize>(
    item: &T,
    path: &'static str,
    id: String,
    at: Moment,
) -> Result<OutboxRow, serde_json::Error> {
    Ok(OutboxRow { id, at, path, body: serde_json::to_string(item)? })
}

/// `processTimespan`: whole milliseconds, above zero (M10, M22).
pub(super) fn timespan(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX).max(1)
}

/// Whether a status may be reported (M10).
pub(super) const fn reportable(status: u16) -> bool {
    matches!(status, 200..=599)
}

/// The first `characters` of a text.
pub(super) fn truncate(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end])
}

/// A URL without query and fragment, as far as the platform reads.
pub(super) fn bare(url: &str) -> &str {
    truncate(url.split(['?', '#']).next().unwrap_or_default(), 200)
}

/// A text in the letters that the platform takes, at most `characters` of them.
pub(super) fn plain(text: &str, characters: usize) -> String {
    let taken = |letter: &char| letter.is_ascii_alphanumeric() || "- /:_.',".contains(*letter);
    text.chars().filter(taken).take(characters).collect()
}
