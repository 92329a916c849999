//! The text form of RFC 4514: read leniently where its predecessors were (blanks around separators), written strictly.

use std::fmt;
use std::iter::Peekable;
use std::str::Chars;

use super::attribute::AttributeType;
use super::fault::DnFault;
use super::rdn::{RDNS_MAX, Rdn};
use super::value::Value;

/// Characters that a value has only behind a backslash (RFC 4514 section 3).
const ESCAPED: [char; 8] = ['"', '+', ',', ';', '<', '>', '\\', '\0'];
/// Characters that a backslash may also stand before.
const ESCAPABLE: [char; 3] = [' ', '#', '='];

/// Characters that end a value.
enum End {
    /// `+`: the RDN goes on.
    Attribute,
    /// `,`: the next RDN.
    Rdn,
    /// The end of the text.
    Text,
}

/// The RDNs in the order of the text.
pub(super) fn read(text: &str) -> Result<Vec<Rdn>, DnFault> {
    let mut rest = text.chars().peekable();
    let mut rdns = Vec::new();
    let mut rdn = Rdn::default();
    loop {
        let kind = attribute_type(&mut rest)?;
        let (value, end) = attribute_value(&mut rest)?;
        rdn.add(kind, value)?;
        if matches!(end, End::Attribute) {
            continue;
        }
        if rdns.len() == RDNS_MAX {
            return Err(DnFault::TooLong);
        }
        rdns.push(std::mem::take(&mut rdn));
        if matches!(end, End::Text) {
            return Ok(rdns);
        }
    }
}

fn attribute_type(rest: &mut Peekable<Chars<'_>>) -> Result<AttributeType, DnFault> {
    let mut name = String::new();
    loop {
        match rest.next() {
            Some('=') => break,
            Some(character) if character.is_ascii_alphanumeric() || ".- ".contains(character) => {
                name.push(character);
            }
            _ => return Err(DnFault::Malformed),
        }
    }
    let name = name.trim_matches(' ');
    if name.is_empty() || name.contains(' ') {
        return Err(DnFault::Malformed);
    }
    AttributeType::parse(name).ok_or(DnFault::UnknownAttribute)
}

fn attribute_value(rest: &mut Peekable<Chars<'_>>) -> Result<(Value, End), DnFault> {
    while rest.next_if_eq(&' ').is_some() {}
    if rest.next_if_eq(&'#').is_some() {
        return hexadecimal(rest);
    }
    let mut bytes = Vec::new();
    // Blanks at the end count only behind a backslash.
    let mut significant = 0;
    let end = loop {
        match rest.next() {
            None => break End::Text,
            Some(',') => break End::Rdn,
            Some('+') => break End::Attribute,
            Some('\\') => {
                escaped(rest, &mut bytes)?;
                significant = bytes.len();
            }
            Some(character) if ESCAPED.contains(&character) => return Err(DnFault::Malformed),
            Some(character) => {
                bytes.extend(character.encode_utf8(&mut [0; 4]).bytes());
                if character != ' ' {
                    significant = bytes.len();
                }
            }
        }
    };
    bytes.truncate(significant);
    let text = String::from_utf8(bytes).map_err(|_| DnFault::Malformed)?;
    Ok((Value::of_text(text), end))
}

/// A quoted pair: a backslash before a special character, or before two hexadecimal digits of one byte of UTF-8.
fn escaped(rest: &mut Peekable<Chars<'_>>, bytes: &mut Vec<u8>) -> Result<(), DnFault> {
    match rest.next() {
        Some(character) if ESCAPED[..7].contains(&character) || ESCAPABLE.contains(&character) => {
            bytes.extend(character.encode_utf8(&mut [0; 4]).bytes());
            Ok(())
        }
        Some(high) => {
            bytes.push(byte(high, rest.next())?);
            Ok(())
        }
        None => Err(DnFault::Malformed),
    }
}

fn hexadecimal(rest: &mut Peekable<Chars<'_>>) -> Result<(Value, End), DnFault> {
    let mut bytes = Vec::new();
    let end = loop {
        match rest.next() {
            None => break End::Text,
            Some(',') => break End::Rdn,
            Some('+') => break End::Attribute,
            // Only blanks before the next separator.
            Some(' ') if rest.peek().is_none_or(|next| " ,+".contains(*next)) => {}
            Some(high) => bytes.push(byte(high, rest.next())?),
        }
    };
    Value::of_ber(&bytes).map(|value| (value, end)).ok_or(DnFault::Malformed)
}

fn byte(high: char, low: Option<char>) -> Result<u8, DnFault> {
    let digit = |digit: char| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let low = low.and_then(digit).ok_or(DnFault::Malformed)?;
    let high = digit(high).ok_or(DnFault::Malformed)?;
    Ok(high << 4 | low)
}

/// One RDN.
pub(super) fn write(attributes: &[(AttributeType, Value)], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (position, (kind, value)) in attributes.iter().enumerate() {
        if position > 0 {
            f.write_str("+")?;
        }
        match (kind.descriptor(), value.text()) {
            (Some(name), Some(text)) => {
                write!(f, "{name}=")?;
                write_text(text, f)?;
            }
            (name, _) => {
                write!(f, "{}=#", name.unwrap_or(kind.oid()))?;
                value.der().iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
            }
        }
    }
    Ok(())
}

fn write_text(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let last = text.chars().count().saturating_sub(1);
    for (position, character) in text.chars().enumerate() {
        let at_an_end = character == ' ' && (position == 0 || position == last);
        if character == '\0' {
            f.write_str("\\00")?;
        } else if ESCAPED.contains(&character) || at_an_end || character == '#' && position == 0 {
            write!(f, "\\{character}")?;
        } else {
            write!(f, "{character}")?;
        }
    }
    Ok(())
}
