//! The audience of a token.

use serde::{Deserialize, Deserializer};

/// Most audiences read of one token.
const AUDIENCES_MAX: usize = 10;

/// `aud`: one text or a list of them (RFC 7519 section 4.1.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Audience(Vec<String>);

impl Audience {
    pub(super) fn contains(&self, expected: &str) -> bool {
        self.0.iter().any(|audience| audience == expected)
    }
}

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum OneOrMany {
            One(String),
            Many(Vec<String>),
        }
        let audiences = match OneOrMany::deserialize(deserializer)? {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        };
        if audiences.is_empty() || audiences.len() > AUDIENCES_MAX {
            return Err(serde::de::Error::custom("number of audiences"));
        }
        Ok(Self(audiences))
    }
}
