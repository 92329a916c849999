//! T48 against the real store: rows are written as commits write them, sealed, and spoiled by direct writes.

use std::time::Duration;

use ponte_data_consent::ports::Consents as _;
use ponte_kit::clock::ManualClock;
use ponte_kit::contract::audit_chain;
use ponte_kit::examples::{created_as, now};
use ponte_ports::audit_chain::sealing::{MARGIN, SEAL_ROWS, Sealed, seal};
use ponte_ports::audit_chain::{AuditFault, LoggedSeal, Proof, compare, prove};
use ponte_ports::outbox::SHARDS;
use ponte_ports::{CLOCK_DIFFERENCE, Clock as _};
use ponte_values::{ConsentId, Moment};

use super::*;
use crate::testing::{Database, consent_table};

mod floods;

struct World {
    database: Database,
    chain: AuditChainTable,
    clock: ManualClock,
    written: usize,
}

impl World {
    async fn new() -> Self {
        let database = Database::start().await;
        let chain = AuditChainTable::new(&database.dynamo, "audit", "seals");
        Self { database, chain, clock: ManualClock::at(now()), written: 0 }
    }

    /// Commits so many changes whose calls began at `at`, each with its audit row.
    async fn commits(&mut self, count: usize, at: Moment) {
        let table = consent_table(&self.database.dynamo);
        for _ in 0..count {
            self.written += 1;
            let id = ConsentId::parse(&format!("urn:banco:{}", self.written)).unwrap();
            let commit = created_as(id, at).commit(format!("commit-{}", self.written), None);
            table.commit(commit).await.unwrap();
        }
    }

    fn forward(&self, span: Duration) {
        self.clock.wait(span);
    }

    fn until(&self) -> Moment {
        self.clock.now().plus(Duration::from_secs(20))
    }

    /// The sweep of a minute.
    async fn sweep(&self) -> Sealed {
        let mut all = Sealed::default();
        for shard in 0..SHARDS {
            let sealed = seal(&self.chain, shard, &self.clock, self.until()).await.unwrap();
            (all.seals, all.rows) = (all.seals + sealed.seals, all.rows + sealed.rows);
        }
        all
    }

    async fn proven(&self, at: Moment) -> Proof {
        prove(&self.chain, at.date_utc(), None, &self.clock, self.until()).await.unwrap()
    }

    /// Every audit row, by key.
    async fn rows(&self) -> Vec<Item> {
        let mut rows = self.database.items("audit").await;
        rows.sort_by_key(|row| text(row, "sk").map(str::to_owned));
        rows
    }

    async fn put(&self, table: &str, item: Item) {
        self.database.client.put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
    }

    async fn delete(&self, table: &str, of: &Item) {
        let at = key(text(of, "pk").unwrap().to_owned(), text(of, "sk").unwrap());
        self.database.client.delete_item().table_name(table).set_key(Some(at)).send().await.unwrap();
    }
}

/// The faults of a proof with the rows they name.
fn faults(proof: &Proof) -> Vec<(AuditFault, Option<&str>)> {
    proof.findings.iter().map(|finding| (finding.fault, finding.row.as_deref())).collect()
}

/// Forty rows under seals.
async fn sealed() -> World {
    let mut world = World::new().await;
    for millis in 0..40 {
        world.commits(1, now().plus(Duration::from_millis(millis))).await;
    }
    world.forward(MARGIN + Duration::from_secs(1));
    assert_eq!(world.sweep().await.rows, 40);
    world
}

#[tokio::test]
async fn t48_the_tables_keep_the_contract_of_the_chain() {
    let mut world = World::new().await;
    let dynamo = &world.database.dynamo;
    // Commits of one shard, so that their rows lie in one part.
    let part = AuditPart { day: now().date_utc(), shard: Some(2) };
    let of_part = |number: &usize| {
        dynamo.keys.audit(now(), &format!("commit-{number}")) == dynamo.keys.audit_part(part)
    };
    let numbers: Vec<usize> = (1..).filter(of_part).take(3).collect();
    for (millis, number) in numbers.into_iter().enumerate() {
        world.written = number - 1;
        world.commits(1, now().plus(Duration::from_millis(millis as u64))).await;
    }
    let keys: Vec<String> =
        world.rows().await.iter().map(|row| text(row, "sk").unwrap().to_owned()).collect();
    let [first, second, third] = keys.as_slice() else { panic!("three rows: {keys:?}") };
    audit_chain::rows_are_read_by_their_place(&world.chain, part, [first, second, third]).await;
    audit_chain::an_end_moves_on_its_version_with_its_seal(&World::new().await.chain).await;
    audit_chain::the_nights_stand_on_their_version(&World::new().await.chain).await;
}

#[tokio::test]
async fn t48_rows_as_they_were_written_are_proven() {
    let world = sealed().await;
    let proof = world.proven(now()).await;
    assert_eq!((proof.sealed, proof.waiting, proof.rest.as_ref()), (40, 0, None));
    assert!(proof.findings.is_empty() && (1..=u64::from(SHARDS)).contains(&proof.seals), "{proof:?}");
    assert_eq!(world.sweep().await, Sealed::default(), "what is sealed is sealed once");
}

#[tokio::test]
async fn t48_t67_a_row_that_was_changed_removed_or_inserted_is_named() {
    let changed = async |world: &World, row: &Item| {
        let body = text(row, "body").unwrap().replace("consent.created", "consent.revoked");
        world.put("audit", item(row.clone(), [("body", s(body))])).await;
        text(row, "sk").unwrap().to_owned()
    };
    let removed = async |world: &World, row: &Item| {
        world.delete("audit", row).await;
        text(row, "sk").unwrap().to_owned()
    };
    let inserted = async |world: &World, row: &Item| {
        let (time, _) = text(row, "sk").unwrap().split_once('#').unwrap();
        let sk = format!("{time}#forged#0");
        world.put("audit", item(row.clone(), [("sk", s(&sk))])).await;
        sk
    };
    let mut found = Vec::new();
    for number in [0, 17, 39] {
        let world = sealed().await;
        let row = world.rows().await.remove(number);
        let name = changed(&world, &row).await;
        assert_eq!(faults(&world.proven(now()).await), [(AuditFault::RowChanged, Some(name.as_str()))]);
        let world = sealed().await;
        let row = world.rows().await.remove(number);
        let name = removed(&world, &row).await;
        assert_eq!(faults(&world.proven(now()).await), [(AuditFault::RowRemoved, Some(name.as_str()))]);
        let world = sealed().await;
        let row = world.rows().await.remove(number);
        let name = inserted(&world, &row).await;
        let proof = world.proven(now()).await;
        found.push((proof.waiting, faults(&proof) == [(AuditFault::RowInserted, Some(name.as_str()))]));
    }
    // A row behind the last seal of its shard waits for the next one; in front of it, it is named.
    assert!(found.iter().all(|(waiting, named)| (*waiting == 0) == *named), "{found:?}");
    assert!(found.iter().any(|(_, named)| *named));
}

/// What somebody puts behind a key sorts next to it, with nothing in between.
#[tokio::test]
async fn t67_a_row_right_behind_the_last_one_of_a_seal_is_named_and_not_shown() {
    let mut world = sealed().await;
    let later = world.clock.now();
    world.commits(40, later).await;
    world.forward(MARGIN + Duration::from_secs(1));
    world.sweep().await;
    let history = crate::AuditTable::new(&world.database.dynamo, "audit");
    for shard in 0..SHARDS {
        let part = AuditPart { day: now().date_utc(), shard: Some(shard) };
        let mut number = 0;
        while let Some(seal) = world.chain.seal_after(part, number).await.unwrap() {
            number = seal.number;
            let rows = world.rows().await;
            let last = rows.iter().find(|row| text(row, "sk") == Some(seal.upto())).unwrap();
            let subject = text(last, "subjectpk").unwrap().rsplit_once('#').unwrap().1.to_owned();
            for behind in ["\u{0}", "\u{0}x", "\u{1}", "\u{0}0"] {
                let sk = format!("{}{behind}", seal.upto());
                let forged = item(last.clone(), [("sk", s(&sk))]);
                world.put("audit", forged.clone()).await;
                let proof = world.proven(now()).await;
                // Behind the last seal of a day that goes on it waits to be sealed, like every row.
                let named = faults(&proof) == [(AuditFault::RowInserted, Some(sk.as_str()))];
                assert_eq!((named, proof.waiting), (number == 1, u64::from(number == 2)), "{sk:?} {proof:?}");
                let page = ponte_ports::History::of(&history, &subject, None, 10).await.unwrap();
                assert_eq!(page.entries.len(), 1, "{sk:?}");
                world.delete("audit", &forged).await;
            }
        }
        assert_eq!(number, 2, "forty rows twice are in every shard");
    }
}

#[tokio::test]
async fn t67_every_sort_key_of_a_part_is_read_and_the_one_to_go_on_behind_is_not() {
    let world = World::new().await;
    let part = AuditPart { day: now().date_utc(), shard: Some(1) };
    let keys = ["\u{0}", "\u{0}\u{0}", "\u{1}", "2", "2\u{0}", "2\u{0}x", "3"];
    for sk in keys {
        let at = key(world.database.dynamo.keys.audit_part(part), sk);
        world.put("audit", item(at, [("body", s("{}"))])).await;
    }
    let read = async |after: &str, until: &str, limit: usize| {
        let rows = world.chain.rows(part, after, until, limit).await.unwrap();
        rows.into_iter().map(|row| row.key).collect::<Vec<_>>()
    };
    assert_eq!(read("", "~", 10).await, keys);
    assert_eq!(read("", "2", 2).await, keys[..2]);
    assert_eq!(read("2", "3", 10).await, keys[4..]);
    assert_eq!(read("2", "3", 2).await, keys[4..6]);
    assert_eq!(read("2", "2", 2).await, [""; 0]);
    assert_eq!(read("1", "2\u{0}", 2).await, keys[3..5]);
    assert_eq!(read("3", "2", 2).await, [""; 0]);
}

#[tokio::test]
async fn t67_what_is_no_readable_seal_is_named_and_the_proof_goes_on() {
    let world = sealed().await;
    let mut seals = world.database.items("seals").await;
    seals.retain(|seal| seal.contains_key("rows"));
    assert_eq!(seals.len(), usize::from(SHARDS));
    let changed = |proof: &Proof, shard: &str| {
        let shard = shard.rsplit_once('#').unwrap().1.parse().ok();
        let of_it = proof.findings.iter().filter(|found| found.shard == shard);
        of_it.filter(|found| found.fault == AuditFault::SealChanged).count()
    };
    for seal in seals {
        let pk = text(&seal, "pk").unwrap().to_owned();
        let day_before = text(&seal, "body").unwrap().replacen('{', r#"{"beforeDay":"yesterday","#, 1);
        for body in ["", "{", "[]", "{}", day_before.as_str()] {
            world.put("seals", item(seal.clone(), [("body", s(body))])).await;
            let proof = world.proven(now()).await;
            assert_eq!((changed(&proof, &pk), proof.rest.as_ref()), (1, None), "{body}: {proof:?}");
            assert_eq!(proof.seals, u64::from(SHARDS), "the other shards are proven");
        }
        world.put("seals", seal.clone()).await;
        // A place that is no number of a seal, in front of every other and behind.
        for sk in ["00000000000x", "5", "+00000000002", "18446744073709551615", "9999999999999", "zzz"] {
            let laid = item(seal.clone(), [("sk", s(sk))]);
            world.put("seals", laid.clone()).await;
            let proof = world.proven(now()).await;
            // What sorts in front of the first number is where nothing is looked for.
            let seen = usize::from(sk != "+00000000002");
            assert_eq!((changed(&proof, &pk), proof.rest.as_ref()), (seen, None), "{sk}: {proof:?}");
            world.delete("seals", &laid).await;
        }
    }
    assert!(world.proven(now()).await.findings.is_empty(), "as they were");
}

#[tokio::test]
async fn t67_an_end_that_cannot_be_read_is_named_and_is_no_missing_one() {
    let world = sealed().await;
    let pk = world.database.dynamo.keys.audit_heads();
    let head = world.database.dynamo.get(WHAT, "seals", pk, "1").await.unwrap().unwrap();
    let since = text(&head, "body").unwrap().replace(r#""since":""#, r#""since":"on "#);
    for body in ["", "{", "{}", since.as_str()] {
        world.put("seals", item(head.clone(), [("body", s(body))])).await;
        assert!(world.chain.head(1).await.is_err_and(|error| error.is_unreadable()), "{body}");
        let proof = world.proven(now()).await;
        assert_eq!(faults(&proof), [(AuditFault::HeadRemoved, None)], "{body}");
        assert!(seal(&world.chain, 1, &world.clock, world.until()).await.is_err(), "it begins no chain");
    }
}

#[tokio::test]
async fn t48_a_row_that_comes_into_a_closed_day_is_named() {
    let world = sealed().await;
    world.forward(Duration::from_hours(24));
    world.sweep().await;
    let row = world.rows().await.remove(5);
    let late = "2026-03-01T23:59:59.999Z#forged#0";
    world.put("audit", item(row.clone(), [("sk", s(late))])).await;
    assert_eq!(faults(&world.proven(now()).await), [(AuditFault::RowInserted, Some(late))]);
}

#[tokio::test]
async fn t48_rows_without_a_shard_are_named_once_every_release_has_shards() {
    let mut world = sealed().await;
    let third = now().plus(Duration::from_hours(72));
    world.forward(Duration::from_hours(72));
    world.commits(1, third).await;
    world.forward(MARGIN + Duration::from_secs(1));
    world.sweep().await;
    assert!(world.proven(third).await.findings.is_empty());
    let row = world.rows().await.pop().unwrap();
    let forged = format!("{}#forged#0", third.with_millis());
    world.put("audit", item(row.clone(), [("pk", s("I#banco#AUD#2026-03-04")), ("sk", s(&forged))])).await;
    assert_eq!(faults(&world.proven(third).await), [(AuditFault::RowInserted, Some(forged.as_str()))]);
    // Where no commit writes at all, the history does not look either.
    world.put("audit", item(row, [("pk", s("I#banco#AUD#elsewhere")), ("sk", s(&forged))])).await;
    let history = crate::AuditTable::new(&world.database.dynamo, "audit");
    let page = ponte_ports::History::of(&history, "urn:banco:41", None, 10).await.unwrap();
    assert_eq!(page.entries.len(), 2, "the row, and the forged one where an older release would have put it");
}

#[tokio::test]
async fn t48_a_seal_that_was_changed_or_removed_is_named() {
    let mut world = World::new().await;
    for minute in 0..4_u64 {
        world.commits(20, now().plus(Duration::from_mins(minute))).await;
        world.forward(Duration::from_mins(1));
    }
    for _ in 0..8 {
        world.sweep().await;
        world.forward(Duration::from_mins(1));
    }
    world.forward(Duration::from_hours(24));
    world.sweep().await;
    assert!(world.proven(now()).await.findings.is_empty());
    let mut seals = world.database.items("seals").await;
    seals.retain(|seal| seal.contains_key("rows"));
    assert!(seals.len() >= 8, "several in every shard");
    for seal in seals {
        let (day, number) = (now().date_utc(), text(&seal, "sk").unwrap().parse::<u64>().unwrap());
        let shard = text(&seal, "pk").unwrap().rsplit_once('#').unwrap().1.parse().unwrap();
        world.delete("seals", &seal).await;
        let proof = world.proven(now()).await;
        let expected = |fault, number| {
            proof
                .findings
                .iter()
                .any(|found| (found.fault, found.shard, found.seal) == (fault, Some(shard), Some(number)))
        };
        assert!(expected(AuditFault::SealRemoved, number), "{shard} {number}: {proof:?}");
        // A forger who leaves a row out of the list, with a digest that fits, is found by the seal behind.
        let mut forged = seal_of(day, shard, &seal);
        forged.rows.remove(0);
        forged.digest = forged.computed();
        world.put("seals", world.chain.seal_item(&forged, "forger").unwrap()).await;
        assert!(!world.proven(now()).await.findings.is_empty(), "{shard} {number}");
        world.put("seals", seal).await;
    }
    assert!(world.proven(now()).await.findings.is_empty(), "as they were");
}

#[tokio::test]
async fn t48_a_row_that_arrives_late_by_a_slow_clock_or_call_is_sealed_like_the_others() {
    let mut world = World::new().await;
    world.commits(10, now()).await;
    for second in (0..600_u64).step_by(30) {
        world.sweep().await;
        // Its call began so long ago, by a clock that goes that far slow, and commits only now.
        let late = world.clock.now().minus(CLOCK_DIFFERENCE + Duration::from_secs(28));
        world.commits(1, late).await;
        // The clock of another goes a minute fast.
        world.commits(1, world.clock.now().plus(Duration::from_mins(1))).await;
        world.forward(Duration::from_secs(30));
        assert!(world.proven(now()).await.findings.is_empty(), "{second}");
    }
    world.forward(MARGIN * 2);
    world.sweep().await;
    let proof = world.proven(now()).await;
    assert_eq!((proof.sealed, proof.waiting, proof.findings.len()), (50, 0, 0));
}

#[tokio::test]
async fn t48_the_chain_runs_over_midnight_and_over_days_without_rows() {
    let mut world = World::new().await;
    let evening = Moment::parse("2026-03-01T23:59:58.000Z").unwrap();
    world.forward(evening.since(now()));
    for second in 0..6 {
        world.commits(4, evening.plus(Duration::from_secs(second))).await;
    }
    world.forward(MARGIN * 2);
    assert_eq!(world.sweep().await.rows, 24);
    world.forward(Duration::from_hours(24 * 30));
    let later = world.clock.now();
    world.commits(8, later).await;
    world.forward(MARGIN + Duration::from_secs(1));
    assert_eq!(world.sweep().await.rows, 8);
    for (day, rows) in [(evening, 8), (evening.plus(Duration::from_secs(4)), 16), (later, 8)] {
        let proof = world.proven(day).await;
        assert_eq!((proof.sealed, proof.findings.len()), (rows, 0), "{day}: {proof:?}");
    }
}

#[tokio::test]
async fn t48_one_of_two_sweeps_at_once_writes_each_seal() {
    let mut world = World::new().await;
    world.commits(60, now()).await;
    world.forward(MARGIN * 2);
    let (one, other) = tokio::join!(world.sweep(), world.sweep());
    assert_eq!(one.rows + other.rows, 60);
    assert!(world.proven(now()).await.findings.is_empty());
}

#[tokio::test]
async fn t48_a_proof_goes_on_where_it_ended() {
    let world = sealed().await;
    let day = now().date_utc();
    let out_of_time = world.clock.now();
    let first = prove(&world.chain, day, None, &world.clock, out_of_time).await.unwrap();
    assert_eq!((first.sealed, first.rest.is_some()), (0, true));
    let rest = serde_json::to_string(&first.rest).unwrap();
    let from = serde_json::from_str(&rest).unwrap();
    let second = prove(&world.chain, day, from, &world.clock, world.until()).await.unwrap();
    assert_eq!((second.sealed, second.rest), (40, None));
}

/// Rows that a sweep finds after a busy minute, without the commits that nothing here asks about.
#[tokio::test]
async fn t67_no_commit_writes_over_an_audit_row() {
    let database = Database::start().await;
    let table = consent_table(&database.dynamo);
    let id = |name: &str| ConsentId::parse(name).unwrap();
    table.commit(created_as(id("urn:banco:1"), now()).commit("same".to_owned(), None)).await.unwrap();
    let before = database.items("audit").await;
    let second = created_as(id("urn:banco:2"), now()).commit("same".to_owned(), None);
    let _: Result<(), ponte_ports::CommitFault> = table.commit(second).await;
    assert_eq!(database.items("audit").await, before, "a row of that key is there");
}

#[tokio::test]
async fn t67_a_seal_that_lies_where_the_next_one_goes_stops_the_sweep_with_an_error() {
    let mut world = sealed().await;
    let mut seals = world.database.items("seals").await;
    seals.retain(|seal| seal.contains_key("rows") && text(seal, "sk") == Some("000000000001"));
    for seal in seals {
        world.put("seals", item(seal, [("sk", s("000000000002"))])).await;
    }
    let later = world.clock.now();
    world.commits(20, later).await;
    world.forward(MARGIN + Duration::from_secs(1));
    let mut stopped = 0;
    for shard in 0..SHARDS {
        stopped += u8::from(seal(&world.chain, shard, &world.clock, world.until()).await.is_err());
    }
    assert_eq!(stopped, SHARDS, "twenty rows are in every shard");
}

#[tokio::test]
async fn t67_without_its_ends_a_day_is_not_proven_even_if_nothing_of_it_is_left() {
    let world = sealed().await;
    for (table, item) in [("audit", world.rows().await), ("seals", world.database.items("seals").await)]
        .into_iter()
        .flat_map(|(table, items)| items.into_iter().map(move |item| (table, item)))
    {
        world.delete(table, &item).await;
    }
    let proof = world.proven(now()).await;
    assert_eq!(faults(&proof), vec![(AuditFault::HeadRemoved, None); usize::from(SHARDS)]);
}

#[tokio::test]
async fn t67_where_the_nights_stand_is_read_back_as_it_was_noted_and_by_one_run_alone() {
    let world = sealed().await;
    let day = now().date_utc();
    assert_eq!(world.chain.standing().await.unwrap(), None);
    let first = Standing::beginning(day.plus_days(1), day.plus_days(-90));
    let out_of_time = prove(&world.chain, day, None, &world.clock, world.clock.now()).await.unwrap();
    let interrupted = first.after(day, out_of_time.rest);
    assert!(interrupted.place.is_some());
    assert!(world.chain.stand(&interrupted).await.unwrap());
    assert_eq!(world.chain.standing().await.unwrap().as_ref(), Some(&interrupted));
    assert!(!world.chain.stand(&interrupted).await.unwrap(), "another run noted that");
    let done = Standing { day: None, ..interrupted.after(day, None) };
    assert!(world.chain.stand(&done).await.unwrap());
    assert_eq!(world.chain.standing().await.unwrap(), Some(done));
    assert!(world.proven(now()).await.findings.is_empty(), "it is no end of a chain");
}

#[tokio::test]
async fn t67_a_seal_of_the_log_agrees_with_the_stored_one_alone() {
    let world = sealed().await;
    let head = world.chain.head(1).await.unwrap().unwrap();
    let day = head.sealed_day.unwrap();
    let logged = LoggedSeal { shard: 1, day: day.to_string(), number: head.number, digest: head.digest };
    assert_eq!(compare(&world.chain, &logged, day).await.unwrap(), None);
    for other in [
        LoggedSeal { number: 2, ..logged.clone() },
        LoggedSeal { shard: 2, ..logged.clone() },
        LoggedSeal { digest: "ab".to_owned(), ..logged.clone() },
    ] {
        let found = compare(&world.chain, &other, day).await.unwrap().unwrap();
        assert_eq!((found.fault, found.seal), (AuditFault::LogDiffers, Some(other.number)));
    }
}

/// What a broken list of a seal is: no list.
#[test]
fn a_seal_with_an_unreadable_list_is_read_and_does_not_hold() {
    let at = key("I#banco#SEAL#2026-03-01#0".to_owned(), "000000000001");
    let stored =
        StoredSeal { before: String::new(), before_day: None, after: String::new(), digest: "d".to_owned() };
    let rows = AttributeValue::B(Blob::new("no list"));
    let item = item(at, [("body", body(WHAT, &stored).unwrap()), ("rows", rows)]);
    let seal = seal_of(now().date_utc(), 0, &item);
    assert!(seal.rows.is_empty() && seal.computed() != seal.digest);
}
