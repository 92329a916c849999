//! Ports of data consents: their stores, the pseudonyms of customers, and the systems of the institution.

mod consents;
mod institution;
mod pseudonyms;
mod removals;

pub use consents::{
    ConsentCommit, ConsentDecisions, ConsentIndex, ConsentOwner, ConsentPage, Consents, Extensions, Listing,
    Order,
};
pub use institution::{DiscoveredProduct, Institution, Records, RecordsRequest};
pub use pseudonyms::Pseudonyms;
pub use removals::{ConsentScan, Removals, ScannedPage};
