//! The text that a value was read from, kept with the value until it is written again.

use std::fmt;
use std::sync::Arc;

/// The stored text of a value, as it was read. The store lays a changed value over it, so that what a later release put
/// there and this one does not know is written back as it was (docs/upgrades.md). It is no part of the value: two values
/// are the same wherever they were read from, and no log shows it.
#[derive(Clone, Default)]
pub struct StoredForm(Option<Arc<str>>);

impl StoredForm {
    /// The form of a value that was read from `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(Some(text.into()))
    }

    /// The text; `None` if the value was not read from a store.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl PartialEq for StoredForm {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for StoredForm {}

impl fmt::Debug for StoredForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredForm")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d8_a_stored_text_is_kept_is_no_part_of_the_value_and_stands_in_no_log() {
        let stored = StoredForm::of(r#"{"cpf":"12345678909"}"#);
        assert_eq!(stored.text(), Some(r#"{"cpf":"12345678909"}"#));
        assert_eq!(StoredForm::default().text(), None);
        assert_eq!(stored, StoredForm::default());
        assert_eq!(format!("{stored:?}"), "StoredForm");
    }
}
