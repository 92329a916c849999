//! Cost of the worker's step: payments that were accepted, each brought to the core and to its end by the release binary, with every
//! request counted and every item weighed.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::driver::{Function, Launch};
use super::measure::Bench;
use super::meter::micros;
use super::metered_tables::{MeteredTables, Units};
use super::recipe::Call;
use super::{Fault, now, parts, payments, reports};

/// Payments of a run.
const PAYMENTS: u32 = 300;
/// Payments before them, which bring keys and connections.
const WARM: u32 = 20;

/// Cost of a payment, on average of a run.
#[derive(Serialize)]
pub(crate) struct WorkerCost {
    pub(crate) payments: u32,
    /// Requests by their name.
    pub(crate) requests: BTreeMap<String, f64>,
    pub(crate) write_units: f64,
    pub(crate) read_units: f64,
    /// CPU, µs.
    pub(crate) cpu_us: f64,
}

/// Measures a run: one message a payment.
pub(crate) async fn measure(bench: &Bench) -> Result<WorkerCost, Fault> {
    bench.canned.keep(Some(MeteredTables::default()));
    let ids = payments::accepted(&bench.environment, WARM + PAYMENTS, now()).await?;
    let program = bench.binaries.function("payments");
    let log = bench.folder.join("payment-worker.log");
    let _ = std::fs::remove_file(&log);
    let launch = Launch { program: &program, environment: &bench.environment, log: Some(&log) };
    let mut function = Function::start(&launch).await?;
    let (mut before, mut begun) = (0, Units::default());
    for (number, id) in (0..).zip(ids) {
        if number == WARM {
            before = function.cpu_nanos().await?;
            begun = bench.canned.units();
            bench.canned.watch();
        }
        let event = reports::message("PaymentsQueue", &format!(r#"{{"payment":"{id}"}}"#));
        let answer: Value = serde_json::from_slice(&function.invoke(event).await?.body)?;
        if answer["batchItemFailures"].as_array().is_some_and(|failures| !failures.is_empty()) {
            return Err(
                format!("a payment was not brought to its end; the log is in {}", log.display()).into()
            );
        }
    }
    let cpu = function.cpu_nanos().await? - before;
    let units = bench.canned.units();
    let seen = bench.canned.seen();
    bench.canned.keep(None);
    let each = |total: f64| total / f64::from(PAYMENTS);
    let mut requests = BTreeMap::new();
    for call in &seen {
        *requests.entry(name(call)).or_default() += each(1.0);
    }
    Ok(WorkerCost {
        payments: PAYMENTS,
        requests,
        write_units: each(units.write - begun.write),
        read_units: each(units.read - begun.read),
        cpu_us: each(micros(cpu)),
    })
}

fn name(call: &Call) -> String {
    let table = match call {
        Call::Aws { body, .. } => body["TableName"].as_str().unwrap_or_default(),
        Call::Institution { .. } => "at the core",
    };
    format!("{} {table}", parts::name(call)).trim_end().to_owned()
}
