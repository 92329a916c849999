//! DER by elements: a reader over bytes from outside, and the few elements that a question is written of.

use x509_parser::asn1_rs::{Any, Class, FromDer as _};

use super::fault::StatementFault;

pub(super) const INTEGER: u32 = 2;
pub(super) const BIT_STRING: u32 = 3;
pub(super) const OCTET_STRING: u32 = 4;
pub(super) const OBJECT_IDENTIFIER: u32 = 6;
pub(super) const BOOLEAN: u32 = 1;
pub(super) const ENUMERATED: u32 = 10;
pub(super) const SEQUENCE: u32 = 16;
pub(super) const GENERALIZED_TIME: u32 = 24;

/// One element.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    class: Class,
    tag: u32,
    /// Without tag and length.
    pub(super) content: &'a [u8],
    /// With them.
    pub(super) raw: &'a [u8],
}

impl<'a> Element<'a> {
    /// The only element in `bytes`.
    pub(super) fn only(bytes: &'a [u8]) -> Result<Self, StatementFault> {
        let mut reader = Reader(bytes);
        let element = reader.next()?;
        if reader.is_empty() { Ok(element) } else { Err(StatementFault::Malformed) }
    }

    pub(super) fn is(&self, tag: u32) -> bool {
        self.class == Class::Universal && self.tag == tag
    }

    /// Whether the element has the context-specific tag `[tag]`.
    pub(super) fn is_tagged(&self, tag: u32) -> bool {
        self.class == Class::ContextSpecific && self.tag == tag
    }

    /// The elements inside.
    pub(super) fn inside(&self) -> Reader<'a> {
        Reader(self.content)
    }

    /// The bytes of a BIT STRING of whole bytes.
    pub(super) fn bits(&self) -> Result<&'a [u8], StatementFault> {
        match (self.is(BIT_STRING), self.content.split_first()) {
            (true, Some((0, bytes))) => Ok(bytes),
            _ => Err(StatementFault::Malformed),
        }
    }
}

/// Elements, one after another.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// No elements.
    pub(super) const EMPTY: Self = Self(&[]);

    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn next(&mut self) -> Result<Element<'a>, StatementFault> {
        let (rest, any) = Any::from_der(self.0).map_err(|_| StatementFault::Malformed)?;
        let raw = self.0.get(..self.0.len() - rest.len()).unwrap_or_default();
        self.0 = rest;
        Ok(Element { class: any.class(), tag: any.tag().0, content: any.data, raw })
    }

    /// The next element, which has the universal tag `tag`.
    pub(super) fn take(&mut self, tag: u32) -> Result<Element<'a>, StatementFault> {
        let element = self.next()?;
        if element.is(tag) { Ok(element) } else { Err(StatementFault::Malformed) }
    }

    /// The next element, if it has the context-specific tag `[tag]`.
    pub(super) fn optional(&mut self, tag: u32) -> Result<Option<Element<'a>>, StatementFault> {
        let mut ahead = *self;
        if self.is_empty() {
            return Ok(None);
        }
        let element = ahead.next()?;
        if !element.is_tagged(tag) {
            return Ok(None);
        }
        *self = ahead;
        Ok(Some(element))
    }
}

/// An element of one tag byte around `content`.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut bytes = vec![tag];
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => bytes.push(short),
        _ => {
            let long = length.to_be_bytes();
            let start = long.iter().position(|byte| *byte != 0).unwrap_or(0);
            // At most eight bytes of length.
            bytes.push(0x80 | u8::try_from(long.len() - start).unwrap_or(0));
            bytes.extend_from_slice(&long[start..]);
        }
    }
    bytes.extend_from_slice(content);
    bytes
}

/// A SEQUENCE of `parts`.
pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_as_x690_has_them() {
        for (length, head) in [
            (0, &[4, 0][..]),
            (127, &[4, 127]),
            (128, &[4, 0x81, 128]),
            (255, &[4, 0x81, 255]),
            (256, &[4, 0x82, 1, 0]),
        ] {
            let written = element(4, &vec![7; length]);
            assert_eq!(&written[..head.len()], head);
            let read = Element::only(&written).unwrap();
            assert!(read.is(OCTET_STRING) && read.content.len() == length && read.raw == written);
        }
    }

    #[test]
    fn a_tag_is_of_one_class_and_a_bit_string_of_whole_bytes() {
        for (bytes, universal, specific) in
            [([0x30, 0], true, false), ([0xb0, 0], false, true), ([0x70, 0], false, false)]
        {
            let element = Element::only(&bytes).unwrap();
            assert_eq!((element.is(SEQUENCE), element.is_tagged(SEQUENCE)), (universal, specific));
            assert!(!element.is(SEQUENCE + 1) && !element.is_tagged(SEQUENCE + 1));
        }
        let bits = |bytes| Element::only(bytes).unwrap().bits();
        assert_eq!(bits(&[3, 3, 0, 7, 8]), Ok(&[7, 8][..]));
        for bad in [&[3, 2, 1, 6][..], &[3, 0], &[4, 2, 0, 7]] {
            assert_eq!(bits(bad), Err(StatementFault::Malformed), "{bad:?}");
        }
    }

    #[test]
    fn what_is_cut_off_or_goes_on_is_not_an_element() {
        for bad in [&[][..], &[4], &[4, 2, 1], &[4, 1, 1, 0], &[4, 0x80, 0, 0]] {
            assert!(Element::only(bad).is_err(), "{bad:?}");
        }
    }
}
