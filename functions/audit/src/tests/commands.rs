//! The sweep and the commands.

use std::time::Duration;

use ponte_edge::{Operator as _, Tick as _};
use ponte_kit::audit_chain::ChainInMemory;
use ponte_kit::port_failures::is_of_a_port;
use ponte_ports::Clock as _;
use ponte_ports::audit::OperatorAction;
use ponte_ports::audit_chain::sealing::MARGIN;
use ponte_ports::outbox::SHARDS;
use serde_json::{Value, json};

use super::world::{World, faults, now};
use crate::commands::{Command, Compared, ProvenDay};

#[tokio::test]
async fn t48_the_minute_seals_every_shard_and_the_command_names_what_was_done_to_a_row() {
    let world = World::new();
    let keys = (0..SHARDS).map(|shard| world.memory.add(now(), shard, "commit")).collect::<Vec<_>>();
    world.sealer.tick().await.unwrap();
    let early = world.proven().await.proof;
    assert_eq!((early.sealed, early.waiting), (0, u64::from(SHARDS)), "too young to be sealed");
    world.clock.wait(MARGIN + Duration::from_secs(1));
    world.sealer.tick().await.unwrap();
    let proof = world.proven().await.proof;
    assert_eq!((proof.sealed, proof.seals, proof.findings.len()), (4, 4, 0));
    let place = (ChainInMemory::part(now(), 2), keys[2].clone());
    world.memory.rows.lock().unwrap().insert(place.clone(), "another".to_owned());
    let answer = world.send(json!({"operator": "audit.prove", "day": "2026-03-01"})).await.unwrap();
    let finding = json!({"fault": "ROW_CHANGED", "shard": 2, "seal": 1, "row": keys[2]});
    assert_eq!(answer["findings"], json!([finding]));
    world.memory.rows.lock().unwrap().remove(&place);
    assert_eq!(world.proven().await.proof.findings[0].row.as_deref(), Some(keys[2].as_str()));
}

#[tokio::test]
async fn t48_a_shard_that_fails_does_not_hold_up_the_others() {
    let world = World::new();
    for shard in 0..SHARDS {
        world.memory.add(now(), shard, "commit");
    }
    *world.memory.broken.lock().unwrap() = Some(1);
    world.clock.wait(MARGIN + Duration::from_secs(1));
    assert!(world.sealer.tick().await.is_err());
    assert_eq!(world.memory.seals.lock().unwrap().len(), 3);
    *world.memory.broken.lock().unwrap() = None;
    world.sealer.tick().await.unwrap();
    assert_eq!(world.memory.seals.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn t48_a_proof_that_runs_out_of_time_hands_on_the_rest() {
    let world = World::new();
    for shard in 0..SHARDS {
        world.memory.add(now(), shard, "commit");
    }
    world.clock.wait(MARGIN + Duration::from_secs(1));
    world.sealer.tick().await.unwrap();
    *world.clock.step.lock().unwrap() = Duration::from_secs(5);
    let (mut command, mut sealed, mut answers) =
        (json!({"operator": "audit.prove", "day": now().date_utc().to_string()}), 0, 0);
    loop {
        let day: ProvenDay = serde_json::from_value(world.send(command.clone()).await.unwrap()).unwrap();
        (sealed, answers) = (sealed + day.proof.sealed, answers + 1);
        let Some(rest) = day.proof.rest else { break };
        command["continue"] = serde_json::to_value(rest).unwrap();
    }
    assert_eq!(sealed, 4);
    assert!(answers > 1);
}

#[tokio::test]
async fn what_is_no_command_is_named() {
    let world = World::new();
    for (command, fault) in [
        (json!({"operator": "audit.erase"}), "not understood: there is no such command"),
        (json!({"operator": "audit.prove"}), "not understood: missing field `day`"),
        (json!({"operator": "audit.prove", "day": "today"}), "day must be a date"),
    ] {
        let text = world.send(command).await.unwrap_err();
        assert!(text.starts_with(fault), "{text}");
    }
}

#[test]
fn the_command_has_its_event_file() {
    let text = include_str!("../../../../events/audit-prove.json");
    let event: Value = serde_json::from_str(text).unwrap();
    let command: Command = serde_json::from_value(event.clone()).unwrap();
    assert_eq!(serde_json::to_value(command).unwrap(), event);
}

#[tokio::test]
async fn t67_a_sweep_that_may_not_go_on_with_the_chain_raises_the_alarm_every_time() {
    let world = World::new();
    world.memory.add(now(), 1, "first");
    world.clock.wait(MARGIN + Duration::from_secs(1));
    let (begins, held) = world.told(&world.sealer).await;
    assert!(held);
    assert_eq!(faults(&begins), u64::from(SHARDS), "each chain begins once: {begins:?}");
    assert_eq!(world.told(&world.sealer).await, (Vec::new(), true));

    // Somebody lays a seal where the next one goes.
    let part = ChainInMemory::part(now(), 1);
    let mut laid = world.memory.seals.lock().unwrap()[&(part, 1)].clone();
    laid.number = 2;
    world.memory.seals.lock().unwrap().insert((part, 2), laid);
    world.memory.add(world.clock.now(), 1, "second");
    world.clock.wait(MARGIN + Duration::from_secs(1));
    for _ in 0..2 {
        let (told, held) = world.told(&world.sealer).await;
        assert!(!held && faults(&told) == 1, "{told:?}");
        assert_eq!((&told[0]["fields"]["shard"], &told[0]["fields"]["number"]), (&json!(1), &json!(2)));
    }
    world.memory.seals.lock().unwrap().remove(&(part, 2));
    assert_eq!(faults(&world.told(&world.sealer).await.0), 0);

    // Or moves the end of the chain to where no sweep comes for years.
    world.memory.heads.lock().unwrap().get_mut(&1).unwrap().day = now().date_utc().plus_days(400);
    let (told, held) = world.told(&world.sealer).await;
    assert!(!held && faults(&told) == 1, "{told:?}");

    // Or takes it away: the chain begins again, and says so.
    world.memory.heads.lock().unwrap().remove(&1);
    let (told, _) = world.told(&world.sealer).await;
    assert!(
        faults(&told) >= 1 && told[0]["fields"]["message"] == "a chain of audit seals begins",
        "{told:?}"
    );
}

#[tokio::test]
async fn t67_an_end_of_the_chain_that_is_missing_is_no_empty_day() {
    let world = World::new();
    world.clock.wait(MARGIN + Duration::from_secs(1));
    world.sealer.tick().await.unwrap();
    assert!(world.proven().await.proof.findings.is_empty(), "an empty day");
    world.memory.heads.lock().unwrap().remove(&2);
    let answer = world.send(json!({"operator": "audit.prove", "day": "2026-03-01"})).await.unwrap();
    assert_eq!(answer["findings"], json!([{"fault": "HEAD_REMOVED", "shard": 2}]));
}

#[tokio::test]
async fn t67_a_chain_that_was_written_anew_holds_and_disagrees_with_the_log() {
    let world = World::new();
    let keys = (0..SHARDS).map(|shard| world.memory.add(now(), shard, "commit")).collect::<Vec<_>>();
    world.clock.wait(Duration::from_hours(13) + Duration::from_mins(30));
    let (sealed, _) = world.told(&world.sealer).await;
    let (night, _) = world.told(&world.nightly).await;
    let logged = |lines: &[Value], message: &str| {
        let of_it = lines.iter().map(|line| &line["fields"]).filter(|fields| fields["message"] == message);
        let seal = |fields: &Value| json!({"shard": fields["shard"], "day": fields["day"], "number": fields["number"], "digest": fields["digest"]});
        of_it.map(seal).collect::<Vec<_>>()
    };
    let (each, ends) = (logged(&sealed, "audit rows sealed"), logged(&night, "end of the audit seals"));
    assert_eq!((each.len(), ends.len()), (4, 4), "{night:?}");
    let compared = async |seals: &[Value]| {
        let answer = world.send(json!({"operator": "audit.compare", "seals": seals})).await.unwrap();
        serde_json::from_value::<Compared>(answer).unwrap()
    };
    assert_eq!(compared(&ends).await, Compared { compared: 4, findings: Vec::new() });
    assert_eq!(compared(&each).await.findings, Vec::new());

    // An insider who writes both tables: another row, and every seal made again.
    let place = (ChainInMemory::part(now(), 2), keys[2].clone());
    world.memory.rows.lock().unwrap().insert(place, "another".to_owned());
    world.memory.seals.lock().unwrap().clear();
    world.memory.heads.lock().unwrap().clear();
    world.sealer.tick().await.unwrap();
    assert!(world.proven().await.proof.findings.is_empty(), "the chain holds");
    for logged in [&ends, &each] {
        let found = compared(logged).await.findings;
        assert_eq!(
            serde_json::to_value(found).unwrap(),
            json!([{"fault": "LOG_DIFFERS", "shard": 2, "seal": 1}])
        );
    }
    // What is gone differs too, and a day without seals is none.
    world.memory.seals.lock().unwrap().retain(|(part, _), _| part.shard != Some(3));
    assert_eq!(compared(&ends).await.findings.len(), 2);
}

#[tokio::test]
async fn a_comparison_has_its_event_file_and_its_bounds() {
    let text = include_str!("../../../../events/audit-compare.json");
    let event: Value = serde_json::from_str(text).unwrap();
    let command: Command = serde_json::from_value(event.clone()).unwrap();
    assert_eq!(serde_json::to_value(command).unwrap(), event);
    let world = World::new();
    let seal = json!({"shard": 2, "day": "2026-06-14", "number": 17, "digest": "ab"});
    for (seals, fault) in [
        (vec![seal.clone(); 201], "seals: 200 at most"),
        (vec![json!({"shard": 2, "day": "today", "number": 17, "digest": "ab"})], "day must be a date"),
    ] {
        let text = world.send(json!({"operator": "audit.compare", "seals": seals})).await.unwrap_err();
        assert!(text.starts_with(fault), "{text}");
    }
    assert_eq!(
        world.send(json!({"operator": "audit.compare", "seals": [seal]})).await.unwrap()["compared"],
        1
    );
}

#[tokio::test]
async fn t23_a_store_that_fails_is_told_from_a_refusal_so_that_the_queue_tries_again() {
    let world = World::new();
    *world.memory.broken.lock().unwrap() = Some(1);
    for (day, tried_again) in [("2026-03-01", true), ("yesterday", false)] {
        let command = json!({"operator": "audit.prove", "day": day});
        let command = serde_json::value::to_raw_value(&command).unwrap();
        let error = world.operator.run(&command, &OperatorAction::default()).await.unwrap_err();
        assert_eq!(is_of_a_port(error.as_ref()), tried_again, "{error}");
    }
}

#[test]
fn t47_a_command_whose_day_is_none_is_none_that_a_queue_records() {
    let operator = World::new().operator;
    let kind = |command: Value| operator.kind(&serde_json::value::to_raw_value(&command).unwrap());
    for (day, known) in [("2026-03-01", true), ("2026-03-1", false), ("Ana, 123.456.789-09", false)] {
        let seal = json!({"shard": 0, "day": day, "number": 1, "digest": "0".repeat(64)});
        assert_eq!(kind(json!({"operator": "audit.prove", "day": day})).is_some(), known, "{day}");
        assert_eq!(kind(json!({"operator": "audit.compare", "seals": [seal]})).is_some(), known, "{day}");
    }
}
