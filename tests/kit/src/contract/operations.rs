//! Operations: an id is taken once, a change follows the one before, a day is listed newest first (T23).

use std::time::Duration;

use ponte_ports::audit::{OperatorIdentity, OperatorReason};
use ponte_ports::operation::{NewOperation, OfDay, Operation, OperationId, OperationState, Operations};
use serde_json::{Map, Value};

use crate::examples::now;

/// An operation of an invented operator, ordered so many minutes after the others.
#[must_use]
pub fn example(id: &str, minute: u64) -> Operation {
    let members = Map::from_iter([("day".to_owned(), Value::from("2026-02-28"))]);
    let order = NewOperation {
        id: OperationId::parse(id).unwrap(),
        function: "pcm".to_owned(),
        command: "pcm.resend-day".to_owned(),
        members,
        requested_by: OperatorIdentity::sender("ana").unwrap(),
        reason: OperatorReason::parse("why").ok(),
    };
    Operation::new(order, OperationState::Running, now().plus(Duration::from_mins(minute)))
}

/// The first of an id counts, and the second one is told of it.
pub async fn an_id_is_taken_once(operations: &dyn Operations) {
    let (one, other) =
        (example("one", 0), Operation { command: "pcm.rebuild".to_owned(), ..example("one", 1) });
    assert_eq!(operations.find(&one.id).await.unwrap(), None, "the store is not empty");
    assert_eq!(operations.begin(&one).await.unwrap(), None);
    assert_eq!(operations.begin(&other).await.unwrap(), Some(one.clone()));
    assert_eq!(operations.find(&one.id).await.unwrap(), Some(one));
}

/// Of two changes of one version one is stored.
pub async fn of_two_changes_of_one_version_one_is_stored(operations: &dyn Operations) {
    let one = example("one", 0);
    operations.begin(&one).await.unwrap();
    let (first, second) = (one.failed("first", now()), one.failed("second", now()));
    assert!(operations.replace(&first).await.unwrap());
    assert!(!operations.replace(&second).await.unwrap(), "a version that is stored");
    assert!(
        !operations.replace(&Operation { version: 9, ..second }).await.unwrap(),
        "a change of no version"
    );
    assert!(!operations.replace(&example("none", 0).let_go(now())).await.unwrap(), "of nothing");
    assert_eq!(operations.find(&one.id).await.unwrap(), Some(first));
}

/// The newest first, page after page, and nothing of another day.
pub async fn a_day_is_listed_newest_first(operations: &dyn Operations) {
    let all = [example("a", 0), example("b", 2), example("c", 1), example("d", 0), example("later", 24 * 60)];
    for operation in &all {
        operations.begin(operation).await.unwrap();
    }
    let ids = |found: &[Operation]| found.iter().map(|o| o.id.to_string()).collect::<Vec<_>>();
    let day = now().date_utc();
    let first = operations.of_day(day, None, 3).await.unwrap();
    let place = first.found[2].place();
    assert_eq!(first.next.as_ref(), Some(&place));
    let first = first.found;
    assert_eq!(ids(&first), ["b", "c", "d"]);
    let last = operations.of_day(day, Some(&place), 3).await.unwrap();
    assert_eq!((ids(&last.found), last.next), (vec!["a".to_owned()], None));
    assert_eq!(ids(&operations.of_day(day.plus_days(1), None, 3).await.unwrap().found), ["later"]);
    assert_eq!(operations.of_day(day, Some("0"), 3).await.unwrap(), OfDay::default());
}
