//! Ports of data consents: their stores, and the systems of the institution.

mod consents;
mod discovered_resources;
mod institution;
mod removals;

pub use consents::{ConsentCommit, ConsentDecisions, ConsentIndex, ConsentPage, Consents, Extensions};
pub use discovered_resources::{DiscoveredResources, DiscoveryCommit, LONGEST_ID};
pub use institution::{
    Balance, DiscoveredProduct, Institution, ListedResource, Records, RecordsRequest, ResourcesRequest,
};
pub use removals::{ConsentScan, Removals, ScannedPage};
