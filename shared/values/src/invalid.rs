//! The fault of a text that is not a valid value.

/// Fault of a text that is not a valid value. It names the kind of value and never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}")]
pub struct Invalid(pub &'static str);
