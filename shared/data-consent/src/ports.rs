//! Where consents are kept, and the institution that is asked about them.

mod consents;
mod institution;
mod pseudonyms;

pub use consents::{Commit, ConsentIndex, ConsentPage, Consents, Extensions, Holder, Listing, Order};
pub use institution::{Customer, Discovered, Institution, InstitutionFault, Records, RecordsRequest};
pub use pseudonyms::Pseudonyms;
