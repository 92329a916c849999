//! The fault of a text that is not a valid value.

/// A text that is not a valid value: what it should have been, never what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}")]
pub struct Invalid(pub &'static str);
