//! Discovered products: they change with the state of their consent or not at all, are found by id and listed by kind (C60).

use std::time::Duration;

use ponte_data_consent::consent::{Resource, ResourceStatus};
use ponte_data_consent::discovery::{DiscoveredResource, DiscoveryState};
use ponte_data_consent::ports::{DiscoveredResources, DiscoveryCommit};
use ponte_ports::LegacyId;
use ponte_ports::audit::Actor;
use ponte_ports::{CommitFault, Trail};
use ponte_values::{ConsentId, ResourceKind};
use serde_json::json;

use super::StoredRows;
use crate::examples::{authorisation, consent_id, created, now};

/// The kind of the examples.
pub const LOAN: ResourceKind = ResourceKind::Loan;

/// A product of a kind.
#[must_use]
pub fn product(kind: ResourceKind, id: &str, status: ResourceStatus) -> DiscoveredResource {
    let legacy_id: LegacyId = serde_json::from_value(json!([{"key": "contract", "value": id}])).unwrap();
    let resource = Resource::new(id.to_owned(), kind, status, legacy_id);
    DiscoveredResource::new(resource, &created().consent, now())
}

/// A loan.
#[must_use]
pub fn loan(id: &str, status: ResourceStatus) -> DiscoveredResource {
    product(LOAN, id, status)
}

/// So many loans that may be read, `l-000` and on.
#[must_use]
pub fn loans(count: usize) -> Vec<DiscoveredResource> {
    (0..count).map(|number| loan(&format!("l-{number:03}"), ResourceStatus::Available)).collect()
}

/// The change number `version` of the consent of the examples, with a trail of its own.
#[must_use]
pub fn commit(version: u64, resources: Vec<DiscoveredResource>) -> DiscoveryCommit {
    let consent = created().consent.authorise(authorisation(), Actor::Ponte).unwrap().consent;
    let trail = consent.discovered_change(
        "consent.resources_rediscovered",
        Actor::Ponte,
        now(),
        format!("commit-{version}"),
        None,
    );
    let state = (0..version).fold(DiscoveryState::default(), |state, _| state.announced(LOAN));
    let kept_until = now().plus(Duration::from_hours(24));
    DiscoveryCommit { consent: consent_id(), state, kept_until, resources, trail }
}

fn ids(products: &[DiscoveredResource]) -> Vec<&str> {
    products.iter().map(|product| product.resource.id.as_str()).collect()
}

/// Of two changes of one version one is written, whole and with its trail; our own repetition is no conflict.
pub async fn of_two_changes_of_one_version_one_is_written(
    stored: &dyn DiscoveredResources,
    rows: &dyn StoredRows,
) {
    assert_eq!(stored.state(&consent_id()).await.unwrap(), None, "the store is not empty");
    let conflict = |outcome| assert!(matches!(outcome, Err(CommitFault::Conflict)));
    conflict(stored.commit(commit(2, loans(1))).await);
    let before = rows.count().await;
    let first = commit(1, loans(1));
    stored.commit(first.clone()).await.unwrap();
    stored.commit(first.clone()).await.unwrap();
    assert_eq!(rows.count().await, before.with(&first.trail));
    let mut other = commit(1, vec![loan("l-009", ResourceStatus::Available)]);
    other.trail = Trail { id: "another".to_owned(), ..other.trail };
    conflict(stored.commit(other).await);
    assert!(stored.find(&consent_id(), LOAN, "l-009").await.unwrap().is_none(), "nothing of it is there");
    assert_eq!(rows.count().await, before.with(&first.trail));
    stored.commit(commit(2, vec![loan("l-000", ResourceStatus::Unavailable)])).await.unwrap();
    let found = stored.find(&consent_id(), LOAN, "l-000").await.unwrap().unwrap();
    assert_eq!(found.resource.at(now()), ResourceStatus::Unavailable);
    assert_eq!(stored.state(&consent_id()).await.unwrap().unwrap().version, 2);
}

/// One is found by kind and id, whatever the id is; a list is in order of its kind and stops where it is asked to.
pub async fn products_are_found_by_id_and_listed_by_kind(stored: &dyn DiscoveredResources) {
    let mut all = loans(3);
    all.reverse();
    all.push(product(ResourceKind::Fund, "f-000", ResourceStatus::Available));
    all.push(product(ResourceKind::Financing, "f-001", ResourceStatus::Available));
    stored.commit(commit(1, all)).await.unwrap();
    let consent = consent_id();
    let found = stored.find(&consent, LOAN, "l-001").await.unwrap().unwrap();
    assert_eq!((found.resource.id.as_str(), found.resource.kind), ("l-001", LOAN));
    let long = "l".repeat(5_000);
    for id in ["", "l-00", "l-0000", "f-000", "L-001", "LOAN#l-001", long.as_str()] {
        assert!(stored.find(&consent, LOAN, id).await.unwrap().is_none(), "{id}");
    }
    let list = async |kind, most| stored.list(&consent, kind, most).await.unwrap().known;
    assert_eq!(ids(&list(Some(LOAN), usize::MAX).await), ["l-000", "l-001", "l-002"]);
    assert_eq!(ids(&list(Some(LOAN), 2).await), ["l-000", "l-001"]);
    assert_eq!(ids(&list(Some(ResourceKind::VariableIncome), 2).await), Vec::<&str>::new());
    assert_eq!(ids(&list(None, usize::MAX).await), ["f-001", "f-000", "l-000", "l-001", "l-002"]);
    assert_eq!(ids(&list(None, 4).await), ["f-001", "f-000", "l-000", "l-001"]);
}

/// A product of one consent is in no other.
pub async fn a_product_is_of_its_consent(stored: &dyn DiscoveredResources) {
    stored.commit(commit(1, loans(1))).await.unwrap();
    let other = ConsentId::parse("urn:banco:12").unwrap();
    assert_eq!(stored.state(&other).await.unwrap(), None);
    assert!(stored.find(&other, LOAN, "l-000").await.unwrap().is_none());
    assert!(stored.list(&other, None, usize::MAX).await.unwrap().known.is_empty());
    let own = DiscoveryCommit { consent: other.clone(), ..commit(1, loans(2)) };
    stored.commit(DiscoveryCommit { trail: Trail::new("other".to_owned()), ..own }).await.unwrap();
    assert_eq!(stored.list(&other, None, usize::MAX).await.unwrap().known.len(), 2);
    assert_eq!(stored.list(&consent_id(), None, usize::MAX).await.unwrap().known.len(), 1);
}
