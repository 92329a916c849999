//! The headers of a call, read one by one.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::member::Member;

/// Headers by name. A name that is no text is left out; a value that is no header value has none, but its name is there.
#[derive(Default)]
pub(crate) struct Headers(Vec<(String, Option<String>)>);

impl Headers {
    /// Value of a header, if it is there and readable: visible ASCII, spaces and tabs.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.find(name)?.as_deref()
    }

    /// Whether a header is there, readable or not.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn find(&self, name: &str) -> Option<&Option<String>> {
        // Names come in any case. Of two spellings of one name the last counts, as with any JSON object.
        self.0.iter().rfind(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// A value that every reader may compare and pass on (RFC 9110 section 5.5, without `obs-text`).
fn is_readable(value: &str) -> bool {
    value.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte))
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(HeadersVisitor)
    }
}

struct HeadersVisitor;

impl<'de> Visitor<'de> for HeadersVisitor {
    type Value = Headers;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("headers")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Headers, M::Error> {
        let mut headers = Vec::with_capacity(16);
        while let Some((name, value)) = map.next_entry::<&'de RawValue, &'de RawValue>()? {
            let Some(name) = Member::of(name).read::<String>() else { continue };
            let value = Member::of(value).read::<String>().filter(|value| is_readable(value));
            headers.push((name, value));
        }
        Ok(Headers(headers))
    }
}
