//! The way to a field, from `data` on.

use std::fmt;

/// A field and what it lies in.
#[derive(Clone, Copy)]
pub(crate) struct Path<'a> {
    within: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Property(&'a str),
    /// A property whose name the institution made up; it may be somebody's number, address or name.
    Unknown,
    Item,
}

impl<'a> Path<'a> {
    pub(crate) const DATA: Self = Self { within: None, step: Step::Property("data") };

    pub(crate) const fn property(&'a self, name: &'a str) -> Self {
        Self { within: Some(self), step: Step::Property(name) }
    }

    pub(crate) const fn unknown(&'a self) -> Self {
        Self { within: Some(self), step: Step::Unknown }
    }

    /// Whether it is `data` itself or a record of it.
    pub(crate) const fn is_record(&self) -> bool {
        match (self.within, self.step) {
            (None, _) => true,
            (Some(within), Step::Item) => within.within.is_none(),
            _ => false,
        }
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
            Step::Unknown => f.write_str(".?"),
            Step::Item => f.write_str("[]"),
        }
    }
}
