//! The short code that a customer types into a phone, in place of reading a QR code.

use std::fmt;

use ponte_values::Invalid;

/// Digits and letters without I, L, O and U: none is taken for another, and no word comes of them.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters of a code.
const LENGTH: usize = 8;

/// Eight characters of five bits. It stands for an interaction while its session lasts, and has no `Debug` of its text.
#[derive(Clone, PartialEq, Eq)]
pub struct ShortCode(String);

impl ShortCode {
    /// The code of 40 random bits.
    #[must_use]
    pub fn of_bits(bits: [u8; 5]) -> Self {
        let number = bits.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        let symbol = |place: usize| {
            let index = usize::try_from(number >> (5 * place) & 31).unwrap_or(0);
            char::from(ALPHABET[index])
        };
        Self((0..LENGTH).rev().map(symbol).collect())
    }

    /// Reads what somebody typed: in any case, with or without the hyphen, look-alikes as what they look like.
    ///
    /// # Errors
    /// When it cannot be a code.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let invalid = Invalid("short code");
        // Longer than any way to write one: not worth reading.
        if text.len() > 2 * LENGTH {
            return Err(invalid);
        }
        let typed = text.chars().filter(|typed| !matches!(typed, '-' | ' '));
        let code = typed.map(meant).collect::<Option<String>>().ok_or(invalid)?;
        if code.len() == LENGTH { Ok(Self(code)) } else { Err(invalid) }
    }

    /// The eight characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As it is shown: `XXXX-XXXX`.
impl fmt::Display for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (front, back) = self.0.split_at(LENGTH / 2);
        write!(f, "{front}-{back}")
    }
}

impl fmt::Debug for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The symbol that a typed character stands for.
fn meant(typed: char) -> Option<char> {
    let symbol = match typed.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    u8::try_from(symbol).is_ok_and(|byte| ALPHABET.contains(&byte)).then_some(symbol)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_bits_become_eight_symbols() {
        assert_eq!(ShortCode::of_bits([0; 5]).to_string(), "0000-0000");
        assert_eq!(ShortCode::of_bits([255; 5]).to_string(), "ZZZZ-ZZZZ");
        assert_eq!(ShortCode::of_bits([0, 0, 0, 0, 33]).as_str(), "00000011");
        assert_eq!(ShortCode::of_bits([0x84, 0, 0, 0, 0]).as_str(), "GG000000");
    }

    #[test]
    fn what_is_typed_may_look_different() {
        let code = ShortCode::parse("10AB-WXYZ").unwrap();
        for typed in ["10abwxyz", "IoAB WXYZ", "l0ab-wxyz", " 10AB - WXYZ "] {
            assert_eq!(ShortCode::parse(typed).as_ref(), Ok(&code), "{typed}");
        }
        assert_eq!(ShortCode::parse(&code.to_string()).unwrap(), code);
        for wrong in ["", "10ABWXY", "10ABWXYZ0", "10ABWXYU", "10AB_WXYZ", "1éABWXYZ", &"-".repeat(17)] {
            assert_eq!(ShortCode::parse(wrong), Err(Invalid("short code")), "{wrong}");
        }
    }

    #[test]
    fn what_is_longer_than_any_way_to_write_a_code_is_not_read() {
        let spaced = "1-0-A-B-W-X-Y-Z-";
        assert_eq!(ShortCode::parse(spaced), ShortCode::parse("10AB-WXYZ"));
        assert_eq!(ShortCode::parse(&format!("{spaced}-")), Err(Invalid("short code")));
    }

    #[test]
    fn a_code_does_not_show_itself_to_a_log() {
        assert_eq!(format!("{:?}", ShortCode::of_bits([7; 5])), "***");
    }
}
