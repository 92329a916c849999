//! The function over a chain in memory.

use std::sync::Arc;

use ponte_edge::{Operator as _, Tick};
use ponte_kit::audit_chain::ChainInMemory;
use ponte_kit::clock::ManualClock;
use ponte_kit::lines::Lines;
use ponte_ports::audit::OperatorAction;
use ponte_values::Moment;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};

use crate::commands::ProvenDay;
use crate::{ChainOperator, NightlyProof, Sealer};

pub(super) struct World {
    pub(super) memory: Arc<ChainInMemory>,
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
        let (memory, clock) = (Arc::<ChainInMemory>::default(), Arc::new(ManualClock::at(now())));
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
