//! The requested page of a list (C52).

/// Number and size of a page, within the limits of C52.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Page {
    number: u32,
    size: u32,
}

/// Fault of the parameters `page` and `page-size`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PageFault {
    /// The parameter of this name is no whole number from 1 to 2147483647 in plain digits.
    #[error("{0} is not a positive whole number")]
    NotANumber(&'static str),
    /// `page-size` is above this limit.
    #[error("page-size is above {0}")]
    TooLarge(u32),
}

impl Page {
    /// Size of a page where none is asked for (C52).
    pub const DEFAULT_SIZE: u32 = 25;
    /// Largest page served (C52).
    pub const MAX_SIZE: u32 = 1000;

    /// Reads `page` (1 if absent) and `page-size` (25 if absent). `smallest` is the minimum that the OpenAPI file prints for
    /// `page-size`: 1, or 25 where a smaller size counts as 25 (C52).
    ///
    /// # Errors
    /// `NotANumber` for either, `TooLarge` for a size above 1000.
    pub fn parse(number: Option<&str>, size: Option<&str>, smallest: u32) -> Result<Self, PageFault> {
        let number = positive("page", number)?.unwrap_or(1);
        let size = positive("page-size", size)?.unwrap_or(Self::DEFAULT_SIZE);
        if size > Self::MAX_SIZE {
            return Err(PageFault::TooLarge(Self::MAX_SIZE));
        }
        Ok(Self { number, size: size.max(smallest) })
    }

    /// The page with `most` records at most, where this institution serves no larger ones (C52).
    #[must_use]
    pub fn capped(self, most: u32) -> Self {
        Self { size: self.size.min(most.max(1)), ..self }
    }

    /// Number of the page; the first is 1.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.number
    }

    /// Records per page, 1 to 1000.
    #[must_use]
    pub const fn size(self) -> u32 {
        self.size
    }

    /// Number of pages that `records` fill; 0 for no records.
    #[must_use]
    pub const fn total_pages(self, records: u64) -> u64 {
        records.div_ceil(self.size as u64)
    }
}

fn positive(name: &'static str, text: Option<&str>) -> Result<Option<u32>, PageFault> {
    let Some(text) = text else { return Ok(None) };
    let digits = text.len() <= 10 && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<u32>() {
        Ok(value) if digits && (1..=0x7fff_ffff).contains(&value) => Ok(Some(value)),
        _ => Err(PageFault::NotANumber(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c52_defaults_and_bounds() {
        let page = Page::parse(None, None, 1).unwrap();
        assert_eq!((page.number(), page.size()), (1, 25));
        let page = Page::parse(Some("2147483647"), Some("3"), 25).unwrap();
        assert_eq!((page.number(), page.size()), (2_147_483_647, 25));
        assert_eq!(Page::parse(None, Some("1000"), 25).unwrap().size(), 1000);
        assert_eq!(Page::parse(None, Some("1001"), 1), Err(PageFault::TooLarge(1000)));
        for bad in ["0", "-1", "+1", "1.0", "", "abc", "2147483648", "99999999999", "00000000001"] {
            assert!(matches!(Page::parse(Some(bad), None, 1), Err(PageFault::NotANumber("page"))), "{bad}");
        }
    }

    #[test]
    fn c52_a_small_page_is_honoured_where_the_file_has_it() {
        for (asked, smallest, size) in
            [("1", 1, 1), ("24", 1, 24), ("1", 25, 25), ("24", 25, 25), ("26", 25, 26)]
        {
            assert_eq!(
                Page::parse(None, Some(asked), smallest).unwrap().size(),
                size,
                "{asked} of {smallest}"
            );
        }
        assert_eq!(Page::parse(None, Some("0"), 1), Err(PageFault::NotANumber("page-size")));
    }

    #[test]
    fn c52_a_cap_lowers_a_page_and_raises_none() {
        let sizes = |most| {
            ["24", "100", "1000"]
                .map(|size| Page::parse(Some("3"), Some(size), 1).unwrap().capped(most).size())
        };
        assert_eq!((sizes(100), sizes(1000), sizes(0)), ([24, 100, 100], [24, 100, 1000], [1; 3]));
        assert_eq!(Page::parse(Some("3"), None, 1).unwrap().capped(10).number(), 3);
    }

    #[test]
    fn c52_pages_needed() {
        let page = Page::parse(None, Some("25"), 25).unwrap();
        assert_eq!([0, 1, 25, 26].map(|n| page.total_pages(n)), [0, 1, 1, 2]);
    }
}
