//! The sweep and the command, over a chain in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use ponte_edge::{Operator as _, Tick as _};
use ponte_kit::clock::ManualClock;
use ponte_ports::PortError;
use ponte_ports::audit::OperatorAction;
use ponte_ports::audit_chain::sealing::MARGIN;
use ponte_ports::audit_chain::{AuditChain, AuditPart, AuditSeal, ChainHead, RowDigest};
use ponte_ports::outbox::SHARDS;
use ponte_values::Moment;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::commands::{Command, ProvenDay};
use crate::{ChainOperator, DailyProof, Sealer};

/// Log lines of a test.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// Keeps what this thread logs until the guard goes.
    fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let sink = self.clone();
        let layer = tracing_subscriber::fmt::layer().json().with_writer(move || sink.clone());
        tracing::subscriber::set_default(tracing_subscriber::registry().with(layer))
    }

    fn read(&self) -> Vec<Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Rows and seals in memory; a shard can be broken.
#[derive(Default)]
struct Memory {
    rows: Mutex<BTreeMap<(AuditPart, String), String>>,
    seals: Mutex<BTreeMap<(AuditPart, u64), AuditSeal>>,
    heads: Mutex<BTreeMap<u8, ChainHead>>,
    broken: Mutex<Option<u8>>,
}

impl Memory {
    fn part(at: Moment, shard: u8) -> AuditPart {
        AuditPart { day: at.date_utc(), shard: Some(shard) }
    }

    fn add(&self, at: Moment, shard: u8, name: &str) -> String {
        let key = format!("{}#{name}#0", at.with_millis());
        self.rows.lock().unwrap().insert((Self::part(at, shard), key.clone()), "as written".to_owned());
        key
    }
}

#[async_trait]
impl AuditChain for Memory {
    async fn rows(
        &self,
        part: AuditPart,
        after: &str,
        until: &str,
        limit: usize,
    ) -> Result<Vec<RowDigest>, PortError> {
        if part.shard.is_some() && part.shard == *self.broken.lock().unwrap() {
            return Err(PortError::new("audit chain", "broken"));
        }
        let rows = self.rows.lock().unwrap();
        let found =
            rows.iter().filter(|((of, key), _)| *of == part && key.as_str() > after && key.as_str() <= until);
        let digest = |((_, key), text): (&(AuditPart, String), &String)| RowDigest {
            key: key.clone(),
            sha256: text.clone(),
        };
        Ok(found.take(limit).map(digest).collect())
    }

    async fn head(&self, shard: u8) -> Result<Option<ChainHead>, PortError> {
        Ok(self.heads.lock().unwrap().get(&shard).cloned())
    }

    async fn append(&self, head: &ChainHead, seal: Option<&AuditSeal>) -> Result<bool, PortError> {
        let mut heads = self.heads.lock().unwrap();
        if heads.get(&head.shard).map_or(0, |head| head.version) + 1 != head.version {
            return Ok(false);
        }
        heads.insert(head.shard, head.clone());
        if let Some(seal) = seal {
            let part = AuditPart { day: seal.day, shard: Some(seal.shard) };
            self.seals.lock().unwrap().insert((part, seal.number), seal.clone());
        }
        Ok(true)
    }

    async fn seal_after(&self, part: AuditPart, number: u64) -> Result<Option<AuditSeal>, PortError> {
        let seals = self.seals.lock().unwrap();
        Ok(seals.range((part, number + 1)..=(part, u64::MAX)).next().map(|(_, seal)| seal.clone()))
    }
}

struct World {
    memory: Arc<Memory>,
    clock: Arc<ManualClock>,
    sealer: Sealer,
    operator: ChainOperator,
}

fn now() -> Moment {
    Moment::parse("2026-03-01T12:00:00Z").unwrap()
}

impl World {
    fn new() -> Self {
        let (memory, clock) = (Arc::<Memory>::default(), Arc::new(ManualClock::at(now())));
        let sealer = Sealer { chain: memory.clone(), clock: clock.clone() };
        let operator = ChainOperator { chain: memory.clone(), clock: clock.clone() };
        Self { memory, clock, sealer, operator }
    }

    async fn send(&self, command: Value) -> Result<Value, String> {
        let command = to_raw_value(&command).unwrap();
        self.operator.run(&command, &OperatorAction::default()).await.map_err(|error| error.to_string())
    }

    async fn proven(&self) -> ProvenDay {
        let answer = self.send(json!({"operator": "audit.prove", "day": "2026-03-01"})).await.unwrap();
        serde_json::from_value(answer).unwrap()
    }
}

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
    let place = (Memory::part(now(), 2), keys[2].clone());
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
async fn t48_t67_the_day_before_is_proven_every_day_and_a_fault_is_told_with_its_row() {
    let world = World::new();
    let key = world.memory.add(now(), 1, "commit");
    world.clock.wait(Duration::from_hours(13));
    world.sealer.tick().await.unwrap();
    let daily = DailyProof { chain: world.memory.clone(), clock: world.clock.clone() };
    let lines = async || {
        let lines = Lines::default();
        let listening = lines.listen();
        daily.tick().await.unwrap();
        drop(listening);
        lines.read()
    };
    let told = lines().await;
    assert!(told.iter().all(|line| line["fields"]["audit_faults"].is_null()), "{told:?}");
    assert_eq!((&told[0]["fields"]["day"], &told[0]["fields"]["rows"]), (&json!("2026-03-01"), &json!(1)));
    world.memory.rows.lock().unwrap().clear();
    let told = lines().await;
    assert_eq!((&told[0]["fields"]["row"], &told[1]["fields"]["audit_faults"]), (&json!(key), &json!(1)));
    *world.clock.step.lock().unwrap() = Duration::from_hours(1);
    assert!(daily.tick().await.is_err(), "a proof without time is none");
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
        (json!({"operator": "audit.erase"}), "not understood: unknown variant `audit.erase`"),
        (json!({"operator": "audit.prove"}), "not understood: missing field `day`"),
        (json!({"operator": "audit.prove", "day": "today"}), "day must be a date"),
    ] {
        let text = world.send(command).await.unwrap_err();
        assert!(text.starts_with(fault), "{text}");
    }
}

#[test]
fn the_command_has_its_event_file() {
    let text = include_str!("../../../events/audit-prove.json");
    let event: Value = serde_json::from_str(text).unwrap();
    let command: Command = serde_json::from_value(event.clone()).unwrap();
    assert_eq!(serde_json::to_value(command).unwrap(), event);
}

#[tokio::test]
async fn t48_t67_rows_that_nobody_sealed_are_no_proven_day() {
    let world = World::new();
    for name in ["first", "second"] {
        world.memory.add(now(), 1, name);
    }
    // The schedule that seals has stopped.
    world.clock.wait(Duration::from_hours(13) + Duration::from_mins(30));
    let daily = DailyProof { chain: world.memory.clone(), clock: world.clock.clone() };
    let lines = Lines::default();
    let listening = lines.listen();
    daily.tick().await.unwrap();
    drop(listening);
    let told = lines.read();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["fields"]["audit_faults"], json!(2), "{told:?}");
}
