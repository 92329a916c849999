//! What a proof finds: nothing where nothing was done, and else each thing by its name.

use ponte_values::Date;

use super::world::{SHARD, World, day, key, part};
use crate::audit_chain::sealing::SEAL_ROWS;
use crate::audit_chain::{AuditFault, AuditFinding, AuditPart, LoggedSeal, compare};

use AuditFault::{
    BeginningChanged, HeadRemoved, LogDiffers, RowChanged, RowInserted, RowRemoved, SealChanged, SealRemoved,
};

/// A finding as the tests write it: fault, number of the seal, name of the commit.
type Named = (AuditFault, Option<u64>, Option<&'static str>);

const fn seal(fault: AuditFault, number: u64) -> Named {
    (fault, Some(number), None)
}

const fn row(fault: AuditFault, seal: u64, commit: &'static str) -> Named {
    (fault, Some(seal), Some(commit))
}

const fn inserted(commit: &'static str) -> Named {
    (RowInserted, None, Some(commit))
}

fn of_shard(shard: Option<u8>, found: &[Named], findings: &[AuditFinding]) -> bool {
    let same = |(named, finding): (&Named, &AuditFinding)| {
        let commit = finding.row.as_deref().and_then(|key| key.split('#').nth(1));
        (finding.fault, finding.seal, commit) == *named && finding.shard == shard
    };
    found.len() == findings.len() && found.iter().zip(findings).all(same)
}

impl World {
    fn lose_seals(&self, numbers: &[u64]) {
        self.seals.lock().unwrap().retain(|number, _| !numbers.contains(number));
    }

    fn change_row(&self, time: &str, commit: &str) {
        let at = (part(&time[..10]), key(time, commit));
        *self.rows.lock().unwrap().get_mut(&at).unwrap() = "another".to_owned();
    }

    fn lose_row(&self, time: &str, commit: &str) {
        self.rows.lock().unwrap().remove(&(part(&time[..10]), key(time, commit))).unwrap();
    }
}

#[tokio::test]
async fn t48_a_chain_that_nobody_touched_is_proven_day_by_day() {
    let world = World::of_four_days().await;
    // Of a release without this chain; it says nothing of them.
    world.write("2026-02-27T12:00:00Z", "before");
    for (of, seals, sealed, waiting) in [
        ("2026-02-26", 0, 0, 0),
        ("2026-02-27", 0, 0, 1),
        ("2026-02-28", 0, 0, 0),
        ("2026-03-01", 3, 4, 0),
        ("2026-03-02", 1, 1, 0),
        ("2026-03-03", 0, 0, 0),
        ("2026-03-04", 1, 1, 1),
        ("2026-03-05", 0, 0, 0),
    ] {
        let proof = world.proof(of).await;
        assert_eq!((proof.seals, proof.sealed, proof.waiting), (seals, sealed, waiting), "{of}");
        assert!(proof.findings.is_empty() && proof.rest.is_none(), "{of}: {proof:?}");
    }
}

/// What was done, the day that is proven, and what the proof must say of it.
type Case = (&'static str, fn(&World), &'static str, &'static [Named]);

const ROWS: &[Case] = &[
    ("changed", |w| w.change_row("2026-03-01T11:00:00Z", "b"), "2026-03-01", &[row(RowChanged, 1, "b")]),
    ("removed", |w| w.lose_row("2026-03-01T11:00:00Z", "a"), "2026-03-01", &[row(RowRemoved, 1, "a")]),
    (
        "the last of a seal removed",
        |w| w.lose_row("2026-03-01T11:00:00Z", "b"),
        "2026-03-01",
        &[row(RowRemoved, 1, "b")],
    ),
    (
        "inserted between",
        |w| drop(w.write("2026-03-01T11:00:00Z", "aa")),
        "2026-03-01",
        &[row(RowInserted, 1, "aa")],
    ),
    (
        "inserted at the end of a day",
        |w| drop(w.write("2026-03-01T23:00:00Z", "x")),
        "2026-03-01",
        &[inserted("x")],
    ),
    (
        "inserted in a day without rows",
        |w| drop(w.write("2026-03-03T11:00:00Z", "x")),
        "2026-03-03",
        &[inserted("x")],
    ),
];

const SEALS: &[Case] = &[
    (
        "the list shortened",
        |w| drop(w.seals.lock().unwrap().get_mut(&1).unwrap().rows.pop()),
        "2026-03-01",
        &[seal(SealChanged, 1), seal(SealChanged, 2)],
    ),
    (
        "the digest of a row forged",
        |w| w.forge(2, |seal| seal.rows[0].sha256 = "another".to_owned()),
        "2026-03-01",
        &[row(RowChanged, 2, "c"), seal(SealChanged, 3)],
    ),
    (
        "a beginning forged",
        |w| w.forge(2, |seal| seal.after = "2026-03-01T12".to_owned()),
        "2026-03-01",
        &[seal(SealChanged, 2), seal(SealChanged, 3)],
    ),
    (
        "the first of all",
        |w| w.lose_seals(&[1]),
        "2026-03-01",
        &[seal(SealRemoved, 1), seal(BeginningChanged, 1)],
    ),
    ("one between", |w| w.lose_seals(&[2]), "2026-03-01", &[seal(SealRemoved, 2)]),
    ("the last of a day", |w| w.lose_seals(&[3]), "2026-03-01", &[seal(SealRemoved, 3), inserted("d")]),
    ("the last of the day before", |w| w.lose_seals(&[3]), "2026-03-02", &[seal(SealRemoved, 3)]),
    (
        "all of a day",
        |w| w.lose_seals(&[1, 2, 3]),
        "2026-03-01",
        &[
            seal(SealRemoved, 3),
            seal(BeginningChanged, 1),
            inserted("a"),
            inserted("b"),
            inserted("c"),
            inserted("d"),
        ],
    ),
    ("the last of all", |w| w.lose_seals(&[5]), "2026-03-04", &[seal(SealRemoved, 5)]),
    (
        "the last of a day forged",
        |w| w.forge(3, |seal| seal.rows[0].sha256 = "another".to_owned()),
        "2026-03-01",
        &[row(RowChanged, 3, "d"), seal(SealRemoved, 3)],
    ),
    (
        "the last of the day before forged",
        |w| w.forge(3, |seal| seal.rows[0].sha256 = "another".to_owned()),
        "2026-03-02",
        &[seal(SealRemoved, 3)],
    ),
    (
        "the last of all forged",
        |w| w.forge(5, |seal| seal.rows[0].sha256 = "another".to_owned()),
        "2026-03-04",
        &[row(RowChanged, 5, "f"), seal(SealRemoved, 5)],
    ),
    (
        "the first of all hung on something",
        |w| w.forge(1, |seal| seal.before = "x".to_owned()),
        "2026-03-01",
        &[seal(SealRemoved, 0), seal(SealChanged, 2)],
    ),
    (
        "the first of a day beginning later",
        |w| w.forge(4, |seal| seal.after = "2026-03-02T08".to_owned()),
        "2026-03-02",
        &[seal(SealRemoved, 3), seal(SealRemoved, 4)],
    ),
    (
        "the end of the chain",
        |w| drop(w.heads.lock().unwrap().remove(&SHARD)),
        "2026-03-01",
        &[(HeadRemoved, None, None)],
    ),
];

#[tokio::test]
async fn t48_t67_what_was_done_to_a_row_or_a_seal_is_named_and_nothing_else_is() {
    for (what, done, of, found) in [ROWS, SEALS].concat() {
        let world = World::of_four_days().await;
        done(&world);
        let proof = world.proof(of).await;
        assert!(of_shard(Some(SHARD), found, &proof.findings), "{what}: {proof:?}");
    }
}

#[tokio::test]
async fn t48_rows_in_no_shard_are_named_two_days_after_the_chain_began() {
    let world = World::of_four_days().await;
    let outside = |of: Date, name: &str| {
        world.put(AuditPart { day: of, shard: None }, &format!("{of}T12:00:00.000Z#{name}#0"));
    };
    for (of, found) in
        [("2026-03-01", &[][..]), ("2026-03-02", &[inserted("x")]), ("2026-03-05", &[inserted("x")])]
    {
        outside(day(of), "x");
        let proof = world.proof(of).await;
        assert!(of_shard(None, found, &proof.findings), "{of}: {proof:?}");
    }
}

#[tokio::test]
async fn t48_a_proof_without_time_goes_on_later() {
    let world = World::of_four_days().await;
    let now = *world.now.lock().unwrap();
    let first = crate::audit_chain::prove(&world, day("2026-03-01"), None, &world, now).await.unwrap();
    assert_eq!((first.seals, first.sealed), (0, 0));
    let rest = first.rest.expect("all of it is left");
    let second = world.proof_from("2026-03-01", Some(rest)).await;
    assert_eq!((second.seals, second.sealed, second.rest), (3, 4, None));
}

#[tokio::test]
async fn t48_a_proof_that_found_enough_pauses_and_repeats_nothing() {
    let world = World::of_four_days().await;
    for number in 0..300 {
        world.write("2026-03-01T23:00:00Z", &format!("{number:03}"));
    }
    let first = world.proof("2026-03-01").await;
    assert!(first.findings.iter().all(|finding| finding.fault == RowInserted));
    assert_eq!((first.findings.len(), first.seals), (200, 3), "enough are named");
    let second = world.proof_from("2026-03-01", first.rest).await;
    assert_eq!((second.findings.len(), second.seals, second.rest), (0, 0, None));
}

async fn of_a_full_seal() -> World {
    let world = World::at("2026-03-01T12:00:00Z");
    for number in 0..SEAL_ROWS {
        world.write("2026-03-01T11:00:00Z", &format!("{number:05}"));
    }
    assert_eq!(world.sweep().await.seals, 1);
    world
}

#[tokio::test]
async fn t48_the_last_row_of_a_full_seal_is_compared_like_the_first() {
    let world = of_a_full_seal().await;
    world.change_row("2026-03-01T11:00:00Z", "01999");
    let proof = world.proof("2026-03-01").await;
    assert!(of_shard(Some(SHARD), &[row(RowChanged, 1, "01999")], &proof.findings), "{:?}", proof.findings);
}

#[tokio::test]
async fn t48_of_a_flood_of_inserted_rows_enough_are_named_and_no_sealed_one_is_called_removed() {
    let world = of_a_full_seal().await;
    for number in 0..300 {
        world.write("2026-03-01T11:00:00Z", &format!("01998-{number:03}"));
    }
    let proof = world.proof("2026-03-01").await;
    assert!(proof.findings.iter().all(|finding| finding.fault == RowInserted), "{:?}", proof.findings);
    assert_eq!(proof.findings.len(), 201, "as far as the rows were read");
}

#[tokio::test]
async fn t67_the_log_tells_of_a_chain_that_was_written_anew() {
    let logged = |world: &World, number: u64| {
        let seal = world.seals.lock().unwrap()[&number].clone();
        LoggedSeal { shard: SHARD, day: seal.day.to_string(), number, digest: seal.digest }
    };
    let differs = async |world: &World, logged: &LoggedSeal| {
        let found = compare(world, logged, day(&logged.day)).await.unwrap();
        found.map(|finding| (finding.fault, finding.shard, finding.seal))
    };
    let found = Some((LogDiffers, Some(SHARD), Some(2)));
    let world = World::of_four_days().await;
    let second = logged(&world, 2);
    for number in 1..=5 {
        assert_eq!(differs(&world, &logged(&world, number)).await, None, "{number}");
    }
    world.seals.lock().unwrap().get_mut(&2).unwrap().rows.clear();
    assert_eq!(differs(&world, &second).await, found, "the seal does not hold");
    world.forge(2, |_| {});
    assert_eq!(differs(&world, &second).await, found, "it holds, and is another");
    world.lose_seals(&[2]);
    assert_eq!(differs(&world, &second).await, found, "there is none");
    let third = logged(&world, 3);
    assert_eq!(differs(&world, &LoggedSeal { number: 2, ..third }).await, found, "the digest of another");
}
