//! `x-fapi-interaction-id`: the UUID of a call, the same in the reports of both sides (S31).

use std::fmt;

use uuid::Uuid;

use crate::invalid::Invalid;

/// Id of a call: a UUID that is not all zeros (S31, M15), in the letters in which its caller wrote it: the answer and both
/// reports show it byte for byte.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct InteractionId([u8; LENGTH]);

/// Characters of the hyphenated form.
const LENGTH: usize = 36;

impl InteractionId {
    /// Reads the hyphenated form of RFC 4122 in letters of any case; the all-zero UUID is refused (M15).
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fault = Invalid("x-fapi-interaction-id");
        let written: [u8; LENGTH] = text.as_bytes().try_into().map_err(|_| fault)?;
        let uuid = Uuid::try_parse(text).map_err(|_| fault)?;
        if uuid.is_nil() { Err(fault) } else { Ok(Self(written)) }
    }

    /// The id as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // What was read is ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for InteractionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for InteractionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s31_only_hyphenated_uuids() {
        assert!(InteractionId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").is_ok());
        for bad in [
            "",
            "1",
            "c770aef3678441f78e0eff5f97bddb3a",
            "00000000-0000-0000-0000-000000000000",
            "{c770aef3-6784-41f7-8e0e-ff5f97bddb}",
        ] {
            assert!(InteractionId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn s31_m15_an_id_is_shown_byte_for_byte_as_it_was_written() {
        for text in [
            "c770aef3-6784-41f7-8e0e-ff5f97bddb3a",
            "C770AEF3-6784-41F7-8E0E-FF5F97BDDB3A",
            "c770AEf3-6784-41f7-8E0e-ff5F97bddb3A",
        ] {
            let id = InteractionId::parse(text).unwrap();
            assert_eq!([id.as_str(), &id.to_string(), &format!("{id:?}")], [text; 3]);
        }
    }
}
