//! The forms of texts that the OpenAPI files know: a closed set, each with a matcher of its own.
//!
//! A file writes them as regular expressions of ECMAScript; a test holds each matcher to the expressions it stands for.

use crate::calendar;

/// Form of a text. A pattern of a file that every text has is none; one that only bounds the length is a length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pattern {
    /// A decimal number with a point.
    Decimal(Decimal),
    /// Ends in a decimal number of 1 to 15 digits on each side of its point: `\d{1,15}\.\d{1,15}$`.
    EndsInDecimal,
    /// `^[01]\.\d{6}$`
    Share,
    /// Digits, this many at least and at most: `^\d{8,20}$`.
    Digits(u8, u8),
    /// Ends in this many digits: `\d{7}$`.
    EndsInDigits(u8),
    /// So many capitals: `^[A-Z]{3}$`.
    Capitals(u8),
    /// So many letters, digits or underscores: `^(\w{3}){1}$`.
    Word(u8),
    /// `^[0-9A-Z]{12}[0-9]{2}$`
    Cnpj,
    /// `^([0-9]{11}|[0-9A-Z]{12}[0-9]{2})$`
    CpfOrCnpj,
    /// `^[0-9A-Z]{8}$`
    Ispb,
    /// `^[A-Z]{2}([A-Z0-9]){9}\d{1}$`
    Isin,
    /// An id of the institution: `^[a-zA-Z0-9][a-zA-Z0-9-]{0,99}$`.
    Id,
    /// A UUID in either case.
    Uuid,
    /// No space at either end, and one line: `^[^\s](.*[^\s])?$`.
    Trimmed,
    /// No space at either end, two characters at least: `^[^\s][\w\W\s]*[^\s]$`.
    TrimmedLines,
    /// Begins with no space: `^\S[\s\S]*$`.
    NotIndented,
    /// A month of a year, `^(\d{4})-(1[0-2]|0?[1-9])$`.
    YearMonth,
    /// An address of electronic mail (`format: email`): something, `@`, and something, without spaces.
    Email,
}

/// A decimal number: so many digits before its point and after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decimal {
    /// Whether a minus may stand before it.
    pub signed: bool,
    /// Fewest and most digits before the point.
    pub whole: (u8, u8),
    /// Fewest and most digits after the point.
    pub part: (u8, u8),
}

impl Pattern {
    /// `^\d{a,b}\.\d{c,d}$` with `whole` (a, b) and `part` (c, d).
    #[must_use]
    pub const fn decimal(whole: (u8, u8), part: (u8, u8)) -> Self {
        Self::Decimal(Decimal { signed: false, whole, part })
    }

    /// The same with a minus before it, or without.
    #[must_use]
    pub const fn signed(whole: (u8, u8), part: (u8, u8)) -> Self {
        Self::Decimal(Decimal { signed: true, whole, part })
    }

    /// Whether a text has this form.
    #[must_use]
    pub fn matches(self, text: &str) -> bool {
        let bytes = text.as_bytes();
        match self {
            Self::Decimal(decimal) => decimal.matches(bytes),
            Self::EndsInDecimal => ends_in_decimal(bytes),
            Self::Share => {
                matches!(bytes, [b'0' | b'1', b'.', digits @ ..] if digits.len() == 6 && are_digits(digits))
            }
            Self::Digits(least, most) => is_between(bytes.len(), (least, most)) && are_digits(bytes),
            Self::EndsInDigits(count) => last(bytes, count).is_some_and(are_digits),
            Self::Capitals(count) => {
                bytes.len() == usize::from(count) && all(bytes, |byte| byte.is_ascii_uppercase())
            }
            Self::Word(count) => bytes.len() == usize::from(count) && all(bytes, is_word),
            Self::Cnpj => is_cnpj(bytes),
            Self::CpfOrCnpj => (bytes.len() == 11 && are_digits(bytes)) || is_cnpj(bytes),
            Self::Ispb => bytes.len() == 8 && all(bytes, is_capital_or_digit),
            Self::Isin => is_isin(bytes),
            Self::Id => is_id(bytes),
            Self::Uuid => is_uuid(bytes),
            Self::Trimmed => is_trimmed(text) && !text.contains(is_line_end),
            Self::TrimmedLines => is_trimmed(text) && text.chars().nth(1).is_some(),
            Self::NotIndented => text.chars().next().is_some_and(|first| !is_space(first)),
            Self::YearMonth => calendar::is_year_month(bytes),
            Self::Email => is_email(text),
        }
    }
}

impl Decimal {
    fn matches(self, text: &[u8]) -> bool {
        let digits = match text {
            [b'-', rest @ ..] if self.signed => rest,
            _ => text,
        };
        let Some(point) = digits.iter().position(|byte| !byte.is_ascii_digit()) else { return false };
        let (whole, part) = digits.split_at(point);
        let [b'.', part @ ..] = part else { return false };
        is_between(whole.len(), self.whole) && is_between(part.len(), self.part) && are_digits(part)
    }
}

fn ends_in_decimal(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let part = digits(text);
    let before = &text[..text.len() - part];
    (1..=15).contains(&part) && matches!(before, [.., last, b'.'] if last.is_ascii_digit())
}

fn is_cnpj(text: &[u8]) -> bool {
    // Most have no letters.
    text.len() == 14
        && (are_digits(text) || (all(&text[..12], is_capital_or_digit) && are_digits(&text[12..])))
}

fn is_isin(text: &[u8]) -> bool {
    text.len() == 12
        && all(&text[..2], |byte| byte.is_ascii_uppercase())
        && all(&text[2..11], is_capital_or_digit)
        && text[11].is_ascii_digit()
}

fn is_id(text: &[u8]) -> bool {
    text.len() <= 100
        && text.first().is_some_and(u8::is_ascii_alphanumeric)
        && all(text, |byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_uuid(text: &[u8]) -> bool {
    let fits = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.iter().enumerate().all(fits)
}

/// Whether a text has a first and a last character and neither is a space.
fn is_trimmed(text: &str) -> bool {
    let solid = |end: Option<char>| end.is_some_and(|character| !is_space(character));
    solid(text.chars().next()) && solid(text.chars().next_back())
}

fn is_email(text: &str) -> bool {
    let parts = text.rsplit_once('@');
    parts.is_some_and(|(who, at)| !who.is_empty() && !at.is_empty()) && !text.contains(is_space)
}

/// `\s` of ECMAScript, which differs from Unicode's white space in two characters.
fn is_space(character: char) -> bool {
    (character.is_whitespace() && character != '\u{85}') || character == '\u{feff}'
}

/// What `.` of ECMAScript does not match.
fn is_line_end(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// The last `count` bytes, if there are so many.
fn last(text: &[u8], count: u8) -> Option<&[u8]> {
    text.len().checked_sub(usize::from(count)).map(|start| &text[start..])
}

fn is_between(length: usize, (least, most): (u8, u8)) -> bool {
    usize::from(least) <= length && length <= usize::from(most)
}

fn all(text: &[u8], is: impl Fn(u8) -> bool) -> bool {
    text.iter().all(|byte| is(*byte))
}

/// Whether all are digits, eight at a time.
fn are_digits(text: &[u8]) -> bool {
    const SIXTEENS: u64 = u64::MAX / 0xFF * 0x10;
    let (eights, rest) = text.as_chunks::<8>();
    let digits = |eight: &[u8; 8]| {
        // The digits are the signs from 0x30 on that are still below 0x40 with six more.
        let word = u64::from_le_bytes(*eight);
        let is_in_thirties = |word: u64| word & (SIXTEENS * 0xF) == SIXTEENS * 3;
        is_in_thirties(word) && is_in_thirties(word + SIXTEENS / 0x10 * 6)
    };
    eights.iter().all(digits) && rest.iter().all(u8::is_ascii_digit)
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

const fn is_capital_or_digit(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}
