//! The text of a key, `ponte_<id>_<secret>`, and the id in it.

use std::fmt;

use ponte_values::Invalid;
use serde::{Deserialize, Serialize};

/// Marks a key, so that scanners of repositories and logs find one that was left lying about.
const PREFIX: &str = "ponte_";
const ID_DIGITS: usize = 16;
/// 256 bits in base64url.
const SECRET_CHARACTERS: usize = 43;

/// The id of a key: 16 lower-case hexadecimal digits. Not secret.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ApiKeyId(String);

impl ApiKeyId {
    /// Reads one.
    ///
    /// # Errors
    /// When it is not 16 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if text.len() == ID_DIGITS && digits {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid("id of an API key"))
        }
    }

    /// A fresh one from a fresh UUID: its last 16 digits, 62 random bits.
    ///
    /// # Errors
    /// When `uuid` is not a UUID.
    pub fn from_uuid(uuid: &str) -> Result<Self, Invalid> {
        let digits: String = uuid.chars().filter(|digit| *digit != '-').collect();
        let last = digits.len().checked_sub(ID_DIGITS).and_then(|start| digits.get(start..));
        Self::parse(last.unwrap_or_default())
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text of the key with this secret, to be shown once.
    #[must_use]
    pub fn with_secret(&self, secret: &str) -> String {
        format!("{PREFIX}{}_{secret}", self.0)
    }
}

/// Id and secret in the text of a key; `None` if it does not have the form of one.
#[must_use]
pub fn parse(text: &str) -> Option<(ApiKeyId, &str)> {
    let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let base64url = secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if secret.len() != SECRET_CHARACTERS || !base64url {
        return None;
    }
    Some((ApiKeyId::parse(id).ok()?, secret))
}

/// Whether a text holds the beginning of a key: it may be one that was pasted with more or less than it has.
#[must_use]
pub fn resembles(text: &str) -> bool {
    text.contains(PREFIX)
}

impl From<ApiKeyId> for String {
    fn from(id: ApiKeyId) -> Self {
        id.0
    }
}

impl TryFrom<String> for ApiKeyId {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl fmt::Display for ApiKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
