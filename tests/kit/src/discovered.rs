//! Discovered products in memory, with the conditions of the real table and a writer that may be faster.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use async_trait::async_trait;
use ponte_data_consent::discovery::{DiscoveredResource, DiscoveryState, StoredResources};
use ponte_data_consent::ports::{DiscoveredResources, DiscoveryCommit, LONGEST_ID};
use ponte_ports::{CommitFault, PortError};
use ponte_values::{ConsentId, ResourceKind};

use crate::store::Store;

/// What is stored of one consent.
#[derive(Default)]
pub struct Discovered {
    /// The state of its discoveries.
    pub state: DiscoveryState,
    /// Its products by their place.
    pub products: BTreeMap<String, DiscoveredResource>,
    owner: String,
}

/// Where a product stands among those of its consent.
fn place(kind: ResourceKind, id: &str) -> String {
    format!("{}#{id}", kind.as_str())
}

#[async_trait]
impl DiscoveredResources for Store {
    async fn state(&self, consent: &ConsentId) -> Result<Option<DiscoveryState>, PortError> {
        self.discovered_reads.fetch_add(1, Ordering::Relaxed);
        Ok(self.discovered.lock().unwrap().get(consent.as_str()).map(|found| found.state.clone()))
    }

    async fn find(
        &self,
        consent: &ConsentId,
        kind: ResourceKind,
        id: &str,
    ) -> Result<Option<DiscoveredResource>, PortError> {
        if id.len() > LONGEST_ID {
            return Ok(None);
        }
        self.discovered_reads.fetch_add(1, Ordering::Relaxed);
        let discovered = self.discovered.lock().unwrap();
        Ok(discovered.get(consent.as_str()).and_then(|found| found.products.get(&place(kind, id)).cloned()))
    }

    async fn list(
        &self,
        consent: &ConsentId,
        kind: Option<ResourceKind>,
        most: usize,
    ) -> Result<StoredResources, PortError> {
        self.discovered_reads.fetch_add(1, Ordering::Relaxed);
        let discovered = self.discovered.lock().unwrap();
        let products = discovered.get(consent.as_str()).into_iter().flat_map(|found| found.products.values());
        let of_kind = products.filter(|product| kind.is_none_or(|kind| product.resource.kind == kind));
        Ok(StoredResources { known: of_kind.take(most).cloned().collect(), unread: BTreeMap::new() })
    }

    async fn commit(&self, commit: DiscoveryCommit) -> Result<(), CommitFault> {
        let left = self.discoveries_until.load(Ordering::Relaxed);
        if left == 1 {
            return Err(PortError::new("resources table", "fails on purpose").into());
        }
        self.discoveries_until.store(left.saturating_sub(1), Ordering::Relaxed);
        if let Some(other) = self.faster_discoveries.lock().unwrap().pop() {
            self.commit_discovery(other)?;
        }
        self.commit_discovery(commit)
    }
}

impl Store {
    /// The same at once.
    pub fn commit_discovery(&self, commit: DiscoveryCommit) -> Result<(), CommitFault> {
        let mut discovered = self.discovered.lock().unwrap();
        let there = discovered.get(commit.consent.as_str());
        if there.is_some_and(|there| there.owner == commit.trail.id) {
            return Ok(());
        }
        if there.map_or(0, |there| there.state.version) + 1 != commit.state.version {
            return Err(CommitFault::Conflict);
        }
        let entry = discovered.entry(commit.consent.to_string()).or_default();
        entry.state = commit.state;
        entry.owner = commit.trail.id;
        let place = |product: &DiscoveredResource| place(product.resource.kind, &product.resource.id);
        self.discovered_writes.fetch_add(commit.resources.len(), Ordering::Relaxed);
        entry.products.extend(commit.resources.into_iter().map(|product| (place(&product), product)));
        self.notices.lock().unwrap().extend(commit.trail.notices);
        self.audit.lock().unwrap().extend(commit.trail.audit);
        Ok(())
    }
}
