//! Where consents are kept, and the institution that is asked about them.

mod consents;
mod institution;
mod pseudonyms;

pub use consents::{
    ConsentCommit, ConsentDecisions, ConsentIndex, ConsentPage, Consents, Extensions, Holder, Listing, Order,
};
pub use institution::{Discovered, Institution, Records, RecordsRequest};
pub use pseudonyms::Pseudonyms;
