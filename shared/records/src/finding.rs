//! What an answer breaks: where, which rule, how often. Never a value.

use std::fmt::{self, Write as _};

use crate::path::Path;

/// Most kinds of findings that are kept of one answer.
pub const MOST_KINDS: usize = 32;

/// The rule that a field broke.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Rule {
    /// It must be there and is not.
    Missing,
    /// `null`, and may not be.
    Null,
    /// Another type.
    Type,
    /// Too short or too long.
    Length,
    /// Another form.
    Pattern,
    /// None of its words.
    Enum,
    /// A day or a point in time that is none, or is written in another way.
    Date,
    /// A number too small, too large or not whole.
    Range,
    /// Too few or too many items.
    Items,
    /// The file does not name it. It was left out, so what left keeps to the file.
    Unknown,
    /// A product that is not under the consent. It was left out.
    Foreign,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 11] = [
        Self::Missing,
        Self::Null,
        Self::Type,
        Self::Length,
        Self::Pattern,
        Self::Enum,
        Self::Date,
        Self::Range,
        Self::Items,
        Self::Unknown,
        Self::Foreign,
    ];

    /// Its word in logs and counts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Null => "null",
            Self::Type => "type",
            Self::Length => "length",
            Self::Pattern => "pattern",
            Self::Enum => "enum",
            Self::Date => "date",
            Self::Range => "range",
            Self::Items => "items",
            Self::Unknown => "unknown",
            Self::Foreign => "foreign",
        }
    }

    /// Whether what leaves breaks the standard by it; what was left out does not leave.
    const fn breaks_the_standard(self) -> bool {
        !matches!(self, Self::Unknown | Self::Foreign)
    }
}

/// How often a field broke a rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The field, without indices: `data[].transactionAmount.amount`.
    pub path: String,
    /// The rule.
    pub rule: Rule,
    /// How often.
    pub count: u64,
}

/// The findings of one answer.
#[derive(Default, Debug)]
pub struct Findings {
    kinds: Vec<Finding>,
    others: Others,
    /// Of the record that is read, what was noted where; it may turn out to be left out.
    noted: Option<Vec<usize>>,
    others_before: Others,
    path: String,
}

/// Findings of further kinds than are kept.
#[derive(Clone, Copy, Default, Debug)]
struct Others {
    /// Of these, what leaves breaks the standard.
    breaking: u64,
    harmless: u64,
}

impl Findings {
    /// The kinds that were kept, in the order in which they were found.
    #[must_use]
    pub fn kinds(&self) -> &[Finding] {
        &self.kinds
    }

    /// How many findings were of further kinds.
    #[must_use]
    pub const fn others(&self) -> u64 {
        self.others.breaking + self.others.harmless
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty() && self.others() == 0
    }

    /// Whether what leaves breaks the standard; what was left out has not left.
    #[must_use]
    pub fn break_the_standard(&self) -> bool {
        self.others.breaking > 0 || self.kinds.iter().any(|finding| finding.rule.breaks_the_standard())
    }

    pub(crate) fn note(&mut self, path: &Path<'_>, rule: Rule) {
        self.path.clear();
        // Writing into a `String` cannot fail.
        let _ = write!(self.path, "{path}");
        let known = self.kinds.iter().position(|kind| kind.rule == rule && kind.path == self.path);
        let at = match known {
            Some(at) => at,
            None if self.kinds.len() == MOST_KINDS && rule.breaks_the_standard() => {
                return self.others.breaking += 1;
            }
            None if self.kinds.len() == MOST_KINDS => return self.others.harmless += 1,
            None => {
                self.kinds.push(Finding { path: self.path.clone(), rule, count: 0 });
                self.kinds.len() - 1
            }
        };
        self.kinds[at].count += 1;
        if let Some(noted) = &mut self.noted {
            noted.push(at);
        }
    }

    /// A record begins that may be taken back.
    pub(crate) fn begin(&mut self) {
        self.noted.get_or_insert_default().clear();
        self.others_before = self.others;
    }

    /// Takes back what was noted since the record began.
    pub(crate) fn take_back(&mut self) {
        for at in self.noted.iter_mut().flat_map(|noted| noted.drain(..)) {
            self.kinds[at].count -= 1;
        }
        self.kinds.retain(|kind| kind.count > 0);
        self.others = self.others_before;
    }
}

/// `data[].type enum 3, data[].number missing 1`: one line of bounded length.
impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, Finding { path, rule, count }) in self.kinds.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            write!(f, "{comma}{path} {} {count}", rule.as_str())?;
        }
        if self.others() > 0 { write!(f, ", and {} more", self.others()) } else { Ok(()) }
    }
}
