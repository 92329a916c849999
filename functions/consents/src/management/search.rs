//! A search through a customer's consents in pages: no match is left out and none shown twice.

use ponte_authorization::customer_listing::{ConsentOwner, Listing, Order};
use ponte_data_consent::consent::Consent;
use ponte_data_consent::ports::ConsentIndex;
use ponte_ports::IndexFault;
use ponte_values::Moment;

/// Most reads of the index for one call.
const READS: usize = 4;
/// Consents of one read where not every one counts.
const WIDE: u8 = 100;

/// A search among the consents of one owner.
pub(super) struct Search<'a> {
    pub(super) owner: ConsentOwner,
    pub(super) from: Option<Moment>,
    pub(super) until: Option<Moment>,
    pub(super) order: Order,
    /// Which of them count.
    pub(super) keep: &'a (dyn Fn(&Consent) -> bool + Send + Sync),
    /// Whether all of them may be expected to count, so that no more are read than asked for.
    pub(super) dense: bool,
}

/// A page of what was found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) consents: Vec<Consent>,
    /// Cursor of the next page; `None` at the end.
    pub(super) next: Option<String>,
}

impl Search<'_> {
    /// At most `size` consents from a cursor on. Fewer, or none, do not mean the end: after a few reads the rest is
    /// left to the next call.
    pub(super) async fn page(
        &self,
        index: &dyn ConsentIndex,
        after: Option<&str>,
        size: u8,
    ) -> Result<Found, IndexFault> {
        let mut found = Found { consents: Vec::new(), next: after.map(str::to_owned) };
        for _ in 0..READS {
            let missing = usize::from(size) - found.consents.len();
            let limit = if self.dense { u8::try_from(missing).unwrap_or(WIDE) } else { WIDE };
            let (from, until, order) = (self.from, self.until, self.order);
            let listing = Listing { from, until, order, after: found.next.as_deref(), limit };
            let page = index.of_owner(&self.owner, listing).await?;
            let mut last = None;
            for consent in page.consents {
                if found.consents.len() == usize::from(size) {
                    // This page is full before that of the index is at its end.
                    found.next = last;
                    return Ok(found);
                }
                last = Some(index.after(&consent));
                if (self.keep)(&consent) {
                    found.consents.push(consent);
                }
            }
            found.next = page.next;
            if found.next.is_none() || found.consents.len() == usize::from(size) {
                break;
            }
        }
        Ok(found)
    }
}
