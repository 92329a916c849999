//! Secret texts: cleared from memory when dropped, shown as `…` in `Debug`.

use std::fmt;

use serde::Deserialize;
use zeroize::Zeroizing;

/// A key, a credential or a token as text.
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// The text of a secret as somebody wrote it down: the newline that editors put at the end is no part of it.
    #[must_use]
    pub fn written(mut text: String) -> Self {
        text.truncate(text.trim_end_matches(['\r', '\n']).len());
        Self::from(text)
    }

    /// The text itself. Only for the key it becomes or the header it goes into; never for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"…\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d6_the_newline_that_editors_write_is_no_part_of_a_secret() {
        for end in ["", "\n", "\r\n", "\n\n"] {
            let secret = SecretText::written(format!("cred encial{end}"));
            assert_eq!(secret.expose(), "cred encial");
        }
        assert_eq!(SecretText::written(" a\nb ".to_owned()).expose(), " a\nb ", "nothing else is touched");
    }

    #[test]
    fn t44_a_secret_is_shown_as_dots() {
        let secret: SecretText = serde_json::from_str("\"credencial-inventada\"").unwrap();
        assert_eq!(secret.expose(), "credencial-inventada");
        assert_eq!(format!("{secret:?}"), "\"…\"");
    }
}
