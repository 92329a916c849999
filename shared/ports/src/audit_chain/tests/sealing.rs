//! What a sweep seals, and what it leaves.

use std::sync::{Arc, Mutex, Once};

use tracing_subscriber::layer::SubscriberExt as _;

use super::world::{Obstacle, SHARD, World, at, day, key, part};
use crate::audit_chain::sealing::{SEAL_ROWS, Sealed, seal};
use crate::audit_chain::{AuditSeal, ChainHead, RowDigest};

fn rows(world: &World, keys: &[&str], of: &str) -> Vec<RowDigest> {
    let stored = world.rows.lock().unwrap();
    let row = |key: &&str| RowDigest {
        key: (*key).to_owned(),
        sha256: stored[&(part(of), (*key).to_owned())].clone(),
    };
    keys.iter().map(row).collect()
}

#[tokio::test]
async fn t48_a_row_is_sealed_once_no_other_can_come_in_front_of_it() {
    let world = World::at("2026-03-01T12:00:00Z");
    let last = world.write("2026-03-01T11:53:59.999Z", "a");
    // Six minutes old to the millisecond, by the first look at the clock of this shard: one behind it may still come.
    world.write("2026-03-01T11:54:00.000Z", "b");
    let until = at("2026-03-01T12:00:20Z");
    let sealed = seal(&world, SHARD, &world, until).await.unwrap();
    assert_eq!(sealed, Sealed { seals: 1, rows: 1 });
    let first = world.seals.lock().unwrap()[&1].clone();
    let expected = AuditSeal {
        day: day("2026-03-01"),
        shard: SHARD,
        number: 1,
        before: String::new(),
        before_day: None,
        after: String::new(),
        rows: rows(&world, &[&last], "2026-03-01"),
        digest: first.computed(),
    };
    assert_eq!(first, expected);
    let head = ChainHead {
        shard: SHARD,
        day: day("2026-03-01"),
        upto: last,
        number: 1,
        digest: first.digest,
        sealed_day: Some(day("2026-03-01")),
        since: day("2026-02-28"),
        version: 2,
    };
    assert_eq!(world.heads.lock().unwrap()[&SHARD], head);
    world.set("2026-03-01T12:00:00Z");
    assert_eq!(seal(&world, SHARD, &world, until).await.unwrap(), Sealed::default(), "sealed once");
    assert_eq!(world.heads.lock().unwrap()[&SHARD], head);
}

#[tokio::test]
async fn t48_each_seal_hangs_on_the_one_before_over_the_days() {
    let world = World::of_four_days().await;
    let seals = world.seals.lock().unwrap().clone();
    let (first, second) = ("2026-03-01", "2026-03-02");
    let b = key("2026-03-01T11:00:00Z", "b");
    for (number, of, before_day, after) in [
        (1, first, None, ""),
        (2, first, Some(first), b.as_str()),
        (4, second, Some(first), ""),
        (5, "2026-03-04", Some(second), ""),
    ] {
        let seal = &seals[&number];
        assert_eq!((seal.number, seal.day, seal.after.as_str()), (number, day(of), after));
        assert_eq!(seal.before_day, before_day.map(day));
        assert_eq!(seal.before, seals.get(&(number - 1)).map_or("", |before| before.digest.as_str()));
    }
}

#[tokio::test]
async fn t48_one_sweep_seals_the_end_of_a_day_and_what_is_old_enough_of_the_next() {
    let world = World::at("2026-03-02T00:10:00Z");
    for (time, commit) in
        [("2026-03-01T23:59:59Z", "a"), ("2026-03-02T00:01:00Z", "b"), ("2026-03-02T00:09:00Z", "c")]
    {
        world.write(time, commit);
    }
    assert_eq!(world.sweep().await, Sealed { seals: 2, rows: 2 });
}

#[tokio::test]
async fn t48_many_rows_take_several_seals_of_one_sweep() {
    let world = World::at("2026-03-01T12:00:00Z");
    for number in 0..=SEAL_ROWS {
        world.write("2026-03-01T11:00:00Z", &format!("{number:05}"));
    }
    let all = u64::try_from(SEAL_ROWS).unwrap() + 1;
    assert_eq!(world.sweep().await, Sealed { seals: 2, rows: all });
    assert_eq!(world.seals.lock().unwrap()[&2].rows.len(), 1);
}

#[tokio::test]
async fn t48_a_sweep_without_time_moves_nothing() {
    let world = World::at("2026-03-01T12:00:00Z");
    world.write("2026-03-01T11:00:00Z", "a");
    // The first look at the clock says what is old enough, the second whether there is time.
    let until = at("2026-03-01T12:00:00.001Z");
    assert_eq!(seal(&world, SHARD, &world, until).await.unwrap(), Sealed::default());
    assert!(world.heads.lock().unwrap().is_empty());
}

/// A chain of one seal, a row behind it, and what stands in the way of the next one.
async fn before_an_obstacle(obstacle: Obstacle) -> World {
    let world = World::at("2026-03-01T12:00:00Z");
    world.write("2026-03-01T11:00:00Z", "a");
    world.sweep().await;
    world.write("2026-03-01T11:30:00Z", "b");
    *world.obstacle.lock().unwrap() = Some(obstacle);
    world
}

#[tokio::test]
async fn t48_a_sweep_that_another_one_overtook_counts_nothing() {
    for obstacle in [Obstacle::Faster, Obstacle::Contention] {
        let world = before_an_obstacle(obstacle).await;
        assert_eq!(world.sweep().await, Sealed::default());
    }
}

#[tokio::test]
async fn t67_a_shard_that_cannot_be_sealed_raises_the_alarm_with_the_seal_that_is_missing() {
    let world = before_an_obstacle(Obstacle::Forgery).await;
    let (lines, listening) = Lines::listen();
    let until = at("2026-03-01T12:01:00Z");
    assert!(seal(&world, SHARD, &world, until).await.is_err());
    drop(listening);
    let [told] = &lines.read()[..] else { panic!("one line") };
    assert!(told.contains(r#""audit_faults":1"#) && told.contains(r#""number":2"#), "{told}");
}

#[tokio::test]
async fn t67_no_sweep_goes_on_from_an_end_that_lies_in_the_future() {
    for (of, upto, stopped) in [
        ("2026-03-02", "", true),
        ("2026-03-01", "2026-03-01T12:00:00.001Z", true),
        ("2026-03-01", "2026-03-01T12:00:00.000Z", false),
        ("2026-02-28", "2026-03-01T23:00:00.000Z", false),
    ] {
        let world = World::at("2026-03-01T12:00:00Z");
        let head = ChainHead {
            day: day(of),
            upto: upto.to_owned(),
            ..ChainHead::beginning(SHARD, at("2026-03-01T12:00:00Z"))
        };
        world.heads.lock().unwrap().insert(SHARD, head);
        let until = at("2026-03-01T12:01:00Z");
        assert_eq!(seal(&world, SHARD, &world, until).await.is_err(), stopped, "{of} {upto}");
    }
}

#[tokio::test]
async fn t48_t67_the_log_has_the_digest_of_every_seal_and_the_beginning_of_every_chain() {
    let world = World::at("2026-03-01T12:00:00Z");
    world.write("2026-03-01T11:00:00Z", "a");
    let (lines, listening) = Lines::listen();
    let until = at("2026-03-01T12:01:00Z");
    seal(&world, SHARD, &world, until).await.unwrap();
    drop(listening);
    let [begins, sealed] = &lines.read()[..] else { panic!("two lines") };
    assert!(begins.contains(r#""audit_faults":1"#) && begins.contains(r#""since":"2026-02-28""#), "{begins}");
    assert!(sealed.contains(&world.seals.lock().unwrap()[&1].digest), "{sealed}");
}

/// Log lines of a test.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    /// Keeps what this thread logs until the guard goes. The process listens too: a line first reached by a thread that nobody
    /// listens to is switched off for all of them.
    fn listen() -> (Self, tracing::subscriber::DefaultGuard) {
        static PROCESS: Once = Once::new();
        PROCESS.call_once(|| {
            let listening = tracing_subscriber::fmt().with_writer(std::io::sink).finish();
            tracing::subscriber::set_global_default(listening).unwrap();
        });
        let lines = Self::default();
        let sink = lines.clone();
        let layer = tracing_subscriber::fmt::layer().json().with_writer(move || sink.clone());
        let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
        (lines, guard)
    }

    fn read(&self) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().map(str::to_owned).collect()
    }
}

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A digest of an older release: seals that are stored are proven by every later one.
#[test]
fn t48_the_digest_of_a_seal_never_changes_between_releases() {
    let row = |key: &str, of: &str| RowDigest { key: key.to_owned(), sha256: of.repeat(64) };
    let first = AuditSeal {
        day: day("2026-03-01"),
        shard: 1,
        number: 1,
        before: String::new(),
        before_day: None,
        after: String::new(),
        rows: vec![row("k1", "a")],
        digest: String::new(),
    };
    assert_eq!(first.computed(), "7163e28169a73ee6e1b16b258aec5831f15ff2ce225957db87dc0982d241e75e");
    let second = AuditSeal {
        number: 2,
        before: "b".repeat(64),
        before_day: Some(day("2026-02-28")),
        after: "k0".to_owned(),
        rows: vec![row("k1", "a"), row("k2", "c")],
        ..first
    };
    assert_eq!(second.computed(), "3d075751fbb4cfec904fcb6efa72ffa9492b33d1b968480dc4216acb37f8e3a3");
    assert_eq!((second.upto(), AuditSeal { rows: Vec::new(), ..second.clone() }.upto()), ("k2", "k0"));
}
