//! Every pending row is ticketed, and ticketed again when its ticket was lost.

use super::*;
use crate::testing::{Lines, World, accept, noon, row, row_at, world};
use ponte_metrics::outbox::PendingRow;
use ponte_metrics::ports::Backlog as _;

struct Context {
    world: World,
    sweeper: Sweeper,
}

fn context() -> Context {
    let world = world(|_, items| accept(items));
    let sweeper = Sweeper::new(world.ports.clone());
    Context { world, sweeper }
}

impl Context {
    fn add(&self, shard: u8, keys: std::ops::Range<usize>) {
        keys.for_each(|key| {
            self.world.memory.add(shard, PendingRow { sort_key: format!("{key:06}"), ..row("any") });
        });
    }

    async fn swept(&self) -> Vec<(u8, String, String)> {
        self.sweeper.tick().await.unwrap();
        self.world.queue.take().into_iter().map(|ticket| (ticket.shard, ticket.from, ticket.to)).collect()
    }
}

fn range(shard: u8, from: usize, to: usize) -> (u8, String, String) {
    (shard, format!("{from:06}"), format!("{to:06}"))
}

#[tokio::test]
async fn every_shard_is_cut_into_tickets() {
    let context = context();
    context.add(0, 0..2_500);
    context.add(3, 7..8);
    let expected = [range(0, 0, 999), range(0, 1_000, 1_999), range(0, 2_000, 2_499), range(3, 7, 7)];
    assert_eq!(context.swept().await, expected);
}

#[tokio::test]
async fn an_empty_outbox_sends_and_notes_nothing() {
    let context = context();
    assert!(context.swept().await.is_empty());
    assert!(context.world.memory.state.lock().unwrap().leases.is_empty());
}

#[tokio::test]
async fn leased_rows_wait_and_new_rows_do_not() {
    let context = context();
    context.add(1, 0..10);
    context.swept().await;
    context.world.clock.forward(10);
    assert!(context.swept().await.is_empty());
    context.add(1, 10..12);
    assert_eq!(context.swept().await, [range(1, 10, 11)]);
}

#[tokio::test]
async fn t25_rows_of_a_lost_queue_are_ticketed_again_when_the_lease_ends() {
    let context = context();
    context.add(1, 0..10);
    context.swept().await;
    context.world.clock.forward(60);
    assert_eq!(context.swept().await, [range(1, 0, 9)]);
}

#[tokio::test]
async fn t19_steady_new_rows_do_not_keep_an_old_lease_alive() {
    let context = context();
    context.add(1, 0..10);
    context.swept().await;
    for turn in 1..=5 {
        context.world.clock.forward(10);
        context.add(1, turn * 10..turn * 10 + 1);
        assert_eq!(context.swept().await, [range(1, turn * 10, turn * 10)]);
    }
    context.world.clock.forward(10);
    assert_eq!(context.swept().await, [range(1, 0, 50)]);
}

#[tokio::test]
async fn t20_death_between_send_and_lease_repeats_and_loses_nothing() {
    let context = context();
    context.add(2, 0..3);
    // Shards 0 and 1 take two calls each: lease, keys. In shard 2 it dies before noting the lease.
    context.world.memory.fuse.light(6, false);
    assert!(context.sweeper.tick().await.is_err());
    context.world.memory.fuse.replace();
    assert_eq!(context.world.queue.take().len(), 1);
    assert_eq!(context.swept().await, [range(2, 0, 2)]);
}

#[tokio::test]
async fn a_queue_that_refuses_leaves_no_lease_and_the_other_shards_are_swept() {
    let context = context();
    context.add(0, 0..3);
    context.add(1, 0..3);
    *context.world.queue.dying_sends.lock().unwrap() = 1;
    assert!(context.sweeper.tick().await.is_err());
    assert_eq!(context.world.memory.state.lock().unwrap().leases.keys().collect::<Vec<_>>(), [&1]);
    assert_eq!(context.world.queue.take().len(), 1);
    assert_eq!(context.swept().await, [range(0, 0, 2)]);
}

#[tokio::test]
async fn a_flood_is_swept_in_turns() {
    let context = context();
    context.add(0, 0..MOST_TICKETS * TICKET_ROWS + 5);
    assert_eq!(context.swept().await.len(), MOST_TICKETS);
    let next = MOST_TICKETS * TICKET_ROWS;
    assert_eq!(context.swept().await, [range(0, next, next + 4)]);
}

/// A hundred reports of yesterday, of which `pending` wait and the others were accepted.
fn yesterday(pending: usize) -> Context {
    let context = context();
    let date = noon().date_brasilia().plus_days(-1);
    let at = day::begins(date).plus(std::time::Duration::from_hours(12));
    for number in 0..pending {
        context.world.memory.add(0, row_at(&format!("open-{number}"), at));
    }
    let key = ponte_metrics::ledger::LineKey {
        day: date,
        api: "accounts/v2".to_owned(),
        role: ponte_metrics::ledger::Role::Server,
    };
    let accepted = ponte_metrics::ledger::Counts {
        accepted: u64::try_from(100 - pending).unwrap(),
        ..ponte_metrics::ledger::Counts::default()
    };
    context.world.memory.state.lock().unwrap().lines.insert(key, accepted);
    context
}

/// What the sweep writes into the log.
async fn alarms(context: &Context) -> Vec<serde_json::Value> {
    let lines = crate::testing::Lines::default();
    let guard = lines.listen();
    context.sweeper.tick().await.unwrap();
    drop(guard);
    lines.read().into_iter().filter(|line| !line["fields"]["alarm"].is_null()).collect()
}

#[tokio::test]
async fn m60_an_alarm_is_raised_from_five_on_while_too_little_has_arrived() {
    let context = yesterday(6);
    // Noon of the day after: the deadline was four hours ago.
    assert!(alarms(&context).await.is_empty());
    context.world.clock.forward(-5 * 3600);
    let raised = alarms(&context).await;
    assert_eq!(raised.len(), 1, "{raised:?}");
    let fields = &raised[0]["fields"];
    assert_eq!((&fields["alarm"], &fields["day"]), (&"pcm-deadline".into(), &"2026-02-28".into()));
    assert_eq!((&fields["reached_per_mille"], &fields["open"]), (&940.into(), &6.into()));
    assert_eq!(raised[0]["level"], "ERROR");
    context.world.clock.forward(-3 * 3600);
    assert!(alarms(&context).await.is_empty(), "before five there is time");
    let context = yesterday(5);
    context.world.clock.forward(-5 * 3600);
    assert!(alarms(&context).await.is_empty(), "95% is enough");
}

/// What the lines of one sweep say under `field`.
async fn measured(context: &Context, field: &str) -> Vec<serde_json::Value> {
    let lines = Lines::default();
    let listening = lines.listen();
    context.sweeper.tick().await.unwrap();
    drop(listening);
    let lines = lines.read().into_iter();
    lines.map(|line| line["fields"][field].clone()).filter(|value| !value.is_null()).collect()
}

#[tokio::test]
async fn t67_the_sweep_says_how_long_the_oldest_report_of_any_shard_waits() {
    let context = context();
    assert_eq!(measured(&context, "outbox_age_seconds").await, [0], "nothing waits, and the sweep says so");
    let at = |minutes: u64, id: &str| {
        let at = noon().minus(std::time::Duration::from_mins(minutes)).with_millis();
        PendingRow { sort_key: format!("{at}#{id}"), ..row("any") }
    };
    context.world.memory.add(2, at(3, "young"));
    context.world.memory.add(1, at(90, "old"));
    assert_eq!(measured(&context, "outbox_age_seconds").await, [5_400]);
    // A day of last week, sent once more a minute ago, is a minute old.
    context.world.memory.done(1, &[at(90, "old").sort_key]).await.unwrap();
    let ordered = noon().minus(std::time::Duration::from_mins(1));
    context.world.memory.add(0, at(9_000, "again").resent(ordered));
    assert_eq!(measured(&context, "outbox_age_seconds").await, [180]);
}

#[tokio::test]
async fn t67_the_sweep_says_how_many_days_the_certificate_is_good() {
    let mut context = context();
    assert!(measured(&context, "certificate_days_left").await.is_empty(), "it knows of none");
    for (hours, days) in [(30 * 24, 30), (30 * 24 - 1, 29), (24, 1), (23, 0), (0, 0)] {
        let end = noon().plus(std::time::Duration::from_hours(hours));
        context.sweeper = Sweeper::new(context.world.ports.clone()).watching(end);
        assert_eq!(measured(&context, "certificate_days_left").await, [days], "{hours} h");
    }
    let over = noon().minus(std::time::Duration::from_hours(48));
    context.sweeper = Sweeper::new(context.world.ports.clone()).watching(over);
    assert_eq!(measured(&context, "certificate_days_left").await, [0]);
}
