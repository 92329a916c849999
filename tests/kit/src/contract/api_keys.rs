//! API keys: found by id, listed by id, changed on the version that was read.

use std::collections::BTreeSet;
use std::time::Duration;

use ponte_authorization::api_key::{ApiKey, ApiKeyId, ApiScope, KeyChange, NewApiKey};
use ponte_authorization::ports::ApiKeys;
use ponte_ports::CommitFault;

use crate::examples::now;

fn issued(number: u32) -> KeyChange {
    let new = NewApiKey {
        id: ApiKeyId::parse(&format!("{number:016x}")).unwrap(),
        caller: "app.banco.example".to_owned(),
        scopes: BTreeSet::from([ApiScope::ConsentsRead]),
        hash: "hash-0".to_owned(),
        expires_at: None,
    };
    ApiKey::issue(new, now())
}

/// Keys are found and listed by id. `keys` has none yet.
pub async fn keys_are_found_and_listed_by_id(keys: &dyn ApiKeys) {
    assert_eq!(keys.list().await.unwrap(), [], "the store is not empty");
    for number in [3, 1, 2] {
        assert_eq!(keys.find(&issued(number).key.id).await.unwrap(), None);
        keys.commit(issued(number), format!("commit-{number}")).await.unwrap();
        assert_eq!(keys.find(&issued(number).key.id).await.unwrap(), Some(issued(number).key));
    }
    assert_eq!(keys.list().await.unwrap(), [1, 2, 3].map(|number| issued(number).key));
}

/// A change follows the version before it, otherwise it is a conflict; one of our own is no conflict. `keys` has none yet.
pub async fn a_key_changes_on_the_version_that_was_read(keys: &dyn ApiKeys) {
    let first = issued(1);
    let early = first.key.clone().revoke(now()).unwrap();
    let early = keys.commit(early, "commit-0".to_owned()).await;
    assert!(matches!(early, Err(CommitFault::Conflict)), "a change of no key: {early:?}");
    for _ in 0..2 {
        keys.commit(first.clone(), "commit-1".to_owned()).await.unwrap();
    }
    let again = keys.commit(issued(1), "commit-2".to_owned()).await;
    assert!(matches!(again, Err(CommitFault::Conflict)), "an id given out twice: {again:?}");
    let hour = Duration::from_hours(1);
    let rotated = first.key.clone().rotate("hash-1".to_owned(), hour, now()).unwrap();
    keys.commit(rotated.clone(), "commit-3".to_owned()).await.unwrap();
    let late = first.key.revoke(now()).unwrap();
    let late = keys.commit(late, "commit-4".to_owned()).await;
    assert!(matches!(late, Err(CommitFault::Conflict)), "decided on a key that is no more: {late:?}");
    assert_eq!(keys.find(&rotated.key.id).await.unwrap().as_ref(), Some(&rotated.key));
    let revoked = rotated.key.revoke(now()).unwrap();
    keys.commit(revoked.clone(), "commit-5".to_owned()).await.unwrap();
    assert_eq!(keys.list().await.unwrap(), [revoked.key], "a revoked key stays readable");
}
