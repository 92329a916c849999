//! Time, ids and secrets.

use std::collections::BTreeSet;

use ponte_ports::{Clock, Ids};
use ponte_values::InteractionId;

/// Ids and secrets have their shape, and none comes twice.
pub fn ids_are_fresh(ids: &dyn Ids) {
    let mut seen = BTreeSet::new();
    for _ in 0..100 {
        let (uuid, secret) = (ids.uuid(), ids.secret());
        assert!(InteractionId::parse(&uuid).is_ok(), "{uuid}: no UUID");
        assert_eq!((uuid.len(), uuid.as_bytes()[14]), (36, b'4'), "{uuid}: no UUIDv4");
        assert_eq!(uuid, uuid.to_lowercase());
        let safe = |sign: char| sign.is_ascii_alphanumeric() || sign == '-' || sign == '_';
        assert!(secret.len() == 43 && secret.chars().all(safe), "a secret of another shape");
        assert!(seen.insert(uuid) && seen.insert(secret), "one came twice");
    }
}

/// A clock that nobody sets never goes back.
pub fn time_does_not_go_back(clock: &dyn Clock) {
    let first = clock.now();
    assert!(
        (0..100).map(|_| clock.now()).fold(first, |before, now| before.max(now)) == clock.now().max(first)
    );
}
