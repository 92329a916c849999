//! Ports of data consents: their stores, the pseudonyms of customers, and the systems of the institution.

mod consents;
mod discovered_resources;
mod institution;
mod pseudonyms;
mod removals;

pub use consents::{
    ConsentCommit, ConsentDecisions, ConsentIndex, ConsentOwner, ConsentPage, Consents, Extensions, Listing,
    Order,
};
pub use discovered_resources::{DiscoveredResources, DiscoveryCommit, LONGEST_ID};
pub use institution::{
    Balance, DiscoveredProduct, Institution, ListedResource, Records, RecordsRequest, ResourcesRequest,
};
pub use pseudonyms::Pseudonyms;
pub use removals::{ConsentScan, Removals, ScannedPage};
