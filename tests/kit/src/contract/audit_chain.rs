//! The chain over the audit rows: rows by their place, an end that moves on its version, seals that nothing lies over (T48).

use ponte_ports::audit_chain::{Appended, AuditChain, AuditPart, AuditSeal, ChainHead, RowDigest, Standing};

use crate::examples::now;

fn keys(rows: &[RowDigest]) -> Vec<&str> {
    rows.iter().map(|row| row.key.as_str()).collect()
}

/// Rows lie in their part by sort key: the one at `after` is left out, the one at `until` is not. Three rows with these keys,
/// in this order, are all that `part` holds.
pub async fn rows_are_read_by_their_place(chain: &dyn AuditChain, part: AuditPart, stored: [&str; 3]) {
    let all = chain.rows(part, "", "~", 9).await.unwrap();
    assert_eq!(keys(&all), stored);
    assert_eq!(chain.rows(part, "", "~", 9).await.unwrap(), all, "a row reads alike each time");
    assert_eq!(keys(&chain.rows(part, "", "~", 2).await.unwrap()), stored[..2]);
    assert_eq!(keys(&chain.rows(part, stored[0], stored[1], 9).await.unwrap()), stored[1..2]);
    assert_eq!(keys(&chain.rows(part, stored[1], "~", 9).await.unwrap()), stored[2..]);
    assert!(chain.rows(part, stored[2], stored[0], 9).await.unwrap().is_empty());
    let beside = AuditPart { day: part.day.plus_days(1), ..part };
    assert!(chain.rows(beside, "", "~", 9).await.unwrap().is_empty());
}

fn head(version: u64, number: u64) -> ChainHead {
    ChainHead { version, number, ..ChainHead::beginning(2, now()) }
}

fn seal(number: u64) -> AuditSeal {
    AuditSeal {
        day: head(0, 0).day,
        shard: 2,
        number,
        before: "before".to_owned(),
        before_day: (number > 1).then(|| head(0, 0).day.plus_days(-1)),
        after: String::new(),
        rows: vec![RowDigest { key: format!("row {number}"), sha256: "0a".repeat(32) }],
        digest: format!("digest {number}"),
    }
}

/// The end of a chain moves from a version to the next, with its seal or not at all, and no seal lies over another.
pub async fn an_end_moves_on_its_version_with_its_seal(chain: &dyn AuditChain) {
    let part = head(0, 0).part();
    assert_eq!(chain.head(2).await.unwrap(), None);
    assert_eq!(chain.append(&head(2, 1), Some(&seal(1))).await.unwrap(), Appended::Refused);
    assert_eq!((chain.head(2).await.unwrap(), chain.seal_after(part, 0).await.unwrap()), (None, None));
    assert_eq!(chain.append(&head(1, 0), None).await.unwrap(), Appended::Done);
    assert_eq!(chain.append(&head(2, 1), Some(&seal(1))).await.unwrap(), Appended::Done);
    assert_eq!(chain.append(&head(2, 2), Some(&seal(2))).await.unwrap(), Appended::Refused, "moved already");
    assert_eq!(
        chain.append(&head(3, 1), Some(&seal(1))).await.unwrap(),
        Appended::Refused,
        "lies there already"
    );
    assert_eq!(chain.head(2).await.unwrap(), Some(head(2, 1)));
    assert_eq!(chain.append(&head(3, 3), Some(&seal(3))).await.unwrap(), Appended::Done);
    assert_eq!(chain.seal_after(part, 0).await.unwrap(), Some(seal(1)));
    assert_eq!(chain.seal_after(part, 1).await.unwrap(), Some(seal(3)), "the next one there is");
    assert_eq!(chain.seal_after(part, 3).await.unwrap(), None);
    assert_eq!(chain.head(1).await.unwrap(), None, "of another shard");
}

/// Where the proof of the nights stands is noted on the version that was read.
pub async fn the_nights_stand_on_their_version(chain: &dyn AuditChain) {
    assert_eq!(chain.standing().await.unwrap(), None);
    let tonight = now().date_utc();
    let first = Standing { version: 1, ..Standing::beginning(tonight, tonight) };
    assert!(!chain.stand(&Standing { version: 2, ..first.clone() }).await.unwrap());
    assert!(chain.stand(&first).await.unwrap());
    assert!(!chain.stand(&first).await.unwrap(), "noted already");
    assert_eq!(chain.standing().await.unwrap(), Some(first.clone()));
    let done = Standing { day: None, version: 2, ..first };
    assert!(chain.stand(&done).await.unwrap());
    assert_eq!(chain.standing().await.unwrap(), Some(done));
}
