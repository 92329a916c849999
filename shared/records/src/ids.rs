//! Ids of the institution, which never leave, and the public ones that take their place (C56).

use std::fmt;

use crate::pattern::Pattern;

/// The property in which the institution names its own key of a product. It never leaves.
pub const LEGACY_ID: &str = "resourceLegacyId";

/// Longest id of the institution that can leave bound to its product: what binds it takes the rest of the 100 characters of an id.
const LONGEST_BOUND: usize = 63;

/// Whether an id of the institution can leave bound to its product: it has the form of the files, and room is left.
#[must_use]
pub fn can_be_bound(own: &str) -> bool {
    own.len() <= LONGEST_BOUND && Pattern::Id.matches(own)
}

/// What is no key of the institution.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAKey;

/// A product that may be read.
#[derive(Clone, Copy, Debug)]
pub struct Product<'a> {
    /// The institution's key of it, a JSON array, as it is written as a rule.
    pub key: &'a str,
    /// Its public id.
    pub public: &'a str,
}

/// Whether a key, JSON as the institution wrote it, is that of the product that an answer is about.
pub type IsOwn<'a> = &'a dyn Fn(&str) -> Result<bool, NotAKey>;

/// What happens to the institution's own ids in the records of `data`.
#[derive(Clone, Copy)]
pub enum Ids<'a> {
    /// The records have none of their own.
    None {
        /// The property that names their product where only we write it; left out without a finding.
        product: Option<&'static str>,
    },
    /// Each record is a product, and names the institution's key of it.
    Products {
        /// The property that takes the public id, in the place of the institution's key.
        name: &'static str,
        /// Those that may be read. It costs least if the institution lists them in this order and writes their keys like this.
        products: &'a [Product<'a>],
        /// The place among them of a product by its key, JSON as the institution wrote it; none if it is not to be read.
        place: &'a dyn Fn(&str) -> Result<Option<usize>, NotAKey>,
    },
    /// Each record has an id of the institution.
    Records {
        /// Its property.
        name: &'static str,
        /// As in `None`.
        product: Option<&'static str>,
        /// The public id in its place, JSON as the institution wrote it.
        public: &'a dyn Fn(&str) -> Result<String, NotAKey>,
    },
}

impl Ids<'_> {
    /// The property that only we write.
    pub(crate) const fn product(&self) -> Option<&'static str> {
        match self {
            Self::None { product } | Self::Records { product, .. } => *product,
            Self::Products { name, .. } => Some(name),
        }
    }
}

impl fmt::Debug for Ids<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ids").field(&self.product()).finish()
    }
}
