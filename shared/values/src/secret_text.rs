//! Secret texts: cleared from memory when dropped, shown as `…` in `Debug`.

use std::fmt;

use serde::Deserialize;
use zeroize::Zeroizing;

/// A key, a credential or a token as text.
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
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
    fn t44_a_secret_is_shown_as_dots() {
        let secret: SecretText = serde_json::from_str("\"credencial-inventada\"").unwrap();
        assert_eq!(secret.expose(), "credencial-inventada");
        assert_eq!(format!("{secret:?}"), "\"…\"");
    }
}
