//! What an OpenAPI file says of the fields of an answer, as tables.
//!
//! A table is a `static` of literals; the functions here are shorthand for its leaves.

pub use crate::calendar::Precision;
use crate::pattern::Pattern;

/// No bound: of a length, or of a number of items.
pub const UNBOUNDED: u32 = u32::MAX;

/// What `data` of an answer is: an object, or a list of records.
pub type Schema = Kind;

/// A property of an object.
#[derive(Debug)]
pub struct Field {
    /// Name on the wire.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it may be `null`.
    pub nullable: bool,
    /// What its value is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A text.
    Text(Text),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A day of the calendar, `YYYY-MM-DD`.
    Date,
    /// A point in time in UTC that exists.
    Moment(Precision),
    /// A number.
    Number(Number),
    /// `true` or `false`.
    Boolean,
    /// An object.
    Object(&'static Object),
    /// A list.
    List(&'static List),
}

/// An object and the properties it may have: 64 at most.
#[derive(Debug)]
pub struct Object {
    /// The properties, in the order of the file.
    pub fields: &'static [Field],
    /// Whether the file forbids all others (`additionalProperties: false`). They are left out in either case.
    pub closed: bool,
}

/// A list of values of one kind.
#[derive(Debug)]
pub struct List {
    /// What each is.
    pub item: Kind,
    /// Fewest items.
    pub least: u32,
    /// Most items, or `UNBOUNDED`.
    pub most: u32,
}

/// Bounds of a text, in characters, and its form.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// Fewest characters.
    pub least: u32,
    /// Most characters, or `UNBOUNDED`.
    pub most: u32,
    /// Its form; `None` where every text will do.
    pub pattern: Option<Pattern>,
}

/// Bounds of a number, both within it.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    /// Smallest, or `i64::MIN` for none.
    pub least: i64,
    /// Largest, or `i64::MAX` for none.
    pub most: i64,
    /// Whether it must be whole.
    pub whole: bool,
}

/// A property that must be there.
#[must_use]
pub const fn required(name: &'static str, kind: Kind) -> Field {
    Field { name, required: true, nullable: false, kind }
}

/// A property that may be absent.
#[must_use]
pub const fn optional(name: &'static str, kind: Kind) -> Field {
    Field { name, required: false, nullable: false, kind }
}

impl Field {
    /// The same property, which may be `null`.
    #[must_use]
    pub const fn or_null(self) -> Self {
        Self { name: self.name, required: self.required, nullable: true, kind: self.kind }
    }
}

/// Any text of `least` to `most` characters.
#[must_use]
pub const fn text(least: u32, most: u32) -> Kind {
    Kind::Text(Text { least, most, pattern: None })
}

/// A text of this form, of `least` to `most` characters.
#[must_use]
pub const fn matching(pattern: Pattern, least: u32, most: u32) -> Kind {
    Kind::Text(Text { least, most, pattern: Some(pattern) })
}

/// A number up to `most`.
#[must_use]
pub const fn number(most: i64) -> Kind {
    Kind::Number(Number { least: i64::MIN, most, whole: false })
}

/// A whole number from `least` to `most`.
#[must_use]
pub const fn whole(least: i64, most: i64) -> Kind {
    Kind::Number(Number { least, most, whole: true })
}
