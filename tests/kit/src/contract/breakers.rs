//! Breakers: a change follows the one before, and what is stored is what everybody reads (T63).

use ponte_ports::Breakers;
use ponte_ports::breaker::{Asker, BreakerRow};

use crate::examples::now;

/// Of two changes of one version one is stored; rows of other operations stay.
pub async fn of_two_changes_of_one_version_one_is_stored(breakers: &dyn Breakers) {
    assert_eq!(breakers.rows().await.unwrap(), [], "the store is not empty");
    let asker = Asker { environment: "a", client: "client", suspect: true };
    let other = BreakerRow::new("/other", now()).opened("client", now());
    let first = BreakerRow::new("/x", now()).with_slot(&asker, now()).unwrap();
    assert!(breakers.replace(&other).await.unwrap());
    assert!(breakers.replace(&first).await.unwrap());
    let as_version = |version| BreakerRow { version, ..first.opened("client", now()) };
    assert!(!breakers.replace(&as_version(1)).await.unwrap(), "a version that is stored");
    assert!(!breakers.replace(&as_version(5)).await.unwrap(), "a change of no version");
    let opened = first.opened("client", now());
    assert!(breakers.replace(&opened).await.unwrap());
    assert!(!breakers.replace(&first.probed(now())).await.unwrap(), "decided on a row that is no more");
    let mut rows = breakers.rows().await.unwrap();
    rows.sort_by(|one, other| one.operation.cmp(&other.operation));
    assert_eq!(rows, [other, opened]);
}
