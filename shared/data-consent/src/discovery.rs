//! Products that customers do not choose one by one: what the institution lists of them while a consent is in force (C60 to
//! C62).
//!
//! | module | contents |
//! |---|---|
//! | [`state`] | which kinds were answered for a consent, and until when the answer counts |
//! | [`discovered`] | a product that was listed, as it is stored |
//! | [`steps`] | what an answer changes of what is stored, in steps of one transaction each |

mod discovered;
mod state;
mod steps;

pub use discovered::{AFTER_THE_END, DiscoveredResource, KEPT};
pub use state::{DiscoveryState, PATIENCE, validity};
pub use steps::{DiscoveryStep, KindAnswer, StoredResources, steps};

#[cfg(test)]
mod tests;
