//! Time, ids and secrets.

use std::collections::BTreeSet;

use ponte_fapi::base64url;
use ponte_ports::{Clock, Ids};
use ponte_values::{InteractionId, Moment};

/// Ids and secrets have their shape, and none comes twice.
pub fn ids_are_fresh(ids: &dyn Ids) {
    let mut seen = BTreeSet::new();
    for _ in 0..100 {
        let (uuid, secret) = (ids.uuid(), ids.secret());
        assert!(InteractionId::parse(&uuid).is_ok(), "{uuid}: no UUID");
        assert_eq!((uuid.len(), uuid.as_bytes()[14]), (36, b'4'), "{uuid}: no UUIDv4");
        assert_eq!(uuid, uuid.to_lowercase());
        let bits = base64url::decode(&secret);
        assert!(bits.is_some_and(|bits| bits.len() == 32), "a secret is not 256 bits in base64url");
        assert!(seen.insert(uuid) && seen.insert(secret), "one came twice");
    }
}

/// A clock that nobody sets never goes back.
pub fn time_does_not_go_back(clock: &dyn Clock) {
    let looks: Vec<Moment> = (0..100).map(|_| clock.now()).collect();
    assert!(looks.is_sorted(), "{looks:?}");
}
