//! The way to a field, from `data` on.

use std::fmt;

/// Longest name of a property that the files do not know.
const LONGEST_NAME: usize = 40;

/// A field and what it lies in.
#[derive(Clone, Copy)]
pub(crate) struct Path<'a> {
    within: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Property(&'a str),
    /// A property whose name the institution made up.
    Unknown(&'a str),
    Item,
}

impl<'a> Path<'a> {
    pub(crate) const DATA: Self = Self { within: None, step: Step::Property("data") };

    pub(crate) const fn property(&'a self, name: &'a str) -> Self {
        Self { within: Some(self), step: Step::Property(name) }
    }

    pub(crate) const fn unknown(&'a self, name: &'a str) -> Self {
        Self { within: Some(self), step: Step::Unknown(name) }
    }

    pub(crate) const fn item(&'a self) -> Self {
        Self { within: Some(self), step: Step::Item }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(within) = self.within {
            within.fmt(f)?;
        }
        let dot = if self.within.is_some() { "." } else { "" };
        match self.step {
            Step::Property(name) => write!(f, "{dot}{name}"),
            // A name with digits or signs may be somebody's number or address.
            Step::Unknown(name)
                if name.len() <= LONGEST_NAME && name.bytes().all(|b| b.is_ascii_alphabetic()) =>
            {
                write!(f, ".{name}")
            }
            Step::Unknown(_) => f.write_str(".?"),
            Step::Item => f.write_str("[]"),
        }
    }
}
