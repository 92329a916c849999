//! JSON (RFC 8259) read token by token, without a tree.

use std::borrow::Cow;

use crate::unreadable::Unreadable;

/// Most objects and lists within each other.
const DEEPEST: u32 = 127;
/// Digits that always fit into a double.
const SAFE_DIGITS: usize = 300;

/// A place in a text.
pub(crate) struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: u32,
}

/// A text as it is written, between its quotes.
#[derive(Clone, Copy)]
pub(crate) struct Written<'a> {
    raw: &'a str,
    escaped: bool,
}

impl<'a> Written<'a> {
    /// What it says.
    #[inline]
    pub(crate) fn text(self) -> Cow<'a, str> {
        if self.escaped { Cow::Owned(unescaped(self.raw)) } else { Cow::Borrowed(self.raw) }
    }
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0, depth: 0 }
    }

    /// The next byte that is not read yet.
    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    /// The first byte of the next token, which stays unread; 0 at the end.
    #[inline]
    pub(crate) fn peek(&mut self) -> u8 {
        while let Some(byte) = self.bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return *byte;
            }
            self.at += 1;
        }
        0
    }

    /// Whether the next token is this byte, which is then read.
    #[inline]
    pub(crate) fn takes(&mut self, byte: u8) -> bool {
        let is = self.peek() == byte;
        self.at += usize::from(is);
        is
    }

    /// Where the next token begins.
    #[inline]
    pub(crate) fn next_at(&mut self) -> usize {
        self.peek();
        self.at
    }

    /// Reads the opening of an object or a list: what closes it.
    pub(crate) fn enter(&mut self, open: u8) -> Result<u8, Unreadable> {
        if !self.takes(open) {
            return Err(self.fault());
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Unreadable::Depth);
        }
        // The closing signs of ASCII stand two places after the opening ones.
        Ok(open + 2)
    }

    /// Reads the end of an object or a list, if it is next: whether it was.
    #[inline]
    pub(crate) fn leaves(&mut self, close: u8) -> bool {
        let is = self.takes(close);
        self.depth -= u32::from(is);
        is
    }

    /// Reads what stands after a member: whether another one follows.
    #[inline]
    pub(crate) fn goes_on(&mut self, close: u8) -> Result<bool, Unreadable> {
        if self.takes(b',') {
            return Ok(true);
        }
        if self.leaves(close) { Ok(false) } else { Err(self.fault()) }
    }

    /// Reads this name with its colon, if it is the next one and written plainly.
    #[inline]
    pub(crate) fn takes_name(&mut self, name: &str) -> bool {
        let end = self.at + 1 + name.len();
        let is = self.bytes.get(self.at) == Some(&b'"')
            && self.bytes.get(self.at + 1..end).is_some_and(|next| next == name.as_bytes())
            && self.bytes.get(end..end + 2) == Some(b"\":");
        if is {
            self.at = end + 2;
        }
        is
    }

    /// Reads this list, if it is next and written like this. It is one.
    pub(crate) fn takes_list(&mut self, list: &str) -> bool {
        let is = list.starts_with('[') && self.bytes[self.next_at()..].starts_with(list.as_bytes());
        self.at += if is { list.len() } else { 0 };
        is
    }

    /// Reads a name and its colon.
    pub(crate) fn name(&mut self) -> Result<Written<'a>, Unreadable> {
        if self.peek() != b'"' {
            return Err(self.fault());
        }
        let name = self.string()?;
        if self.takes(b':') { Ok(name) } else { Err(self.fault()) }
    }

    /// Reads a text; its quote is next.
    pub(crate) fn string(&mut self) -> Result<Written<'a>, Unreadable> {
        let start = self.at + 1;
        self.at = start;
        let mut escaped = false;
        loop {
            self.at = plain_until(self.bytes, self.at);
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Written { raw: &self.text[start..self.at - 1], escaped });
                }
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                _ => return Err(self.fault()),
            }
        }
    }

    /// Reads one escape, or the two of a surrogate pair.
    fn escape(&mut self) -> Result<(), Unreadable> {
        let start = self.at;
        match self.bytes.get(start + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => {
                let unit = hex(self.bytes, start + 2).ok_or(Unreadable::Json(start))?;
                let low = || {
                    let follows = self.bytes.get(start + 6..start + 8) == Some(b"\\u");
                    follows.then(|| hex(self.bytes, start + 8)).flatten()
                };
                self.at += match unit {
                    0xD800..=0xDBFF if matches!(low(), Some(0xDC00..=0xDFFF)) => 12,
                    0xD800..=0xDFFF => return Err(Unreadable::Json(start)),
                    _ => 6,
                };
            }
            _ => return Err(self.fault()),
        }
        Ok(())
    }

    /// Reads a number; a digit or a minus is next.
    pub(crate) fn number(&mut self) -> Result<&'a str, Unreadable> {
        let start = self.at;
        self.at += usize::from(self.bytes[start] == b'-');
        let whole = self.at;
        if self.digits()? > 1 && self.bytes[whole] == b'0' {
            return Err(Unreadable::Json(whole));
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        let mut scaled = false;
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            scaled = true;
            self.at += 1;
            self.at += usize::from(matches!(self.bytes.get(self.at), Some(b'+' | b'-')));
            self.digits()?;
        }
        let number = &self.text[start..self.at];
        let finite = || number.parse::<f64>().is_ok_and(f64::is_finite);
        if (scaled || number.len() > SAFE_DIGITS) && !finite() {
            return Err(Unreadable::Number(start));
        }
        Ok(number)
    }

    /// Reads one digit and more: how many.
    fn digits(&mut self) -> Result<usize, Unreadable> {
        let rest = &self.bytes[self.at..];
        let count = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        self.at += count;
        if count == 0 { Err(self.fault()) } else { Ok(count) }
    }

    /// Reads a word of the language.
    pub(crate) fn word(&mut self, word: &str) -> Result<(), Unreadable> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.fault());
        }
        self.at += word.len();
        Ok(())
    }

    /// Reads any value. What is in it is of no interest, but that it is JSON.
    pub(crate) fn skip(&mut self) -> Result<(), Unreadable> {
        match self.peek() {
            b'"' => self.string().map(drop),
            b'{' => self.members(b'{', |scanner| {
                scanner.name()?;
                scanner.skip()
            }),
            b'[' => self.members(b'[', Self::skip),
            b'-' | b'0'..=b'9' => self.number().map(drop),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => Err(self.fault()),
        }
    }

    /// Reads an object or a list, each member by `member`.
    pub(crate) fn members(
        &mut self,
        open: u8,
        mut member: impl FnMut(&mut Self) -> Result<(), Unreadable>,
    ) -> Result<(), Unreadable> {
        let close = self.enter(open)?;
        if self.leaves(close) {
            return Ok(());
        }
        loop {
            member(self)?;
            if !self.goes_on(close)? {
                return Ok(());
            }
        }
    }

    /// Reads any value: its JSON as it came, and where it begins.
    pub(crate) fn raw(&mut self) -> Result<(&'a str, usize), Unreadable> {
        let start = self.next_at();
        self.skip()?;
        Ok((&self.text[start..self.at], start))
    }

    /// Nothing but space may follow.
    pub(crate) fn end(&mut self) -> Result<(), Unreadable> {
        if self.next_at() == self.bytes.len() { Ok(()) } else { Err(self.fault()) }
    }

    /// The fault that the next byte is not what it should be.
    pub(crate) const fn fault(&self) -> Unreadable {
        Unreadable::Json(self.at)
    }
}

/// The first place from `at` on of a quote, a backslash or a control character; the end, if there is none.
#[inline]
pub(crate) fn plain_until(bytes: &[u8], at: usize) -> usize {
    const ONES: u64 = u64::MAX / 0xFF;
    const HIGH: u64 = ONES * 0x80;
    let (eights, rest) = bytes[at..].as_chunks::<8>();
    // Eight bytes at a time: a byte below a bound borrows from its high bit, and the lowest such bit is a true one.
    for (number, eight) in eights.iter().enumerate() {
        let word = u64::from_le_bytes(*eight);
        let (quote, backslash) = (word ^ (ONES * 0x22), word ^ (ONES * 0x5C));
        let below = word.wrapping_sub(ONES * 0x20) | quote.wrapping_sub(ONES) | backslash.wrapping_sub(ONES);
        // No byte from 0x80 on is one of them, and its own high bit stays in all three.
        let found = below & !word & HIGH;
        if found != 0 {
            return at + number * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1F);
    let plain = rest.iter().position(special).unwrap_or(rest.len());
    bytes.len() - rest.len() + plain
}

fn hex(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 4)?;
    digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?))
}

/// A text without its escapes, which were read before.
fn unescaped(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = rest.as_bytes()[at + 1];
        let mut length = 2;
        out.push(match escape {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let units = [hex(rest.as_bytes(), at + 2), hex(rest.as_bytes(), at + 8)];
                let (character, read) = character(units);
                length = read;
                character
            }
            same => char::from(same),
        });
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    out
}

/// The character of an escape by its units, and the length of the escape in bytes.
fn character([first, second]: [Option<u32>; 2]) -> (char, usize) {
    let unit = first.unwrap_or_default();
    if let (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) = (unit, second) {
        let pair = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        return (char::from_u32(pair).unwrap_or(char::REPLACEMENT_CHARACTER), 12);
    }
    (char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER), 6)
}
