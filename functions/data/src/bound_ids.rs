//! Ids of records that paths name: bills, broker notes. One leaves as the institution's own and what binds it to its product, so that no
//! other product opens it (C56); nothing is stored for it.

use std::cell::RefCell;
use std::collections::HashMap;

use ponte_authorization::ports::Pseudonyms;
use ponte_data_consent::consent::Resource;
use ponte_records::{NotAKey, can_be_bound};

/// What binds an id is a UUID.
const SEAL: usize = 36;

/// Public ids of the records of one product; many records have the same.
pub(crate) struct BoundIds<'a> {
    pseudonyms: &'a dyn Pseudonyms,
    product: &'a str,
    name: &'static str,
    known: RefCell<HashMap<String, String>>,
}

impl<'a> BoundIds<'a> {
    /// Those of a product, under a name of the wire.
    pub(crate) fn of(pseudonyms: &'a dyn Pseudonyms, product: &'a Resource, name: &'static str) -> Self {
        Self { pseudonyms, product: &product.id, name, known: RefCell::default() }
    }

    /// The public id for the institution's own, JSON as it came.
    ///
    /// # Errors
    /// Where that is no text of the form of an id, or so long that nothing could be added to it.
    pub(crate) fn public(&self, own: &str) -> Result<String, NotAKey> {
        if let Some(known) = self.known.borrow().get(own) {
            return Ok(known.clone());
        }
        let id: String = serde_json::from_str(own).map_err(|_| NotAKey)?;
        if !can_be_bound(&id) {
            return Err(NotAKey);
        }
        let public = format!("{id}-{}", self.pseudonyms.record(self.product, self.name, &id));
        self.known.borrow_mut().insert(own.to_owned(), public.clone());
        Ok(public)
    }
}

/// The institution's own id behind a public one under a name of the wire, if it was given out for one of these products.
pub(crate) fn own<'i, 'p>(
    pseudonyms: &dyn Pseudonyms,
    (name, public): (&str, &'i str),
    mut products: impl Iterator<Item = &'p Resource>,
) -> Option<&'i str> {
    let at = public.len().checked_sub(SEAL)?;
    let own = public.get(..at)?.strip_suffix('-')?;
    let seal = public.get(at..)?;
    products.any(|product| pseudonyms.is_record(seal, &product.id, name, own)).then_some(own)
}
