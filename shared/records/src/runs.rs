//! What leaves of a text: copied in runs that are as long as they are, without the parts that do not.

use std::fmt::Write as _;

use crate::scan::plain_until;

/// A text and what left of it so far.
pub(crate) struct Runs<'a> {
    text: &'a str,
    out: String,
    /// What stands before has left, or will not.
    copied: usize,
}

impl<'a> Runs<'a> {
    /// Nothing before `start` leaves.
    pub(crate) fn new(text: &'a str, start: usize) -> Self {
        Self { text, out: String::with_capacity(text.len() - start), copied: start }
    }

    /// What is left out from `from` to `to`. Nothing before `from` is.
    #[inline]
    pub(crate) fn cut(&mut self, from: usize, to: usize) {
        if self.copied < from {
            self.out.push_str(&self.text[self.copied..from]);
        }
        self.copied = self.copied.max(to);
    }

    /// A member of an object or list begins at `from`, with its comma, which has no place before the first that leaves.
    #[inline]
    pub(crate) fn begin_member(&mut self, from: usize, first: bool) {
        if first && self.text.as_bytes().get(from) == Some(&b',') {
            self.cut(from, from + 1);
        }
    }

    /// Writes instead of what was left out last.
    pub(crate) fn write(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Writes a text as JSON.
    pub(crate) fn write_text(&mut self, text: &str) {
        self.out.push('"');
        if plain_until(text.as_bytes(), 0) == text.len() {
            self.out.push_str(text);
        } else {
            text.chars().for_each(|character| self.write_escaped(character));
        }
        self.out.push('"');
    }

    fn write_escaped(&mut self, character: char) {
        match character {
            '"' | '\\' => self.out.extend(['\\', character]),
            control if control < ' ' => {
                // Writing into a `String` cannot fail.
                let _ = write!(self.out, "\\u{:04x}", u32::from(control));
            }
            plain => self.out.push(plain),
        }
    }

    /// The place to go back to if what stands from `from` on turns out not to leave.
    pub(crate) fn mark(&mut self, from: usize) -> usize {
        self.cut(from, from);
        self.out.len()
    }

    /// What was written since does not leave.
    pub(crate) fn go_back(&mut self, mark: usize) {
        self.out.truncate(mark);
    }

    /// All that leaves of what stands before `end`.
    pub(crate) fn finish(mut self, end: usize) -> String {
        self.cut(end, end);
        self.out
    }
}
