//! Where consents are kept, and the institution that is asked about them.

mod consents;
mod institution;
mod pseudonyms;

pub use consents::{
    ConsentCommit, ConsentDecisions, ConsentIndex, ConsentOwner, ConsentPage, Consents, Extensions, Listing,
    Order,
};
pub use institution::{DiscoveredProduct, Institution, Records, RecordsRequest};
pub use pseudonyms::Pseudonyms;
