//! Loans of the customers, stored as if the institution had listed them a moment ago.

use std::time::Duration;

use ponte_data_consent::consent::{Resource, ResourceStatus};
use ponte_data_consent::discovery::{DiscoveryState, KindAnswer, StoredResources, steps};
use ponte_data_consent::ports::{ConsentCommit, Consents as _, DiscoveredResources as _, DiscoveryCommit};
use ponte_ports::Trail;
use ponte_store::{ConsentTable, ResourceTable, TrailTables};
use ponte_values::{Moment, ResourceKind};

use super::canned::{Canned, RESOURCES};
use super::world::{GIVEN, MANY, dynamo, given};
use super::{Fault, institution};

/// Longer than a run.
const DAY: Duration = Duration::from_hours(24);

/// Stores 25 loans under the consent of all other operations and a thousand under one of their own.
pub(crate) async fn furnish(
    canned: &Canned,
    environment: &[(String, String)],
    now: Moment,
) -> Result<(), Fault> {
    canned.fill(true);
    for (consent, count) in [(GIVEN, 25), (MANY, 1_000)] {
        store(environment, consent, count, now).await?;
    }
    canned.fill(false);
    Ok(())
}

async fn store(
    environment: &[(String, String)],
    consent: &str,
    count: usize,
    now: Moment,
) -> Result<(), Fault> {
    let dynamo = dynamo(environment)?;
    let tables = || TrailTables { outbox: "outbox".to_owned(), audit: "audit".to_owned() };
    let consent = given(consent, now)?;
    let commit = ConsentCommit {
        consent: consent.clone(),
        extension: None,
        trail: Trail::new(consent.id.to_string()),
    };
    let consents = ConsentTable::committing(&dynamo, "consents", tables());
    consents.commit(commit).await.map_err(|fault| format!("{fault:?}"))?;
    let mut listed = Vec::new();
    for (number, key) in institution::loan_keys(count).enumerate() {
        let (id, kind) = (institution::loan_id(number), ResourceKind::Loan);
        listed.push(Resource::new(id, kind, ResourceStatus::Available, serde_json::from_str(&key)?));
    }
    let state = DiscoveryState::default();
    let (kind, round) = (ResourceKind::Loan, state.round(ResourceKind::Loan));
    let answer = KindAnswer { kind, round, listed, valid_until: now.plus(DAY) };
    let table = ResourceTable::new(&dynamo, RESOURCES, tables());
    for step in steps(&consent, state, &StoredResources::default(), &[answer], now) {
        let trail = Trail::new(format!("step {}", step.state.version));
        let (consent, kept_until) = (consent.id.clone(), now.plus(DAY));
        let commit =
            DiscoveryCommit { consent, state: step.state, kept_until, resources: step.resources, trail };
        table.commit(commit).await.map_err(|fault| format!("{fault:?}"))?;
    }
    Ok(())
}
