//! endToEndId: the name of a Pix in the whole payment system.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::invalid::Invalid;
use crate::moment::{Date, Moment};

/// 32 characters: `E`, the ISPB of who made it, `YYYYMMDDhhmm` in UTC, and 11 letters or digits (P51). Kept letter by letter.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct EndToEndId(String);

impl EndToEndId {
    /// Reads an id whose time exists: there is no 31 November (PB-E01).
    ///
    /// # Errors
    /// Any other text.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fault = Invalid("endToEndId");
        let ispb = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        let valid = text.len() == 32
            && text.is_ascii()
            && text.starts_with('E')
            && text[1..9].bytes().all(ispb)
            && text[9..21].bytes().all(|byte| byte.is_ascii_digit())
            && text[21..].bytes().all(|byte| byte.is_ascii_alphanumeric())
            && moment_of(&text[9..21]).is_some();
        if valid { Ok(Self(text.to_owned())) } else { Err(fault) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// ISPB of the participant that made it.
    #[must_use]
    pub fn ispb(&self) -> &str {
        &self.0[1..9]
    }

    /// The time in it.
    #[must_use]
    pub fn moment(&self) -> Moment {
        moment_of(&self.0[9..21]).unwrap_or(Moment::from_millis(0))
    }

    /// The day in it, in UTC: of a scheduled payment the day of its settlement (P51).
    #[must_use]
    pub fn date(&self) -> Date {
        self.moment().date_utc()
    }
}

/// `YYYYMMDDhhmm` in UTC.
fn moment_of(text: &str) -> Option<Moment> {
    let (date, time) = text.split_at_checked(8)?;
    let (year, month, day) = (date.get(..4)?, date.get(4..6)?, date.get(6..)?);
    let (hour, minute) = time.split_at_checked(2)?;
    Moment::parse(&format!("{year}-{month}-{day}T{hour}:{minute}:00Z")).ok()
}

impl TryFrom<String> for EndToEndId {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl fmt::Display for EndToEndId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EndToEndId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p51_an_id_has_its_parts_and_comes_back_letter_for_letter() {
        let text = "E0009990A202612010130PonteCase01";
        let id = EndToEndId::parse(text).unwrap();
        assert_eq!([id.as_str(), &id.to_string(), &format!("{id:?}")], [text; 3]);
        assert_eq!((id.ispb(), id.moment().to_string().as_str()), ("0009990A", "2026-12-01T01:30:00Z"));
        assert_eq!(id.date().to_string(), "2026-12-01");
    }

    #[test]
    fn p51_a_time_that_does_not_exist_is_none() {
        for wrong in [
            "E99000123202611310130PonteCase01",
            "E99000123202602300130PonteCase01",
            "E99000123202612012430PonteCase01",
            "E99000123202612010160PonteCase01",
            "e99000123202612010130PonteCase01",
            "E9900012a202612010130PonteCase01",
            "E99000123202612010130PonteCase0",
            "E99000123202612010130PonteCase012",
            "E99000123202612010130PonteCase-1",
            "",
        ] {
            assert_eq!(EndToEndId::parse(wrong), Err(Invalid("endToEndId")), "{wrong}");
        }
    }
}
