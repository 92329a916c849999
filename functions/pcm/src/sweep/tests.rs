//! Every pending row is ticketed, and ticketed again when its ticket was lost.

use super::*;
use crate::testing::{Hand, Memory, Queue, row};

struct Desk {
    memory: Arc<Memory>,
    queue: Arc<Queue>,
    clock: Arc<Hand>,
    sweeper: Sweeper,
}

fn desk() -> Desk {
    let (memory, queue, clock) = (Arc::<Memory>::default(), Arc::<Queue>::default(), Arc::<Hand>::default());
    let sweeper = Sweeper { backlog: memory.clone(), tickets: queue.clone(), clock: clock.clone() };
    Desk { memory, queue, clock, sweeper }
}

impl Desk {
    fn add(&self, shard: u8, keys: std::ops::Range<usize>) {
        keys.for_each(|key| self.memory.add(shard, row(&format!("{key:06}"), "/p")));
    }

    async fn swept(&self) -> Vec<(u8, String, String)> {
        self.sweeper.tick().await.unwrap();
        self.queue.take().into_iter().map(|ticket| (ticket.shard, ticket.from, ticket.to)).collect()
    }
}

fn range(shard: u8, from: usize, to: usize) -> (u8, String, String) {
    (shard, format!("{from:06}"), format!("{to:06}"))
}

#[tokio::test]
async fn every_shard_is_cut_into_tickets() {
    let desk = desk();
    desk.add(0, 0..2_500);
    desk.add(3, 7..8);
    let expected = [range(0, 0, 999), range(0, 1_000, 1_999), range(0, 2_000, 2_499), range(3, 7, 7)];
    assert_eq!(desk.swept().await, expected);
}

#[tokio::test]
async fn an_empty_outbox_sends_and_notes_nothing() {
    let desk = desk();
    assert!(desk.swept().await.is_empty());
    assert!(desk.memory.leases.lock().unwrap().is_empty());
}

#[tokio::test]
async fn leased_rows_wait_and_new_rows_do_not() {
    let desk = desk();
    desk.add(1, 0..10);
    desk.swept().await;
    desk.clock.forward(10);
    assert!(desk.swept().await.is_empty());
    desk.add(1, 10..12);
    assert_eq!(desk.swept().await, [range(1, 10, 11)]);
}

#[tokio::test]
async fn t25_rows_of_a_lost_queue_are_ticketed_again_when_the_lease_ends() {
    let desk = desk();
    desk.add(1, 0..10);
    desk.swept().await;
    desk.clock.forward(60);
    assert_eq!(desk.swept().await, [range(1, 0, 9)]);
}

#[tokio::test]
async fn t19_steady_new_rows_do_not_keep_an_old_lease_alive() {
    let desk = desk();
    desk.add(1, 0..10);
    desk.swept().await;
    for turn in 1..=5 {
        desk.clock.forward(10);
        desk.add(1, turn * 10..turn * 10 + 1);
        assert_eq!(desk.swept().await, [range(1, turn * 10, turn * 10)]);
    }
    desk.clock.forward(10);
    assert_eq!(desk.swept().await, [range(1, 0, 50)]);
}

#[tokio::test]
async fn t20_death_between_send_and_lease_repeats_and_loses_nothing() {
    let desk = desk();
    desk.add(2, 0..3);
    *desk.memory.dying_leases.lock().unwrap() = 1;
    assert!(desk.sweeper.tick().await.is_err());
    assert_eq!(desk.queue.take().len(), 1);
    assert_eq!(desk.swept().await, [range(2, 0, 2)]);
}

#[tokio::test]
async fn a_queue_that_refuses_leaves_no_lease_and_the_other_shards_are_swept() {
    let desk = desk();
    desk.add(0, 0..3);
    desk.add(1, 0..3);
    *desk.queue.dying_sends.lock().unwrap() = 1;
    assert!(desk.sweeper.tick().await.is_err());
    assert_eq!(desk.memory.leases.lock().unwrap().keys().collect::<Vec<_>>(), [&1]);
    assert_eq!(desk.queue.take().len(), 1);
    assert_eq!(desk.swept().await, [range(0, 0, 2)]);
}

#[tokio::test]
async fn a_flood_is_swept_in_turns() {
    let desk = desk();
    desk.add(0, 0..MOST_TICKETS * TICKET_ROWS + 5);
    assert_eq!(desk.swept().await.len(), MOST_TICKETS);
    let next = MOST_TICKETS * TICKET_ROWS;
    assert_eq!(desk.swept().await, [range(0, next, next + 4)]);
}
