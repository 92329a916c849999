//! Counts of findings: what is counted adds up, and is bounded.

use ponte_ports::Quality;
use ponte_ports::quality::{Counted, Found, KINDS, REST};

use crate::examples::now;

fn counted(path: &str, rule: &'static str, count: u64) -> Counted {
    Counted { path: path.to_owned(), rule, count }
}

fn found(path: &str, rule: &str, count: u64) -> Found {
    Found { path: path.to_owned(), rule: rule.to_owned(), count }
}

/// Calls add up by day, endpoint, field and rule; days come in their order; a call without findings is none.
pub async fn findings_add_up_by_day_endpoint_field_and_rule(quality: &dyn Quality) {
    let day = now().date_brasilia();
    assert_eq!(quality.of_days(day, day).await.unwrap(), [], "the store is not empty");
    let (amount, kind) = ("data[].transactionAmount.amount", "data[].type");
    quality.count(day, "b", &[counted(amount, "pattern", 3), counted(kind, "enum", 1)]).await.unwrap();
    quality.count(day, "b", &[counted(amount, "pattern", 2), counted(amount, "missing", 1)]).await.unwrap();
    quality.count(day, "a", &[counted("data", "type", 1)]).await.unwrap();
    quality.count(day.plus_days(1), "b", &[counted(kind, "enum", 7)]).await.unwrap();
    quality.count(day, "c", &[]).await.unwrap();
    let all = quality.of_days(day, day.plus_days(1)).await.unwrap();
    let lines: Vec<_> = all.iter().map(|line| (line.day, line.operation.as_str(), line.calls)).collect();
    assert_eq!(lines, [(day, "a", 1), (day, "b", 2), (day.plus_days(1), "b", 1)]);
    let expected = [found(amount, "missing", 1), found(amount, "pattern", 5), found(kind, "enum", 1)];
    assert_eq!(all[1].found, expected);
    assert_eq!(quality.of_days(day.plus_days(1), day.plus_days(1)).await.unwrap().len(), 1);
    assert_eq!(quality.of_days(day.plus_days(1), day).await.unwrap(), [], "the end before the start");
    assert_eq!(quality.of_days(day.plus_days(-9), day.plus_days(-1)).await.unwrap(), []);
}

/// A call counts a bounded number of kinds, and what no field table names under one name.
pub async fn what_is_counted_is_bounded(quality: &dyn Quality) {
    let day = now().date_brasilia();
    let many: Vec<_> = (0..500).map(|number| counted(&format!("data.f{number:03}"), "type", 1)).collect();
    quality.count(day, "a", &many).await.unwrap();
    quality.count(day, "b", &[counted("data.Ana 761.092.776-73", "unknown", 2)]).await.unwrap();
    let all = quality.of_days(day, day).await.unwrap();
    assert_eq!(all[0].found.len(), KINDS + 1);
    assert_eq!(all[0].found.iter().map(|found| found.count).sum::<u64>(), 500);
    assert_eq!(all[1].found, [found(REST, "unknown", 2)]);
}
