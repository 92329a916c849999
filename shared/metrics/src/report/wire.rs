//! Forms of values in reports to the metrics platform (PCM): rows, durations, statuses, URLs and texts (M10, M11).

use std::time::Duration;

use ponte_ports::outbox::OutboxRow;
use ponte_values::Moment;
use serde::Serialize;

/// The row of the outbox with `item` as its JSON body, for `path` of the PCM. `id` is unique, `at` the time of the event.
pub(super) fn row<T: Serialize>(
    item: &T,
    path: &'static str,
    id: String,
    at: Moment,
) -> Result<OutboxRow, serde_json::Error> {
    Ok(OutboxRow { id, at, path, body: serde_json::to_string(item)? })
}

/// `processTimespan`: whole milliseconds, rounded down, at least 1 (M10, M22).
pub(super) fn timespan(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX).max(1)
}

/// Whether the PCM takes reports of this HTTP status: 200 to 599 (M10).
pub(super) const fn reportable(status: u16) -> bool {
    matches!(status, 200..=599)
}

/// The first `characters` of a text.
pub(super) fn truncate(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end])
}

/// Longest URL that the PCM takes, in characters.
const URL_MAX: usize = 200;

/// A URL without query and fragment, cut at [`URL_MAX`].
pub(super) fn bare(url: &str) -> &str {
    truncate(url.split(['?', '#']).next().unwrap_or_default(), URL_MAX)
}

/// A text without the characters that the PCM refuses (it takes ASCII letters, digits and `- /:_.',`), cut at
/// `characters`.
pub(super) fn plain(text: &str, characters: usize) -> String {
    let taken = |letter: &char| letter.is_ascii_alphanumeric() || "- /:_.',".contains(*letter);
    text.chars().filter(taken).take(characters).collect()
}
