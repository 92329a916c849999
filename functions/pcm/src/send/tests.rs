//! Rows under every answer of the platform.

use super::*;
use crate::testing::{Lines, World, accept, later, noon, received, row, row_at, world};
use ponte_metrics::outbox::{PendingRow, shard_of_key};
use ponte_metrics::verdict::ReportVerdict;
use ponte_ports::Clock as _;

const FUNNEL: &str = "/report-api/v2/hybrid-flow/server/authenticated";

struct Context {
    world: World,
    sender: Sender,
    ticket: String,
}

/// Names of rows that belong to shard 1, in order.
fn of_shard_one(count: usize) -> Vec<String> {
    let names = (0..).map(|number| format!("call-{number:04}"));
    names.filter(|name| shard_of_key(&row(name).sort_key) == 1).take(count).collect()
}

fn context(count: usize, rule: impl Fn(usize, &[&str]) -> PlatformAnswer + Send + Sync + 'static) -> Context {
    let world = world(rule);
    for name in of_shard_one(count) {
        world.memory.add(1, row(&name));
    }
    let sender = Sender::new(world.ports.clone());
    Context { world, sender, ticket: r#"{"shard":1,"from":"2","to":"3"}"#.to_owned() }
}

impl Context {
    async fn work(&self) -> Verdict {
        self.sender.work(&received(&self.ticket, self.world.clock.now())).await
    }

    fn add_step(&self) {
        let body = format!(r#"{{"consentId":"urn:banco:1","timestamp":"{}"}}"#, noon().with_millis());
        let step = of_shard_one(40).pop().unwrap();
        self.world.memory.add(1, PendingRow { path: FUNNEL.to_owned(), body, ..row(&step) });
    }

    fn is_idle(&self) -> bool {
        self.world.memory.state.lock().unwrap().boards.values().all(|leases| leases.claims.is_empty())
    }
}

fn discarded(message: &str) -> ReportVerdict {
    ReportVerdict::Discarded(message.to_owned())
}

#[tokio::test]
async fn accepted_rows_leave_are_counted_and_archived_and_others_are_not_touched() {
    let context = context(2, |_, items| accept(items));
    context.world.memory.add(2, row("other"));
    assert_eq!(context.work().await, Verdict::Done);
    assert_eq!(context.world.memory.pending(), 1);
    assert_eq!(context.world.platform.names(), [of_shard_one(2)]);
    let counts = context.world.memory.counts();
    assert_eq!((counts.sent, counts.accepted, counts.late), (2, 2, 0));
    assert_eq!(context.world.memory.state.lock().unwrap().parts.len(), 1);
    // Repeating a ticket whose rows are gone is no call at all.
    assert_eq!(context.work().await, Verdict::Done);
    assert_eq!(context.world.platform.sizes(), [2]);
    assert!(context.is_idle());
}

#[tokio::test]
async fn t50_m03_a_mixed_answer_sends_only_the_bad_ones_again() {
    let context = context(4, |call, items| {
        if call > 1 {
            return accept(items);
        }
        PlatformAnswer::Items(vec![
            ReportVerdict::Accepted,
            discarded("Missing property: 'httpMethod'"),
            discarded("Additional property not allowed: statusCode"),
            ReportVerdict::Accepted,
        ])
    });
    assert_eq!(context.work().await, Verdict::Done);
    let names = of_shard_one(4);
    // One is parked with the platform's words, one waits, mended, for the next sweep.
    let parked = context.world.memory.parked_reasons().into_values().collect::<Vec<_>>();
    assert_eq!(parked, ["discarded: Missing property: 'httpMethod'"]);
    assert_eq!(context.world.memory.pending(), 1);
    assert_eq!(context.work().await, Verdict::Done);
    assert_eq!(context.world.platform.names(), [names.clone(), vec![names[2].clone()]]);
    assert!(!context.world.platform.calls.lock().unwrap()[1].1[0].contains("statusCode"));
    let counts = context.world.memory.counts();
    assert_eq!((counts.sent, counts.accepted, counts.discarded, counts.parked), (5, 3, 2, 1));
    assert_eq!((context.world.memory.pending(), context.is_idle()), (0, true));
}

/// What a later release leaves in the outbox, each as it may look to this one: of an endpoint that its list has, of a kind of
/// report that is not known, with a member of another type, or with a body that is no object any more.
fn of_a_later_release(names: &[String]) -> Vec<PendingRow> {
    let body = |name: &str, change: fn(&mut serde_json::Value)| {
        let mut body = serde_json::from_str(&row(name).body).unwrap();
        change(&mut body);
        PendingRow { body: body.to_string(), ..row(name) }
    };
    vec![
        body(&names[0], |body| body["endpoint"] = "/open-banking/next/v1/things".into()),
        body(&names[1], |body| body["timestamp"] = serde_json::json!({"seconds": 1})),
        body(&names[2], |body| *body = serde_json::json!(["next"])),
        PendingRow { path: "next".to_owned(), ..row(&names[3]) },
    ]
}

#[tokio::test]
async fn d8_rows_of_a_later_release_are_kept_as_they_are_and_the_others_are_sent() {
    let context = context(0, |_, items| accept(items));
    let names = of_shard_one(9);
    let (later, known) = names.split_at(4);
    let later = of_a_later_release(later);
    for row in &later {
        context.world.memory.add(1, row.clone());
    }
    for name in known {
        context.world.memory.add(1, row(name));
    }
    let lines = Lines::default();
    let guard = lines.listen();
    assert_eq!(context.work().await, Verdict::Done);
    drop(guard);
    assert_eq!(context.world.platform.names(), [known.to_vec()], "those, and nothing of the others");
    let kept = {
        let state = context.world.memory.state.lock().unwrap();
        state
            .parked
            .values()
            .map(|parked| (parked.row.path.clone(), parked.row.body.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(kept, later.iter().map(|row| (row.path.clone(), row.body.clone())).collect::<Vec<_>>());
    let counts = context.world.memory.counts();
    assert_eq!((counts.accepted, context.world.memory.pending(), context.is_idle()), (5, 0, true));
    assert!(
        !lines.read().iter().any(|line| line.to_string().contains("next/v1/things\\\"")),
        "no body is logged"
    );
    // They hold up nobody afterwards either.
    assert_eq!(context.work().await, Verdict::Done);
    assert_eq!(context.world.platform.sizes(), [5]);
}

#[tokio::test]
async fn t53_a_report_is_mended_twice_at_most() {
    let context = context(1, |call, items| {
        let field = ["statusCode", "httpMethod", "role"][call - 1];
        assert_eq!(items.len(), 1);
        PlatformAnswer::Items(vec![discarded(&format!("Additional property not allowed: {field}"))])
    });
    for _ in 0..3 {
        assert_eq!(context.work().await, Verdict::Done);
    }
    assert_eq!((context.world.memory.pending(), context.world.platform.sizes().len()), (0, 3));
    let parked = context.world.memory.parked_reasons().into_values().collect::<Vec<_>>();
    assert_eq!(parked, ["discarded again after two repairs: Additional property not allowed: role"]);
}

#[tokio::test]
async fn t50_too_large_is_halved_until_it_fits() {
    let context =
        context(5, |_, items| if items.len() > 2 { PlatformAnswer::TooLarge } else { accept(items) });
    assert_eq!(context.work().await, Verdict::Done);
    assert_eq!((context.world.memory.pending(), context.world.memory.counts().accepted), (0, 5));
    let calls = context.world.platform.names();
    let mut sent = calls.into_iter().filter(|items| items.len() <= 2).flatten().collect::<Vec<_>>();
    sent.sort();
    assert_eq!(sent, of_shard_one(5));
}

#[tokio::test]
async fn t21_one_poisonous_row_is_found_and_parked() {
    let poison = of_shard_one(7)[3].clone();
    let poisonous = poison.clone();
    let context = context(7, move |_, items| {
        if items.iter().any(|item| item.contains(&poison)) { PlatformAnswer::TooLarge } else { accept(items) }
    });
    assert_eq!(context.work().await, Verdict::Done);
    assert_eq!((context.world.memory.pending(), context.world.memory.counts().accepted), (0, 6));
    let parked = context.world.memory.parked_reasons();
    assert!(parked.keys().all(|key| key.ends_with(&poisonous)) && parked.len() == 1, "{parked:?}");
}

#[tokio::test]
async fn t50_reports_of_a_path_that_the_platform_does_not_know_are_parked_and_not_asked_for_again() {
    let context = context(5, |_, _| PlatformAnswer::UnknownPath);
    let lines = Lines::default();
    let guard = lines.listen();
    let worked = context.work().await;
    drop(guard);
    assert_eq!((worked, context.world.memory.pending()), (Verdict::Done, 0));
    let parked = context.world.memory.parked_reasons();
    assert!(parked.len() == 5 && parked.values().all(|reason| reason.contains("404")), "{parked:?}");
    assert_eq!(context.world.platform.sizes(), [5], "asked once");
    let raised = lines.read().into_iter().filter(|line| !line["fields"]["alarm"].is_null()).count();
    assert_eq!(raised, 1);
}

#[tokio::test]
async fn t50_a_path_that_fails_keeps_no_other_waiting() {
    let context = context(2, |_, items| {
        if items.iter().all(|item| item.contains("consentId")) {
            accept(items)
        } else {
            later("status 500", None)
        }
    });
    context.add_step();
    assert_eq!(context.work().await, Verdict::Retry);
    assert_eq!((context.world.memory.pending(), context.world.memory.counts().accepted), (2, 1));
}

#[tokio::test]
async fn t50_later_is_tried_again_after_growing_pauses_and_then_left() {
    let context = context(2, |_, _| later("status 503", None));
    context.add_step();
    assert_eq!(context.work().await, Verdict::Retry);
    // Full chance: 1 + 2 + 4 seconds, and 8 more would be beyond the time there is.
    let pauses = context.world.clock.pauses.lock().unwrap().iter().map(Duration::as_secs).collect::<Vec<_>>();
    assert_eq!(pauses, [1, 2, 4]);
    // The other path is tried once.
    assert_eq!((context.world.memory.pending(), context.world.platform.sizes()), (3, vec![2, 2, 2, 2, 1]));
    // The process leaves the platform alone for those eight seconds, whatever ticket comes.
    assert_eq!(context.work().await, Verdict::Retry);
    assert_eq!(context.world.platform.sizes().len(), 5);
    context.world.clock.forward(8);
    assert_eq!(context.work().await, Verdict::Retry);
    assert!(context.world.platform.sizes().len() > 4);
    assert!(context.is_idle());
}

#[tokio::test]
async fn t50_retry_after_is_honoured() {
    let context =
        context(2, |call, items| if call == 1 { later("status 429", Some(7)) } else { accept(items) });
    assert_eq!(context.work().await, Verdict::Done);
    assert_eq!(*context.world.clock.pauses.lock().unwrap(), [Duration::from_secs(7)]);
    assert_eq!(context.world.memory.counts().accepted, 2);
}

#[tokio::test]
async fn t50_a_long_retry_after_is_not_waited_for_but_kept() {
    let context =
        context(2, |call, items| if call == 1 { later("status 429", Some(120)) } else { accept(items) });
    assert_eq!(context.work().await, Verdict::Retry);
    context.world.clock.forward(119);
    assert_eq!(context.work().await, Verdict::Retry);
    assert_eq!(context.world.platform.sizes().len(), 1);
    context.world.clock.forward(1);
    assert_eq!(context.work().await, Verdict::Done);
    assert_eq!((context.world.memory.pending(), context.world.platform.sizes().len()), (0, 2));
}

#[tokio::test]
async fn lb04_a_pause_noted_by_a_clock_that_was_ahead_holds_nobody_up() {
    let context =
        context(2, |call, items| if call == 1 { later("status 429", Some(120)) } else { accept(items) });
    context.world.clock.forward(3_600);
    assert_eq!(context.work().await, Verdict::Retry);
    context.world.clock.forward(-3_600);
    assert_eq!(context.work().await, Verdict::Done);
    assert_eq!(context.world.memory.pending(), 0);
}

#[tokio::test]
async fn what_was_settled_before_later_is_not_sent_again() {
    let context =
        context(1, |call, items| if call == 2 { later("status 503", Some(60)) } else { accept(items) });
    context.add_step();
    assert_eq!(context.work().await, Verdict::Retry);
    assert_eq!(context.world.memory.pending(), 1);
    context.world.clock.forward(60);
    assert_eq!(context.work().await, Verdict::Done);
    let calls = context.world.platform.calls.lock().unwrap();
    let paths = calls.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>();
    assert_eq!(paths, ["/report-api/v1/private/report", FUNNEL, FUNNEL]);
}

/// Port calls of a ticket with one batch: leases, claim, rows, post, settle, done, leases, give back.
const POST: usize = 3;
const SETTLE: usize = 4;
const TAKE_AWAY: usize = 5;

#[tokio::test]
async fn t51_death_after_the_post_sends_again_and_counts_once() {
    for (calls, after_effect) in [(POST, true), (SETTLE, false)] {
        let context = context(2, |_, items| accept(items));
        context.world.memory.fuse.light(calls, after_effect);
        assert_eq!(context.work().await, Verdict::Retry);
        context.world.memory.fuse.replace();
        assert_eq!((context.world.memory.pending(), context.world.memory.counts().accepted), (2, 0));
        // While the dead worker's claim runs, nobody touches its rows.
        assert_eq!(context.work().await, Verdict::Done);
        assert_eq!(context.world.platform.sizes(), [2]);
        context.world.clock.forward(91);
        assert_eq!(context.work().await, Verdict::Done);
        assert_eq!(context.world.platform.sizes(), [2, 2]);
        assert_eq!((context.world.memory.pending(), context.world.memory.counts().accepted), (0, 2));
        assert!(context.is_idle());
    }
}

#[tokio::test]
async fn t51_death_after_the_archive_never_sends_again() {
    for (calls, after_effect) in [(SETTLE, true), (TAKE_AWAY, false), (TAKE_AWAY, true)] {
        let context = context(3, |_, _| {
            let extra = discarded("Additional property not allowed: statusCode");
            PlatformAnswer::Items(vec![ReportVerdict::Accepted, extra, discarded("Unlisted endpoint: x")])
        });
        context.world.memory.fuse.light(calls, after_effect);
        assert_eq!(context.work().await, Verdict::Retry);
        context.world.memory.fuse.replace();
        // Nothing confirms the clock of a sweep: five minutes more.
        context.world.clock.forward(391);
        let sweeper = crate::Sweeper::new(context.world.ports.clone());
        ponte_edge::Tick::tick(&sweeper).await.unwrap();
        // Without another post: one is gone, one waits mended, one is parked.
        assert_eq!(context.world.platform.sizes(), [3]);
        let counts = context.world.memory.counts();
        assert_eq!((counts.accepted, counts.discarded, counts.parked), (1, 2, 1));
        assert_eq!((context.world.memory.pending(), context.is_idle()), (1, true));
    }
}

#[tokio::test]
async fn t51_an_archive_whose_answer_was_lost_is_believed_by_what_stands_on_the_board() {
    let context = context(2, |_, items| accept(items));
    context.world.memory.fuse.lose_answer(SETTLE);
    assert_eq!(context.work().await, Verdict::Retry);
    // The worker lives, but it does not know that its rows are settled: the claim must not go.
    assert!(!context.is_idle());
    context.world.clock.forward(91);
    assert_eq!(context.work().await, Verdict::Done);
    assert_eq!((context.world.platform.sizes(), context.world.memory.counts().accepted), (vec![2], 2));
    assert_eq!((context.world.memory.pending(), context.is_idle()), (0, true));
}

#[tokio::test]
async fn two_tickets_over_the_same_rows_send_them_once() {
    let context = context(3, |_, items| accept(items));
    let ticket: Ticket = serde_json::from_str(&context.ticket).unwrap();
    assert!(
        claims::claim(&context.world.ports, &ticket, "the other worker", Some(context.world.clock.now()))
            .await
            .unwrap()
    );
    assert_eq!(context.work().await, Verdict::Done);
    assert_eq!((context.world.memory.pending(), context.world.platform.sizes().len()), (3, 0));
}

#[tokio::test]
async fn a_worker_that_lost_its_claim_does_not_count() {
    let context = context(2, |_, items| accept(items));
    let ticket: Ticket = serde_json::from_str(&context.ticket).unwrap();
    assert!(
        claims::claim(&context.world.ports, &ticket, "slow", Some(context.world.clock.now())).await.unwrap()
    );
    context.world.clock.forward(91);
    assert_eq!(context.work().await, Verdict::Done);
    let items =
        of_shard_one(2).iter().map(|name| SettledRow::new(row(name), ReportVerdict::Accepted)).collect();
    let late = Settlement { shard: 1, owner: "slow".to_owned(), at: noon(), items };
    assert_eq!(context.world.ports.settlements.settle(&late).await.unwrap(), None);
    assert_eq!(context.world.memory.counts().accepted, 2);
}

#[tokio::test]
async fn m13_m22_what_would_be_refused_is_parked_unsent_and_the_future_waits() {
    let context = context(1, |_, items| accept(items));
    let names = of_shard_one(5);
    let old = row_at(&names[1], noon().minus(Duration::from_hours(169)));
    let future = row_at(&names[2], noon().plus(Duration::from_mins(20)));
    let mut unlisted = row(&names[3]);
    unlisted.body = unlisted.body.replace("/v2/accounts", "/v9/accounts");
    let broken = PendingRow { path: String::new(), ..row(&names[4]) };
    for row in [old, future, unlisted, broken] {
        context.world.memory.add(1, row);
    }
    assert_eq!(context.work().await, Verdict::Done);
    assert_eq!(context.world.platform.names(), [vec![names[0].clone()]]);
    assert_eq!((context.world.memory.pending(), context.world.memory.counts().parked), (1, 3));
    context.world.clock.forward(20 * 60);
    assert_eq!(context.work().await, Verdict::Done);
    assert_eq!(context.world.memory.pending(), 0);
}

#[tokio::test]
async fn a_repeat_is_counted_as_such_and_its_refusal_is_no_loss() {
    let context = context(0, |_, _| {
        PlatformAnswer::Items(vec![
            ReportVerdict::Accepted,
            discarded("Report is too old: Timestamp is older than 7 days"),
        ])
    });
    for name in of_shard_one(2) {
        context.world.memory.add(1, row(&name).resent(noon()));
    }
    assert_eq!(context.work().await, Verdict::Done);
    let counts = context.world.memory.counts();
    assert_eq!(
        (counts.sent, counts.accepted, counts.repeated, counts.discarded, counts.parked),
        (2, 0, 1, 1, 0)
    );
    assert_eq!(context.world.memory.pending(), 0);
}

#[tokio::test]
async fn m60_what_is_accepted_after_eight_is_late() {
    let context = context(2, |_, items| accept(items));
    context.world.clock.forward(20 * 3600 + 1);
    assert_eq!(context.work().await, Verdict::Done);
    let counts = context.world.memory.counts();
    assert_eq!((counts.accepted, counts.late), (2, 2));
}

#[tokio::test]
async fn verdicts_that_do_not_match_the_items_keep_the_rows() {
    let context = context(2, |_, _| PlatformAnswer::Items(vec![ReportVerdict::Accepted]));
    assert_eq!(context.work().await, Verdict::Retry);
    assert_eq!(context.world.memory.pending(), 2);
}

#[tokio::test]
async fn t21_what_is_no_ticket_is_dropped() {
    let context = context(1, |_, items| accept(items));
    for body in [
        "",
        "{}",
        "[]",
        r#"{"shard":9,"from":"a","to":"z"}"#,
        r#"{"shard":1,"from":"z","to":"a"}"#,
        r#"{"shard":1,"from":"","to":"a"}"#,
        r#"{"shard":1,"from":"a","to":"z","more":1}"#,
    ] {
        let message = Message { body: body.to_owned(), ..Message::default() };
        assert!(matches!(context.sender.work(&message).await, Verdict::Drop(_)), "{body}");
    }
    assert_eq!((context.world.memory.pending(), context.world.platform.sizes().len()), (1, 0));
}

mod crashes;
