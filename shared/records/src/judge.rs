//! A value without parts against what the file says of it.

use crate::calendar;
use crate::field::{Number, Precision, Text};
use crate::finding::Rule;

/// The rule that a text breaks.
pub(crate) fn text(text: &str, bounds: Text) -> Option<Rule> {
    if !has_length(text, bounds) {
        return Some(Rule::Length);
    }
    let matches = bounds.pattern.is_none_or(|pattern| pattern.matches(text));
    (!matches).then_some(Rule::Pattern)
}

/// The rule that a word breaks.
pub(crate) fn word(text: &str, known: &[&str]) -> Option<Rule> {
    (!known.contains(&text)).then_some(Rule::Enum)
}

/// The rule that a day breaks.
pub(crate) fn date(text: &str) -> Option<Rule> {
    (!calendar::is_date(text.as_bytes())).then_some(Rule::Date)
}

/// The rule that a point in time breaks.
pub(crate) fn moment(text: &str, precision: Precision) -> Option<Rule> {
    (!calendar::is_moment(text.as_bytes(), precision)).then_some(Rule::Date)
}

/// The rule that a number breaks.
#[expect(
    clippy::cast_precision_loss,
    reason = "bounds of the files are far below 2^53; the open ones are beyond any number"
)]
pub(crate) fn number(text: &str, bounds: Number) -> Option<Rule> {
    let number: f64 = text.parse().ok()?;
    let whole = !bounds.whole || number.fract() == 0.0;
    let fits = (bounds.least == i64::MIN || number >= bounds.least as f64)
        && (bounds.most == i64::MAX || number <= bounds.most as f64);
    (!(whole && fits)).then_some(Rule::Range)
}

/// Whether a text has as many characters as it may have. They are counted only where their number decides.
fn has_length(text: &str, bounds: Text) -> bool {
    let (least, most) = (bounds.least as usize, bounds.most as usize);
    let bytes = text.len();
    // A character has one to four bytes.
    if bytes <= most && bytes >= least.saturating_mul(4) {
        return true;
    }
    let characters = if text.is_ascii() { bytes } else { text.chars().count() };
    (least..=most).contains(&characters)
}
