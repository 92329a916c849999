//! Answers that cannot be read.

use std::fmt;

/// Why an answer is none: nothing of it may leave, however tolerant the institution is. Says nothing of what is in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unreadable {
    /// Not UTF-8.
    Utf8,
    /// Not JSON from this byte on.
    Json(usize),
    /// A number at this byte that no double holds.
    Number(usize),
    /// Objects and lists within each other, deeper than any answer.
    Depth,
    /// A name twice in one object: readers do not agree which of them counts. Its second place.
    Twice(usize),
    /// No `data`.
    NoData,
    /// It says that it is about another product than the one it was asked about. The place.
    OtherProduct(usize),
    /// A record is about somebody else than the customer of the consent.
    OtherCustomer,
    /// `data` is an object where the file has a list, or the other way round.
    Data,
    /// `meta`, or `totalRecords` within it, is not what it should be.
    Meta,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Utf8 => f.write_str("not UTF-8"),
            Self::Json(at) => write!(f, "not JSON at byte {at}"),
            Self::Number(at) => write!(f, "a number out of range at byte {at}"),
            Self::Depth => f.write_str("too deep"),
            Self::Twice(at) => write!(f, "a name twice, at byte {at}"),
            Self::NoData => f.write_str("no data"),
            Self::OtherProduct(at) => write!(f, "about another product, at byte {at}"),
            Self::OtherCustomer => f.write_str("about another customer"),
            Self::Data => f.write_str("data of the wrong type"),
            Self::Meta => f.write_str("meta or totalRecords of the wrong type"),
        }
    }
}

impl std::error::Error for Unreadable {}
