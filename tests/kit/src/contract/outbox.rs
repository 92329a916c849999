//! The outbox: rows go in once, and those that wait are let go once (M38).

use std::time::Duration;

use ponte_metrics::ports::HeldReports;
use ponte_ports::Outbox;
use ponte_ports::outbox::SHARDS;

use super::StoredRows;
use crate::examples::{consent_id, now, row};

/// A row under a key that was written before takes the place of the first one.
pub async fn a_repeated_row_is_one_row(outbox: &dyn Outbox, rows: &dyn StoredRows) {
    assert_eq!(rows.count().await.reports, 0, "the store is not empty");
    for (name, count) in [("1", 1), ("1", 1), ("2", 2)] {
        outbox.add(&row(name, now())).await.unwrap();
        assert_eq!(rows.count().await.reports, count, "after row {name}");
    }
}

/// Rows that wait are listed by shard, oldest first, at most as many as asked for; each is let go once.
pub async fn a_held_row_is_let_go_once(reports: &dyn HeldReports, rows: &dyn StoredRows) {
    for number in (0..8_u64).rev() {
        let at = now().plus(Duration::from_secs(number));
        reports.hold(&row(&format!("r-{number}"), at), &consent_id()).await.unwrap();
    }
    assert_eq!(rows.count().await.reports, 0, "what waits is not sent");
    let mut released = 0;
    for shard in 0..SHARDS {
        let held = reports.held(shard, 100).await.unwrap();
        assert!(held.is_sorted_by_key(|row| row.sort_key.clone()), "oldest first: {held:?}");
        assert!(held.iter().all(|row| row.shard == shard && row.consent == consent_id()), "{held:?}");
        assert_eq!(reports.held(shard, 1).await.unwrap(), held.iter().take(1).cloned().collect::<Vec<_>>());
        for row in held {
            assert!(reports.release(&row, "{}").await.unwrap(), "it waits");
            assert!(!reports.release(&row, "{}").await.unwrap(), "it was let go before");
            released += 1;
        }
        assert!(reports.held(shard, 100).await.unwrap().is_empty(), "shard {shard}");
    }
    assert_eq!((released, rows.count().await.reports), (8, 8));
}
