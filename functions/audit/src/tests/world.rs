//! A chain in memory, and the function over it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use ponte_edge::{Operator as _, Tick};
use ponte_kit::clock::ManualClock;
use ponte_kit::lines::Lines;
use ponte_ports::PortError;
use ponte_ports::audit::OperatorAction;
use ponte_ports::audit_chain::{Appended, AuditChain, AuditPart, AuditSeal, ChainHead, RowDigest, Standing};
use ponte_values::Moment;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};

use crate::commands::ProvenDay;
use crate::{ChainOperator, NightlyProof, Sealer};

/// Rows and seals in memory; a shard can be broken.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) rows: Mutex<BTreeMap<(AuditPart, String), String>>,
    pub(super) seals: Mutex<BTreeMap<(AuditPart, u64), AuditSeal>>,
    pub(super) heads: Mutex<BTreeMap<u8, ChainHead>>,
    pub(super) broken: Mutex<Option<u8>>,
    pub(super) unreadable_head: Mutex<Option<u8>>,
    pub(super) standing: Mutex<Option<Standing>>,
}

impl Memory {
    pub(super) fn part(at: Moment, shard: u8) -> AuditPart {
        AuditPart { day: at.date_utc(), shard: Some(shard) }
    }

    pub(super) fn add(&self, at: Moment, shard: u8, name: &str) -> String {
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
        if *self.unreadable_head.lock().unwrap() == Some(shard) {
            return Err(PortError::unreadable("audit chain", "no body"));
        }
        Ok(self.heads.lock().unwrap().get(&shard).cloned())
    }

    async fn append(&self, head: &ChainHead, seal: Option<&AuditSeal>) -> Result<Appended, PortError> {
        let mut heads = self.heads.lock().unwrap();
        if heads.get(&head.shard).map_or(0, |head| head.version) + 1 != head.version {
            return Ok(Appended::Refused);
        }
        let mut seals = self.seals.lock().unwrap();
        if let Some(seal) = seal {
            let part = AuditPart { day: seal.day, shard: Some(seal.shard) };
            if seals.contains_key(&(part, seal.number)) {
                return Ok(Appended::Refused);
            }
            seals.insert((part, seal.number), seal.clone());
        }
        heads.insert(head.shard, head.clone());
        Ok(Appended::Done)
    }

    async fn seal_after(&self, part: AuditPart, number: u64) -> Result<Option<AuditSeal>, PortError> {
        let seals = self.seals.lock().unwrap();
        Ok(seals.range((part, number + 1)..=(part, u64::MAX)).next().map(|(_, seal)| seal.clone()))
    }

    async fn standing(&self) -> Result<Option<Standing>, PortError> {
        Ok(self.standing.lock().unwrap().clone())
    }

    async fn stand(&self, standing: &Standing) -> Result<bool, PortError> {
        let mut stored = self.standing.lock().unwrap();
        let next = stored.as_ref().map_or(0, |stored| stored.version) + 1;
        if next == standing.version {
            *stored = Some(standing.clone());
        }
        Ok(next == standing.version)
    }
}

pub(super) struct World {
    pub(super) memory: Arc<Memory>,
    pub(super) clock: Arc<ManualClock>,
    pub(super) sealer: Sealer,
    pub(super) nightly: NightlyProof,
    pub(super) operator: ChainOperator,
}

pub(super) fn now() -> Moment {
    Moment::parse("2026-03-01T12:00:00Z").unwrap()
}

impl World {
    pub(super) fn new() -> Self {
        let (memory, clock) = (Arc::<Memory>::default(), Arc::new(ManualClock::at(now())));
        let sealer = Sealer { chain: memory.clone(), clock: clock.clone() };
        let operator = ChainOperator { chain: memory.clone(), clock: clock.clone() };
        let nightly = NightlyProof { chain: memory.clone(), clock: clock.clone() };
        Self { memory, clock, sealer, nightly, operator }
    }

    pub(super) async fn send(&self, command: Value) -> Result<Value, String> {
        let command = to_raw_value(&command).unwrap();
        self.operator.run(&command, &OperatorAction::default()).await.map_err(|error| error.to_string())
    }

    /// What a tick logs, and whether it held.
    pub(super) async fn told(&self, tick: &impl Tick) -> (Vec<Value>, bool) {
        let lines = Lines::default();
        let listening = lines.listen();
        let held = tick.tick().await.is_ok();
        drop(listening);
        (lines.read(), held)
    }

    pub(super) async fn proven(&self) -> ProvenDay {
        let answer = self.send(json!({"operator": "audit.prove", "day": "2026-03-01"})).await.unwrap();
        serde_json::from_value(answer).unwrap()
    }
}

/// The sum of the faults that lines count.
pub(super) fn faults(lines: &[Value]) -> u64 {
    lines.iter().filter_map(|line| line["fields"]["audit_faults"].as_u64()).sum()
}
