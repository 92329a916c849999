//! Values of attributes, and when two of them are the same (RFC 4517 section 4.2.11, RFC 4518).

use x509_parser::asn1_rs::{Any, Class, FromBer as _, Tag, ToDer as _, Utf8String};

/// A value, compared by its content and not by its encoding.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// A text; `encoded` where it came in an encoding.
    Text { text: String, encoded: Option<Vec<u8>> },
    /// Something that is no text, in DER.
    Opaque(Vec<u8>),
}

impl Value {
    /// Written down as text.
    pub(super) fn of_text(text: String) -> Self {
        Self::Text { text, encoded: None }
    }

    /// Written down as the hexadecimal form of its BER (RFC 4514 section 2.4); `None` for anything else.
    pub(super) fn of_ber(bytes: &[u8]) -> Option<Self> {
        let (rest, any) = Any::from_ber(bytes).ok()?;
        if rest.is_empty() { Self::of_asn1(&any) } else { None }
    }

    /// As it stands in a certificate.
    pub(super) fn of_asn1(any: &Any<'_>) -> Option<Self> {
        let encoded = any.to_der_vec().ok()?;
        Some(match text_of(any) {
            Some(text) => Self::Text { text, encoded: Some(encoded) },
            None => Self::Opaque(encoded),
        })
    }

    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text { text, .. } => Some(text),
            Self::Opaque(_) => None,
        }
    }

    /// DER: the encoding it came in, else UTF8String.
    pub(super) fn der(&self) -> Vec<u8> {
        match self {
            Self::Text { encoded: Some(der), .. } | Self::Opaque(der) => der.clone(),
            Self::Text { text, encoded: None } => Utf8String::new(text).to_der_vec().unwrap_or_default(),
        }
    }

    /// `caseIgnoreMatch` for texts, the same bytes for anything else.
    pub(super) fn matches(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text { text, .. }, Self::Text { text: other, .. }) => prepared(text) == prepared(other),
            (Self::Opaque(own), Self::Opaque(other)) => own == other,
            _ => false,
        }
    }
}

/// The text of a string type. T61String is not read: its characters are ambiguous.
fn text_of(any: &Any<'_>) -> Option<String> {
    if any.class() != Class::Universal || any.header.is_constructed() {
        return None;
    }
    let bytes = any.as_bytes();
    match any.tag() {
        Tag::Utf8String => std::str::from_utf8(bytes).ok().map(str::to_owned),
        Tag::PrintableString | Tag::Ia5String | Tag::NumericString | Tag::VisibleString => {
            std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii()).map(str::to_owned)
        }
        Tag::BmpString => {
            let (units, rest) = bytes.as_chunks::<2>();
            let units: Vec<u16> = units.iter().map(|unit| u16::from_be_bytes(*unit)).collect();
            if rest.is_empty() { String::from_utf16(&units).ok() } else { None }
        }
        Tag::UniversalString => {
            let (points, rest) = bytes.as_chunks::<4>();
            let points = points.iter().map(|point| char::from_u32(u32::from_be_bytes(*point)));
            if rest.is_empty() { points.collect() } else { None }
        }
        _ => None,
    }
}

/// The preparation of RFC 4518: case folded, characters without a meaning dropped, runs of blanks made one and those
/// at the ends none. Texts that differ in Unicode normalisation only stay different; the certificate standard has no
/// letters with marks.
fn prepared(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_ignored(character) {
            out.extend(character.to_lowercase());
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// Mapped to nothing by RFC 4518 section 2.2.
fn is_ignored(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{34f}' | '\u{1806}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2063}' | '\u{206a}'..='\u{206f}'
                | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffc}'
        )
}
