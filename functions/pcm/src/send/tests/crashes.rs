//! Processes die at any port call, with or without its effect; answers are lost; tickets come late and twice.
//! Afterwards every report is accepted or parked, exactly once (T19, T20, T51).

use std::collections::BTreeSet;

use ponte_edge::Tick as _;
use proptest::prelude::*;

use super::*;
use crate::Sweeper;
use crate::testing::{placed, received};

/// What goes wrong after so many port calls.
type Crash = (usize, Wrong);

#[derive(Clone, Copy, Debug)]
enum Wrong {
    /// The process dies before the effect of the call.
    Before,
    /// The process dies after it.
    After,
    /// The process lives, the answer to the call is lost.
    AnswerLost,
}

const WRONG: [Wrong; 3] = [Wrong::Before, Wrong::After, Wrong::AnswerLost];

/// Reports by what the platform thinks of them.
fn name(number: usize) -> String {
    let kind = ["good", "good", "good", "mendable", "bad"][number % 5];
    format!("{kind}-{number:03}")
}

fn judge(_: usize, items: &[&str]) -> PlatformAnswer {
    let said = items.iter().map(|item| match () {
        () if item.contains("bad-") => discarded("OrganisationId doesn't exist on Directory: x"),
        () if item.contains("mendable-") && item.contains("statusCode") => {
            discarded("Additional property not allowed: statusCode")
        }
        () => ReportVerdict::Accepted,
    });
    PlatformAnswer::Items(said.collect())
}

/// Where each report is: in the outbox, accepted in the archive, or parked.
fn places(world: &World) -> Vec<BTreeSet<String>> {
    let state = world.memory.state.lock().unwrap();
    let id = |key: &str| key.split_once('#').unwrap().1.split('~').next().unwrap().to_owned();
    let accepted = state.parts.values().flat_map(|part| &part.items).filter(|item| item.discarded.is_none());
    vec![
        state.rows.values().map(|row| id(&row.sort_key)).collect(),
        accepted.map(|item| id(&item.row.sort_key)).collect(),
        state.parked.keys().map(|key| id(key)).collect(),
    ]
}

async fn round(world: &World, sender: &Sender, twice: bool) {
    // Whatever fails here is what a crash looks like from outside.
    let _ = Sweeper::new(world.ports.clone()).tick().await;
    for ticket in world.queue.take() {
        let body = serde_json::to_string(&ticket).unwrap();
        for _ in 0..=usize::from(twice) {
            sender.work(&received(&body, world.clock.now())).await;
        }
    }
}

async fn live_through(reports: usize, crashes: &[Crash], twice: bool) -> Result<(), TestCaseError> {
    let world = world(judge);
    let produced = (0..reports).map(name).collect::<BTreeSet<_>>();
    for one in &produced {
        let (shard, row) = placed(one);
        world.memory.add(shard, row);
    }
    for (calls, wrong) in crashes {
        match wrong {
            Wrong::Before => world.memory.fuse.light(*calls, false),
            Wrong::After => world.memory.fuse.light(*calls, true),
            Wrong::AnswerLost => world.memory.fuse.lose_answer(*calls),
        }
        round(&world, &Sender::new(world.ports.clone()), twice).await;
        world.memory.fuse.replace();
        world.clock.forward(61);
        let seen = places(&world).into_iter().flatten().collect::<BTreeSet<_>>();
        prop_assert_eq!(&seen, &produced, "nothing is lost at any moment");
    }
    for _ in 0..6 {
        world.clock.forward(61);
        round(&world, &Sender::new(world.ports.clone()), twice).await;
    }
    let places = places(&world);
    prop_assert!(places[0].is_empty(), "pending: {:?}", places[0]);
    prop_assert!(places[1].is_disjoint(&places[2]));
    let bad = produced.iter().filter(|name| name.starts_with("bad")).cloned().collect::<BTreeSet<_>>();
    prop_assert_eq!(&places[2], &bad);
    let counts = world.memory.counts();
    prop_assert_eq!((counts.accepted, counts.parked), (places[1].len() as u64, bad.len() as u64));
    prop_assert_eq!(counts.accepted + counts.parked, produced.len() as u64);
    // What was posted and not settled was posted again: at most one batch for each death.
    let posted = world.platform.sizes().iter().sum::<usize>();
    let settled = usize::try_from(counts.sent).unwrap();
    prop_assert!(posted - settled <= crashes.len() * reports, "{posted} posted, {settled} settled");
    let state = world.memory.state.lock().unwrap();
    prop_assert!(state.boards.values().all(|leases| leases.claims.is_empty()));
    Ok(())
}

fn run(test: impl Future<Output = Result<(), TestCaseError>>) -> Result<(), TestCaseError> {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(test)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn t51_t20_every_report_is_accepted_or_parked_once_wherever_processes_die(
        reports in 1_usize..40,
        crashes in prop::collection::vec((0_usize..60, prop::sample::select(&WRONG)), 0..8),
        twice in any::<bool>(),
    ) {
        run(live_through(reports, &crashes, twice))?;
    }
}

#[test]
fn t51_every_single_crash_point_of_a_round() {
    for calls in 0..80 {
        for wrong in WRONG {
            run(live_through(10, &[(calls, wrong)], false)).unwrap();
        }
    }
}
