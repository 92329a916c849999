//! Rows into batches: one path each, within the platform's limits of items and bytes (M03).

use std::collections::BTreeMap;

use ponte_metrics::outbox::PendingRow;
use ponte_metrics::report::PRIVATE_REPORT;

/// Bytes of a request at most; the smaller reading of "10 MB".
const BYTES: usize = 10_000_000;
/// Items of a request at most.
const ITEMS: usize = 5_000;
/// Items of a request about the customer's way at most.
const HYBRID_FLOW_ITEMS: usize = 1_000;

/// End of the path whose reports go alone (M50).
const ALONE: &str = "/consents/stock";

/// Rows that go out in one request, at least one.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) path: String,
    pub(crate) rows: Vec<PendingRow>,
}

impl Batch {
    /// The same rows in two smaller requests; needs two rows (T50: a batch that is refused whole is narrowed down).
    pub(crate) fn halves(mut self) -> [Self; 2] {
        let rows = self.rows.split_off(self.rows.len() / 2);
        let path = self.path.clone();
        [self, Self { path, rows }]
    }
}

/// Batches of `rows` within the limits; within a path the order stays. Reports of calls go first and the customer's way
/// second: they are many, and nothing else may keep them waiting.
pub(crate) fn of(rows: Vec<PendingRow>) -> Vec<Batch> {
    let mut paths: BTreeMap<(u8, String), Vec<PendingRow>> = BTreeMap::new();
    for row in rows {
        paths.entry((rank(&row.path), row.path.clone())).or_default().push(row);
    }
    paths.into_iter().flat_map(|((_, path), rows)| within_limits(&path, rows)).collect()
}

fn rank(path: &str) -> u8 {
    match path {
        PRIVATE_REPORT => 0,
        path if path.contains("/hybrid-flow/") => 1,
        _ => 2,
    }
}

fn within_limits(path: &str, rows: Vec<PendingRow>) -> Vec<Batch> {
    let most = if path.contains("/hybrid-flow/") {
        HYBRID_FLOW_ITEMS
    } else if path.ends_with(ALONE) {
        1
    } else {
        ITEMS
    };
    let mut batches: Vec<Batch> = Vec::new();
    // The closing bracket; each item brings the comma or bracket before it.
    let mut bytes = 1;
    for row in rows {
        let size = row.body.len() + 1;
        match batches.last_mut() {
            Some(batch) if batch.rows.len() < most && bytes + size <= BYTES => {
                bytes += size;
                batch.rows.push(row);
            }
            _ => {
                bytes = 1 + size;
                batches.push(Batch { path: path.to_owned(), rows: vec![row] });
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRIVATE: &str = "/report-api/v1/private/report";
    const FUNNEL: &str = "/report-api/v2/hybrid-flow/server/authenticated";

    fn rows(path: &str, count: usize, bytes: usize) -> Vec<PendingRow> {
        let row = |number| PendingRow {
            sort_key: format!("{number:06}"),
            path: path.to_owned(),
            body: "x".repeat(bytes),
            ..PendingRow::default()
        };
        (0..count).map(row).collect()
    }

    fn sizes(batches: &[Batch]) -> Vec<usize> {
        batches.iter().map(|batch| batch.rows.len()).collect()
    }

    #[test]
    fn t50_m03_5001_reports_are_two_requests_and_1001_steps_too() {
        assert_eq!(sizes(&of(rows(PRIVATE, 5_001, 2))), [5_000, 1]);
        assert_eq!(sizes(&of(rows(FUNNEL, 1_001, 2))), [1_000, 1]);
    }

    #[test]
    fn t50_m03_no_request_is_above_ten_megabytes() {
        // Ten items, nine commas and two brackets are exactly the limit; a byte more in each is not.
        let exact = (BYTES - 11) / 10;
        assert_eq!(sizes(&of(rows(PRIVATE, 10, exact))), [10]);
        assert_eq!(sizes(&of(rows(PRIVATE, 10, exact + 1))), [9, 1]);
        assert_eq!(sizes(&of(rows(PRIVATE, 2, BYTES))), [1, 1]);
    }

    #[test]
    fn m50_a_stock_report_goes_alone() {
        assert_eq!(sizes(&of(rows("/report-api/v1/consents/stock", 2, 2))), [1, 1]);
    }

    #[test]
    fn paths_do_not_mix_and_order_stays() {
        let mixed = rows(PRIVATE, 3, 2).into_iter().zip(rows(FUNNEL, 3, 2)).flat_map(|(a, b)| [a, b]);
        let batches = of(mixed.collect());
        assert_eq!(sizes(&batches), [3, 3]);
        for batch in &batches {
            assert!(batch.rows.iter().all(|row| row.path == batch.path));
            assert!(batch.rows.is_sorted_by(|a, b| a.sort_key < b.sort_key));
        }
    }
}
