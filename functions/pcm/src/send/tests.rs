//! What becomes of rows under every answer of the platform.

use super::*;
use crate::testing::{Memory, Script, accept, row};
use ponte_domain::ports::Verdict as Said;

const PRIVATE: &str = "/report-api/v1/private/report";
const FUNNEL: &str = "/report-api/v2/hybrid-flow/server/authenticated";
const TICKET: &str = r#"{"shard":1,"from":"a","to":"z"}"#;

struct Desk {
    memory: Arc<Memory>,
    platform: Arc<Script>,
    sender: Sender,
}

fn desk(keys: &[&str], rule: fn(usize, &[&str]) -> PlatformAnswer) -> Desk {
    let (memory, platform) = (Arc::new(Memory::default()), Arc::new(Script::new(rule)));
    for key in keys {
        memory.add(1, row(key, PRIVATE));
    }
    let sender = Sender { backlog: memory.clone(), platform: platform.clone() };
    Desk { memory, platform, sender }
}

#[tokio::test]
async fn accepted_rows_leave_and_others_are_not_touched() {
    let desk = desk(&["b", "c", "zz"], |_, items| accept(items));
    desk.memory.add(2, row("b", PRIVATE));
    assert_eq!(desk.sender.work(TICKET).await, Verdict::Done);
    assert_eq!(desk.memory.pending(), 2);
    assert_eq!(desk.platform.calls.lock().unwrap()[0].1, [r#"{"key":"b"}"#, r#"{"key":"c"}"#]);
    // Repeating a ticket whose rows are gone is no call at all.
    assert_eq!(desk.sender.work(TICKET).await, Verdict::Done);
    assert_eq!(desk.platform.sizes(), [2]);
}

#[tokio::test]
async fn t50_a_mixed_answer_parks_only_the_discarded() {
    let desk = desk(&["b", "c", "d"], |_, _| {
        let discarded = Said::Discarded("Missing property: httpMethod;".to_owned());
        PlatformAnswer::Items(vec![Said::Accepted, discarded, Said::Accepted])
    });
    assert_eq!(desk.sender.work(TICKET).await, Verdict::Done);
    assert_eq!(desk.memory.pending(), 0);
    let parked = desk.memory.parked.lock().unwrap();
    assert_eq!(
        parked.iter().collect::<Vec<_>>(),
        [(&"c".to_owned(), &"Missing property: httpMethod;".to_owned())]
    );
}

#[tokio::test]
async fn t50_too_large_is_halved_until_it_fits() {
    let desk = desk(&["b", "c", "d", "e", "f"], |_, items| {
        if items.len() > 2 { PlatformAnswer::TooLarge } else { accept(items) }
    });
    assert_eq!(desk.sender.work(TICKET).await, Verdict::Done);
    assert_eq!(desk.memory.pending(), 0);
    assert!(desk.memory.parked.lock().unwrap().is_empty());
    let calls = desk.platform.calls.lock().unwrap();
    let sent = calls.iter().filter(|(_, items)| items.len() <= 2).flat_map(|(_, items)| items.clone());
    let mut sent = sent.collect::<Vec<_>>();
    sent.sort();
    assert_eq!(sent, ["b", "c", "d", "e", "f"].map(|key| format!("{{\"key\":\"{key}\"}}")));
}

#[tokio::test]
async fn t21_one_poisonous_row_is_found_and_parked() {
    let desk = desk(&["b", "c", "d", "e", "f", "g", "h"], |_, items| {
        if items.iter().any(|item| item.contains("\"e\"")) { PlatformAnswer::TooLarge } else { accept(items) }
    });
    assert_eq!(desk.sender.work(TICKET).await, Verdict::Done);
    assert_eq!(desk.memory.pending(), 0);
    assert_eq!(desk.memory.parked.lock().unwrap().keys().collect::<Vec<_>>(), ["e"]);
}

#[tokio::test]
async fn t50_later_leaves_every_row_and_asks_no_further() {
    let desk = desk(&["b", "c"], |_, _| PlatformAnswer::Later("status 429".to_owned()));
    desk.memory.add(1, row("d", FUNNEL));
    assert_eq!(desk.sender.work(TICKET).await, Verdict::Retry);
    assert_eq!((desk.memory.pending(), desk.platform.sizes().len()), (3, 1));
}

#[tokio::test]
async fn what_was_settled_before_later_is_not_sent_again() {
    let desk =
        desk(
            &["b"],
            |call, items| {
                if call == 2 { PlatformAnswer::Later("status 503".to_owned()) } else { accept(items) }
            },
        );
    desk.memory.add(1, row("c", FUNNEL));
    assert_eq!(desk.sender.work(TICKET).await, Verdict::Retry);
    assert_eq!(desk.memory.pending(), 1);
    assert_eq!(desk.sender.work(TICKET).await, Verdict::Done);
    let calls = desk.platform.calls.lock().unwrap();
    let paths = calls.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>();
    assert_eq!(paths, [PRIVATE, FUNNEL, FUNNEL]);
}

#[tokio::test]
async fn t51_death_between_post_and_mark_repeats_and_loses_nothing() {
    let desk = desk(&["b", "c"], |_, items| accept(items));
    *desk.memory.dying_dones.lock().unwrap() = 1;
    assert_eq!(desk.sender.work(TICKET).await, Verdict::Retry);
    assert_eq!(desk.memory.pending(), 2);
    assert_eq!(desk.sender.work(TICKET).await, Verdict::Done);
    assert_eq!((desk.memory.pending(), desk.platform.sizes()), (0, vec![2, 2]));
}

#[tokio::test]
async fn verdicts_that_do_not_match_the_items_keep_the_rows() {
    let desk = desk(&["b", "c"], |_, _| PlatformAnswer::Items(vec![Said::Accepted]));
    assert_eq!(desk.sender.work(TICKET).await, Verdict::Retry);
    assert_eq!(desk.memory.pending(), 2);
}

#[tokio::test]
async fn a_row_that_cannot_be_sent_is_parked_and_holds_nobody_up() {
    let desk = desk(&["b"], |_, items| accept(items));
    desk.memory.add(1, row("c", ""));
    assert_eq!(desk.sender.work(TICKET).await, Verdict::Done);
    assert_eq!(desk.memory.parked.lock().unwrap().keys().collect::<Vec<_>>(), ["c"]);
    assert_eq!(desk.platform.sizes(), [1]);
}

#[tokio::test]
async fn t21_what_is_no_ticket_is_dropped() {
    let desk = desk(&["b"], |_, items| accept(items));
    for body in [
        "",
        "{}",
        "[]",
        r#"{"shard":9,"from":"a","to":"z"}"#,
        r#"{"shard":1,"from":"z","to":"a"}"#,
        r#"{"shard":1,"from":"","to":"a"}"#,
        r#"{"shard":1,"from":"a","to":"z","more":1}"#,
    ] {
        assert_eq!(desk.sender.work(body).await, Verdict::Drop, "{body}");
    }
    assert_eq!((desk.memory.pending(), desk.platform.sizes().len()), (1, 0));
}
