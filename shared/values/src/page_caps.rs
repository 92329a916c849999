//! The largest pages that an institution serves, where they are smaller than what the files allow (C52).

use crate::invalid::Invalid;
use crate::page::Page;

/// Largest pages by `operationId`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PageCaps(Vec<(String, u32)>);

impl PageCaps {
    /// Reads `operationId=records` pairs, separated by commas; empty for none. A name comes once, and a page has 1 to 1000
    /// records.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let what = Invalid("list of operationId=records, 1 to 1000");
        let mut caps: Vec<(String, u32)> = Vec::new();
        for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (name, records) = pair.split_once('=').ok_or(what)?;
            let page = Page::parse(None, Some(records), 1).map_err(|_| what)?;
            let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if !plain || caps.iter().any(|(known, _)| known == name) {
                return Err(what);
            }
            caps.push((name.to_owned(), page.size()));
        }
        Ok(Self(caps))
    }

    /// The largest page of an operation; `None` where there is no cap.
    #[must_use]
    pub fn of(&self, operation: &str) -> Option<u32> {
        self.iter().find(|(known, _)| *known == operation).map(|(_, records)| records)
    }

    /// Each operation with its largest page.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u32)> {
        self.0.iter().map(|(name, records)| (name.as_str(), *records))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c52_a_cap_is_a_page_that_can_be_asked_for() {
        let caps = PageCaps::parse("a=100, bC2=1000").unwrap();
        assert_eq!((caps.of("a"), caps.of("bC2"), caps.of("b")), (Some(100), Some(1000), None));
        assert_eq!(PageCaps::parse(""), Ok(PageCaps::default()));
        for bad in ["a", "a=", "=5", "a=0", "a=1001", "a=5,a=6", "a=1=2", "á=5", "a b=5"] {
            assert!(PageCaps::parse(bad).is_err(), "{bad}");
        }
    }
}
